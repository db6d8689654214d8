/** Numbers as .NET's XmlConvert writes and reads them. */

/** Shortest digits that give the same single again; of two as near, the one that ends in an even digit. */
function singleText(value: number): string {
  for (let precision = 1; precision < 9; precision++) {
    const text = value.toExponential(precision - 1);
    if (Math.fround(Number(text)) === value) return toEven(value, precision, text);
  }
  return value.toExponential(8);
}

/** JavaScript rounds a tie up in size; .NET takes the even digit. */
function toEven(value: number, precision: number, text: string): string {
  const exact = value.toExponential(precision);
  const [mantissa = '', power = '0'] = text.split('e');
  const last = Number(mantissa.at(-1));
  if (Number(exact) !== value || exact.split('e')[0]?.at(-1) !== '5' || last % 2 === 0) return text;
  const even = `${mantissa.slice(0, -1)}${last - 1}e${power}`;
  return Math.fround(Number(even)) === value ? even : text;
}

/** Writes a double or single: shortest round-trip digits, `E+NN` above 17 (single: 9) integer digits and below 1E-04. */
export function formatFloat(value: number, type: 'single' | 'double'): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const text = type === 'single' ? singleText(value) : value.toExponential();
  const [mantissa = '', power = '0'] = text.split('e');
  const exponent = Number(power);
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '').replace(/0+$/, '');
  if (exponent >= (type === 'single' ? 9 : 17) || exponent < -4) {
    const tail = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits.slice(0, 1)}${tail}E${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return digits.length > exponent + 1 ? `${sign}${whole}.${digits.slice(exponent + 1)}` : `${sign}${whole}`;
}

const zero = 0x30;
const isDigit = (code: number): boolean => code >= zero && code <= zero + 9;
const isSign = (code: number): boolean => code === 0x2b || code === 0x2d;

/** Whether a text consists of digits, `.`, signs and `e` only: what else `Number` takes (`0x1F`, nothing, `Infinity`) is no number in XML. */
function hasFloatLetters(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code) && code !== 0x2e && !isSign(code) && (code | 0x20) !== 0x65) return false;
  }
  return text !== '';
}

/** Reads a double; undefined if the text is none. */
export function parseFloatText(text: string): number | undefined {
  const plain = text.trim();
  if (hasFloatLetters(plain)) {
    const value = Number(plain);
    return Number.isNaN(value) ? undefined : value;
  }
  if (plain === 'INF' || plain === 'Infinity') return Number.POSITIVE_INFINITY;
  if (plain === '-INF' || plain === '-Infinity') return Number.NEGATIVE_INFINITY;
  return plain === 'NaN' ? Number.NaN : undefined;
}

/** Whether a text is a sign or none, and then one to `most` digits. */
function isInteger(text: string, most: number): boolean {
  const start = isSign(text.charCodeAt(0)) ? 1 : 0;
  if (text.length === start || text.length - start > most) return false;
  for (let at = start; at < text.length; at++) if (!isDigit(text.charCodeAt(at))) return false;
  return true;
}

/** Reads an integer between two bounds; undefined if the text is none. */
export function parseInteger(text: string, least: number, most: number): number | undefined {
  const plain = text.trim();
  if (!isInteger(plain, 16)) return undefined;
  const value = Number(plain);
  return value >= least && value <= most ? value + 0 : undefined;
}

/** Reads a big integer between two bounds; undefined if the text is none. */
export function parseBigInteger(text: string, least: bigint, most: bigint): bigint | undefined {
  const plain = text.trim();
  if (!isInteger(plain, 21)) return undefined;
  // Fifteen digits are exact in a number, and quicker that way.
  const value = BigInt(plain.length <= 15 ? Number(plain) : plain.replace('+', ''));
  return value >= least && value <= most ? value : undefined;
}

/** Whether a text is a decimal in plain notation: a sign or none, digits, at most one point. */
export function isDecimal(text: string): boolean {
  return hasFloatLetters(text) && !/[eE]/.test(text) && !Number.isNaN(Number(text));
}
