const replacements: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes text for element content or an attribute value in double quotes; characters that XML cannot hold become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/gu, (char) => replacements[char] ?? char);
}

/** Milliseconds as xs:duration in seconds, e.g. `PT20.000S`. */
export function formatDuration(ms: number): string {
  return `PT${(ms / 1000).toFixed(3)}S`;
}

/** Milliseconds of an xs:duration with days and smaller units; undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/u.exec(text.trim());
  if (!match || match[0].length < 3) return undefined;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
}

/** Bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

/** Bytes from base64; blanks and line breaks in it are passed over. */
export function fromBase64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
