import type { Decimal, Float } from '../value.ts';

const withExponent = (text: string): string => {
  // JavaScript: 1e+21, 1e-7 · .NET: 1E+21, 1E-07
  const [mantissa = '', exponent = ''] = text.split('e');
  const sign = exponent.startsWith('-') ? '-' : '+';
  const digits = exponent.replace(/^[+-]/, '').padStart(2, '0');
  return `${mantissa}E${sign}${digits}`;
};

/** Text of a Double as .NET Framework's general format with a number of significant digits gives it. */
export const generalText = (value: number, digits: number): string => {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return 'Infinity';
  if (value === -Infinity) return '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '0' : '0';
  const scientific = value.toExponential(digits - 1);
  const exponent = Number(scientific.split('e')[1]);
  const mantissa = (scientific.split('e')[0] ?? '').replace(/\.?0+$/, '');
  if (exponent < -4 || exponent >= digits) return withExponent(`${mantissa}e${exponent}`);
  return Number(value.toPrecision(digits))
    .toFixed(Math.max(0, digits - 1 - exponent))
    .replace(/\.0+$|(\.\d*?)0+$/, '$1');
};

/** Text of a Double (15 digits) or Single (7 digits) in Windows PowerShell. */
export const floatText = (value: Float): string => generalText(value.value, value.type === 'Double' ? 15 : 7);

/** Text of a Decimal with its scale. */
export const decimalText = ({ unscaled, scale }: Decimal): string => {
  if (scale === 0) return unscaled.toString();
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
};

/** A Decimal as JavaScript number. */
export const decimalToNumber = (value: Decimal): number => Number(decimalText(value));
