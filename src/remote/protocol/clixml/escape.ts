/** `_xHHHH_` escapes of CLIXML (MS-PSRP 2.2.5.3.2) and the XML entities around them. */

// Control characters, surrogates (even paired), and an underscore that could be taken for the start of an escape.
const mustEscape = /[\u0000-\u001f\u007f-\u009f\ud800-\udfff]|_(?=[xX])/g;
const hex = (unit: number): string => unit.toString(16).toUpperCase().padStart(4, '0');

/** Escapes a string for CLIXML; XML's own characters are left to `escapeXml`. */
export function escapeText(text: string): string {
  return text.replace(mustEscape, (unit) => `_x${hex(unit.charCodeAt(0))}_`);
}

/** Undoes `escapeText`: left to right, once; anything that is no complete escape stays as it is. */
export function unescapeText(text: string): string {
  if (!text.includes('_x') && !text.includes('_X')) return text;
  return text.replace(/_[xX]([0-9a-fA-F]{4})_/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes element text for XML. */
export function escapeXml(text: string): string {
  return /[&<>]/.test(text) ? text.replace(/[&<>]/g, (char) => entities[char] ?? char) : text;
}

/** Escapes an attribute value (written in double quotes) for XML. */
export function escapeXmlAttribute(text: string): string {
  return /[&<>"]/.test(text) ? text.replace(/[&<>"]/g, (char) => entities[char] ?? char) : text;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Replaces XML's entities and character references; undefined if one is unknown or not closed. */
export function unescapeXml(text: string): string | undefined {
  if (!text.includes('&')) return text;
  let known = true;
  const plain = text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));|&/g,
    (_, hexDigits, digits, name) => {
      const code = hexDigits ? Number.parseInt(hexDigits, 16) : digits ? Number(digits) : -1;
      const result =
        name === undefined ? (code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined) : named[name];
      if (result === undefined) known = false;
      return result ?? '';
    },
  );
  return known ? plain : undefined;
}
