/** Overwrites names in a text, or in bytes that are no UTF-8 text, without changing any length in bytes. */
export type NameScrubber = {
  /** @param text text of UTF-8, as it stands in a SOAP envelope or in a PSRP message */
  readonly text: (text: string) => string;
  /** @param bytes any bytes: names in UTF-8, UTF-16 (little-endian) and Latin-1 are found */
  readonly bytes: (bytes: Uint8Array) => Buffer;
};

/**
 * What is written for names in a recording. A name is found in any case and in any spelling that XML and CLIXML have for a character
 * (`&#74;`, `&amp;`, `_x004A_`: MS-PSRP 2.2.5.3.2), also inside base64 (byte arrays, encoded commands); its stand-in `x1xx…` is as long in bytes as what
 * stood there, so lengths of fragments and messages stay true.
 * @param names the longer one of two that begin alike goes first
 */
export function nameScrubber(names: readonly string[]): NameScrubber {
  const wanted = [...new Set(names)].sort((a, b) => b.length - a.length);
  const replace = (text: string, patterns: readonly RegExp[], lengthOf: (found: string) => number): string =>
    patterns.reduce(
      (done, pattern, index) => done.replace(pattern, (found) => standIn(lengthOf(found), index + 1)),
      text,
    );
  const spelled = wanted.map((name) => new RegExp(Array.from(name, spellings).join(''), 'giu'));
  const inBytes = wanted.map((name) => new RegExp(byteForms(name).map(escapePattern).join('|'), 'gi'));
  const bytes = (raw: Uint8Array): Buffer =>
    Buffer.from(
      replace(Buffer.from(raw).toString('latin1'), inBytes, (found) => found.length),
      'latin1',
    );
  const inBase64 = (text: string): string =>
    text.replace(base64Run, (run) => {
      const raw = Buffer.from(run, 'base64');
      const done = bytes(raw);
      // A run that is not the form base64 gives its bytes is some other word.
      return done.equals(raw) || raw.toString('base64').replace(/=+$/u, '') !== run.replace(/=+$/u, '')
        ? run
        : done.toString('base64').slice(0, run.length);
    });
  return { text: (text) => inBase64(replace(text, spelled, (found) => Buffer.byteLength(found))), bytes };
}

/** Base64 that is long enough for a name of three characters. */
const base64Run = /[A-Za-z0-9+/]{4,}={0,2}/gu;

/** `x1xx…` of a length in bytes: the number keeps different names apart. */
function standIn(bytes: number, number: number): string {
  return `x${number}`.slice(0, bytes).padEnd(bytes, 'x');
}

const entities: { readonly [character: string]: string } = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

/** A pattern of all spellings of a character; an ampersand may itself be escaped, as in XML that stands in a string. */
function spellings(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const variants = new Set([character, ...caseForms(character)]);
  const forms = Array.from(variants, (variant) => {
    const point = variant.codePointAt(0) ?? code;
    const units = Array.from(
      { length: variant.length },
      (_, at) => `_x${variant.charCodeAt(at).toString(16).padStart(4, '0')}_`,
    );
    return `&(?:amp;)*#(?:0*${point}|x0*${point.toString(16)});|${units.join('')}`;
  });
  const entity = entities[character];
  // In JSON, and in JSON inside JSON, a backslash is doubled.
  const itself = character === '\\' ? String.raw`\\{1,4}` : escapePattern(character);
  return `(?:${itself}|${forms.join('|')}${entity === undefined ? '' : `|&(?:amp;)*${entity};`})`;
}

/** A character in upper and lower case, where that is one character too. */
function caseForms(character: string): readonly string[] {
  return [character.toLowerCase(), character.toUpperCase()].filter((form) => Array.from(form).length === 1);
}

/** How a name stands in bytes, as text of one character a byte. */
function byteForms(name: string): readonly string[] {
  const cased = [name, name.toLowerCase(), name.toUpperCase()];
  const encodings = ['utf8', 'utf16le', 'latin1'] as const;
  // Latin-1 can't hold every name: what it can't hold would be another name.
  const forms = cased.flatMap((form) =>
    encodings
      .filter((encoding) => Buffer.from(form, encoding).toString(encoding) === form)
      .map((encoding) => Buffer.from(form, encoding).toString('latin1')),
  );
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}
