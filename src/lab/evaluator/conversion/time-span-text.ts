import { netError } from '../define.ts';

const second = 10_000_000n;

/** Whole units of a TimeSpan's ticks, each with the sign of the whole. */
export const timeParts = (
  ticks: bigint,
): { days: number; hours: number; minutes: number; seconds: number; fraction: number } => {
  const sign = ticks < 0n ? -1 : 1;
  const abs = ticks < 0n ? -ticks : ticks;
  const total = Number(abs / second);
  const unit = (value: number): number => (value === 0 ? 0 : sign * value);
  return {
    days: unit(Math.floor(total / 86_400)),
    hours: unit(Math.floor(total / 3600) % 24),
    minutes: unit(Math.floor(total / 60) % 60),
    seconds: unit(total % 60),
    fraction: unit(Number(abs % second)),
  };
};

const two = (value: number): string => String(Math.abs(value)).padStart(2, '0');

/** The constant (`c`) format: `[-][d.]hh:mm:ss[.fffffff]`. */
export const timeSpanText = (ticks: bigint): string => {
  const { days, hours, minutes, seconds, fraction } = timeParts(ticks);
  const day = days === 0 ? '' : `${Math.abs(days)}.`;
  const part = fraction === 0 ? '' : `.${String(Math.abs(fraction)).padStart(7, '0')}`;
  return `${ticks < 0n ? '-' : ''}${day}${two(hours)}:${two(minutes)}:${two(seconds)}${part}`;
};

/** What a format of a TimeSpan consists of: quoted text, escaped characters and parts. */
const pieces = /'([^']*)'|"([^"]*)"|\\(.)|%?(d+|h+|m+|s+|f+|F+)/g;

/** Formats with `c`, `g`, `G` or a custom pattern. */
export const formatTimeSpan = (ticks: bigint, format: string): string => {
  if (format === '' || /^[ctT]$/.test(format)) return timeSpanText(ticks);
  const parts = timeParts(ticks);
  const abs = Math.abs;
  if (format === 'g' || format === 'G') {
    const day = parts.days === 0 && format === 'g' ? '' : `${abs(parts.days)}:`;
    const fraction = String(abs(parts.fraction)).padStart(7, '0');
    const tail = format === 'G' ? `.${fraction}` : parts.fraction === 0 ? '' : `.${fraction.replace(/0+$/, '')}`;
    const hours = format === 'G' ? two(parts.hours) : String(abs(parts.hours));
    return `${ticks < 0n ? '-' : ''}${day}${hours}:${two(parts.minutes)}:${two(parts.seconds)}${tail}`;
  }
  if (format.length === 1 || format.replace(pieces, '') !== '')
    throw netError('System.FormatException', 'Input string was not in a correct format.');
  return format.replace(pieces, (_all, a, b, c, run: string | undefined) => {
    if (run === undefined) return String(a ?? b ?? c);
    const n = run.length;
    const padded = (value: number): string => String(abs(value)).padStart(n, '0');
    const fraction = String(abs(parts.fraction)).padStart(7, '0').slice(0, n);
    switch (run[0]) {
      case 'd':
        return padded(parts.days);
      case 'h':
        return padded(parts.hours);
      case 'm':
        return padded(parts.minutes);
      case 's':
        return padded(parts.seconds);
      case 'f':
        return fraction;
      default:
        return fraction.replace(/0+$/, '');
    }
  });
};

const form = /^(-)?(?:(\d+)(?:\.(?=\d+:)|$))?(?:(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?)?$/;

/** Parses `[-][d.]hh:mm[:ss[.fffffff]]` or whole days; undefined if the text is no TimeSpan. */
export const parseTimeSpan = (text: string): bigint | undefined => {
  const match = form.exec(text.trim());
  if (!match || text.trim() === '' || text.trim() === '-') return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const total = BigInt(days) * 86_400n + BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
  const ticks = total * second + BigInt(fraction.padEnd(7, '0'));
  return sign === '-' ? -ticks : ticks;
};
