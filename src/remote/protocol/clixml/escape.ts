/** `_xHHHH_` escapes of CLIXML (MS-PSRP 2.2.5.3.2) and the XML entities around them. */

// Control characters, surrogates (even paired), what XML forbids, and an underscore that could be taken for the start of an escape.
const mustEscape = /[\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]|_(?=[xX])/g;
const hex = (unit: number): string => unit.toString(16).toUpperCase().padStart(4, '0');

/** Escapes a string for CLIXML; XML's own characters are left to `escapeXml`. */
export function escapeText(text: string): string {
  return text.replace(mustEscape, (unit) => `_x${hex(unit.charCodeAt(0))}_`);
}

/** Undoes `escapeText`: left to right, once; anything that is no complete escape stays as it is. */
export function unescapeText(text: string): string {
  if (!text.includes('_')) return text;
  return text.replace(escape, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

const escape = /_[xX]([0-9a-fA-F]{4})_/g;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes element text for XML. */
export function escapeXml(text: string): string {
  return /[&<>]/.test(text) ? text.replace(/[&<>]/g, (char) => entities[char] ?? char) : text;
}

/** Escapes an attribute value (written in double quotes) for XML. */
export function escapeXmlAttribute(text: string): string {
  return /[&<>"]/.test(text) ? text.replace(/[&<>"]/g, (char) => entities[char] ?? char) : text;
}

const named: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null), {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
});

/** Replaces XML's entities, character references and line ends; undefined if an entity is unknown or not closed. */
export function unescapeXml(text: string): string | undefined {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  if (!lines.includes('&')) return lines;
  let plain = '';
  let at = 0;
  for (let next = lines.indexOf('&'); next >= 0; next = lines.indexOf('&', at)) {
    // No reference is longer than `&#x10FFFF;` with some leading zeros.
    const end = lines.indexOf(';', next);
    const char = end < 0 || end - next > 12 ? undefined : entityChar(lines.slice(next + 1, end));
    if (char === undefined) return undefined;
    plain += lines.slice(at, next) + char;
    at = end + 1;
  }
  return plain + lines.slice(at);
}

function entityChar(name: string): string | undefined {
  const known = named[name];
  if (known !== undefined) return known;
  const match = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name);
  if (match === null) return undefined;
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
