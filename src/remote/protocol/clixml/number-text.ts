/** Numbers as .NET's XmlConvert writes and reads them. */

/** Shortest digits that give the same single again. */
function singleText(value: number): string {
  for (let precision = 1; precision < 9; precision++) {
    const text = value.toExponential(precision - 1);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential(8);
}

/** Writes a double or single: shortest round-trip digits, `E+NN` from 15 (single: 7) integer digits up and below 1E-04. */
export function formatFloat(value: number, type: 'single' | 'double'): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const text = type === 'single' ? singleText(value) : value.toExponential();
  const [mantissa = '', power = '0'] = text.split('e');
  const exponent = Number(power);
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '').replace(/0+$/, '');
  if (exponent >= (type === 'single' ? 7 : 15) || exponent < -4) {
    const tail = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits.slice(0, 1)}${tail}E${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return digits.length > exponent + 1 ? `${sign}${whole}.${digits.slice(exponent + 1)}` : `${sign}${whole}`;
}

/** Reads a double; undefined if the text is none. */
export function parseFloatText(text: string): number | undefined {
  const plain = text.trim();
  if (plain === 'INF' || plain === 'Infinity') return Number.POSITIVE_INFINITY;
  if (plain === '-INF' || plain === '-Infinity') return Number.NEGATIVE_INFINITY;
  if (plain === 'NaN') return Number.NaN;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(plain) ? Number(plain) : undefined;
}

/** Reads an integer between two bounds; undefined if the text is none. */
export function parseInteger(text: string, least: number, most: number): number | undefined {
  const plain = text.trim();
  if (!/^[+-]?\d{1,16}$/.test(plain)) return undefined;
  const value = Number(plain);
  return value >= least && value <= most ? value + 0 : undefined;
}

/** Reads a big integer between two bounds; undefined if the text is none. */
export function parseBigInteger(text: string, least: bigint, most: bigint): bigint | undefined {
  const plain = text.trim();
  if (!/^[+-]?\d{1,21}$/.test(plain)) return undefined;
  const value = BigInt(plain.replace('+', ''));
  return value >= least && value <= most ? value : undefined;
}
