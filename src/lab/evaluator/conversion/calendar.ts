/** Parts of a DateTime's ticks. */
export type DateParts = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 100 ns ticks within the second. */
  readonly fraction: number;
  /** Sunday is 0. */
  readonly weekday: number;
  /** 1 to 366. */
  readonly dayOfYear: number;
};

/** Ticks (100 ns) of a second. */
export const ticksPerSecond = 10_000_000n;
/** Ticks of a day. */
export const ticksPerDay = 864_000_000_000n;
/** Ticks of DateTime.MaxValue. */
export const maxTicks = 3155378975999999999n;

const floorDiv = (a: number, b: number): number => Math.floor(a / b);

/** Days from 0001-01-01 to a date of the Gregorian calendar. */
export const daysOf = (year: number, month: number, day: number): number => {
  // Civil-from-days in reverse: years begin in March, so that leap days come last.
  const y = month <= 2 ? year - 1 : year;
  const era = floorDiv(y, 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = floorDiv(153 * (month + (month > 2 ? -3 : 9)) + 2, 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + floorDiv(yearOfEra, 4) - floorDiv(yearOfEra, 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 306;
};

/** Whether a year has 366 days. */
export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Days of a month. */
export const daysInMonth = (year: number, month: number): number =>
  month === 2 ? (isLeapYear(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

const dateOfDays = (days: number): { year: number; month: number; day: number } => {
  const z = days + 306;
  const era = floorDiv(z, 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = floorDiv(
    dayOfEra - floorDiv(dayOfEra, 1460) + floorDiv(dayOfEra, 36_524) - floorDiv(dayOfEra, 146_096),
    365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + floorDiv(yearOfEra, 4) - floorDiv(yearOfEra, 100));
  const shifted = floorDiv(5 * dayOfYear + 2, 153);
  const day = dayOfYear - floorDiv(153 * shifted + 2, 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
};

/** Splits ticks since 0001-01-01. */
export const partsOf = (ticks: bigint): DateParts => {
  const days = Number(ticks / ticksPerDay);
  const rest = Number((ticks % ticksPerDay) / ticksPerSecond);
  const { year, month, day } = dateOfDays(days);
  return {
    year,
    month,
    day,
    hour: floorDiv(rest, 3600),
    minute: floorDiv(rest, 60) % 60,
    second: rest % 60,
    fraction: Number(ticks % ticksPerSecond),
    weekday: (days + 1) % 7,
    dayOfYear: days - daysOf(year, 1, 1) + 1,
  };
};

/** Ticks of a date and time; undefined if there is no such date. */
export const ticksOf = (
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  fraction = 0,
): bigint | undefined => {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  const seconds = BigInt(daysOf(year, month, day)) * 86_400n + BigInt(hour * 3600 + minute * 60 + second);
  return seconds * ticksPerSecond + BigInt(fraction);
};
