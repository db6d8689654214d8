/** `_xHHHH_` escapes of CLIXML (MS-PSRP 2.2.5.3.2) and the XML entities around them. */

const underscore = 0x5f;

/** The value of a hexadecimal digit by its code; 255 for all else. */
const hexValues = new Uint8Array(128).fill(255);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  hexValues[digit.charCodeAt(0)] = value;
  hexValues[digit.toUpperCase().charCodeAt(0)] = value;
}

/** The code unit that an escape at this place stands for; -1 if there is no complete one. */
function unitAt(text: string, at: number): number {
  // `x` and `X` differ in one bit.
  if ((text.charCodeAt(at + 1) | 0x20) !== 0x78 || text.charCodeAt(at + 6) !== underscore) return -1;
  let unit = 0;
  for (let place = at + 2; place < at + 6; place++) {
    const value = hexValues[text.charCodeAt(place)] ?? 255;
    if (value === 255) return -1;
    unit = (unit << 4) | value;
  }
  return unit;
}

/** Undoes the escapes of CLIXML: left to right, once; anything that is no complete escape stays as it is. */
export function unescapeText(text: string): string {
  let at = text.indexOf('_');
  if (at < 0) return text;
  let plain = '';
  let from = 0;
  while (at >= 0) {
    const unit = unitAt(text, at);
    if (unit < 0) at++;
    else {
      plain += text.slice(from, at) + String.fromCharCode(unit);
      at += 7;
      from = at;
    }
    at = text.indexOf('_', at);
  }
  return from === 0 ? text : plain + text.slice(from);
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
    const name = lines.slice(next + 1, next + 13);
    const end = name.indexOf(';');
    const char = end < 0 ? undefined : entityChar(name.slice(0, end));
    if (char === undefined) return undefined;
    plain += lines.slice(at, next) + char;
    at = next + 2 + end;
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

const hex = (unit: number): string => unit.toString(16).toUpperCase().padStart(4, '0');
const escapeOf = (unit: number): string => `_x${hex(unit)}_`;

/**
 * What stands for each code unit below A0 in an element's text; null where it stands for itself. Control characters are escaped, and what
 * means something in XML.
 */
const replacements: readonly (string | null)[] = Array.from({ length: 0xa0 }, (_, unit) =>
  unit < 0x20 || unit > 0x7e
    ? escapeOf(unit)
    : ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' }[String.fromCharCode(unit)] ?? null),
);
/** 1 for the code units below A0 that may need work. */
const suspects = Uint8Array.from(replacements, (text, unit) => (text !== null || unit === underscore ? 1 : 0));

/** What stands for the unit at this place of an element's text; null if it stands for itself. */
function replacementAt(text: string, at: number): string | null {
  const unit = text.charCodeAt(at);
  // An underscore that could be taken for the start of an escape.
  if (unit === underscore) return (text.charCodeAt(at + 1) | 0x20) === 0x78 ? '_x005F_' : null;
  if (unit < 0xa0) return replacements[unit] ?? null;
  // Surrogates, even paired, and what XML forbids.
  return (unit >= 0xd800 && unit <= 0xdfff) || unit >= 0xfffe ? escapeOf(unit) : null;
}

/** Whatever `replacementAt` replaces: most texts hold nothing of it. */
const mustEscape = /[\u0000-\u001f\u007f-\u009f&<>\ud800-\udfff\ufffe\uffff]|_[xX]/;

/** Escapes a string for the text of an element, for CLIXML and for XML. */
export function escapeElementText(text: string): string {
  if (!mustEscape.test(text)) return text;
  let escaped = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0xa0 ? suspects[unit] === 0 : unit < 0xd800) continue;
    const replacement = replacementAt(text, at);
    if (replacement === null) continue;
    escaped += text.slice(from, at) + replacement;
    from = at + 1;
  }
  return from === 0 ? text : escaped + text.slice(from);
}

/** Escapes a string for an attribute in double quotes, for CLIXML and for XML. */
export function escapeAttribute(text: string): string {
  const escaped = escapeElementText(text);
  return escaped.includes('"') ? escaped.replaceAll('"', '&quot;') : escaped;
}
