/** xs:dateTime and xs:duration as CLIXML uses them (MS-PSRP 2.2.5.1.4 and .5), in ticks of 100 ns. */
import { type PsDateTime, type PsTimeSpan, psDateTime, psTimeSpan } from './values.ts';

const ticksPerMs = 10_000n;
/** Ticks from 0001-01-01 to 1970-01-01. */
const epochTicks = 621_355_968_000_000_000n;
const ticksPerSecond = 10_000_000n;
/** A date-time up to its seconds: `0` stands for any digit. */
const dateTimeShape = '0000-00-00T00:00:00';
const daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;

const digitAt = (text: string, at: number): number => text.charCodeAt(at) - 0x30;
const isDigitAt = (text: string, at: number): boolean => digitAt(text, at) >= 0 && digitAt(text, at) <= 9;
const twoDigits = (text: string, at: number): number => digitAt(text, at) * 10 + digitAt(text, at + 1);

/** Whether the text goes on with what the shape tells. */
function hasShape(text: string, at: number, shape: string): boolean {
  for (let place = 0; place < shape.length; place++)
    if (shape[place] === '0' ? !isDigitAt(text, at + place) : text[at + place] !== shape[place]) return false;
  return true;
}

/** Ticks of the fraction's digits from `start` to `end`; those behind the seventh are cut off. */
function fractionTicks(text: string, start: number, end: number): number {
  let ticks = 0;
  for (let place = start; place < start + 7; place++) ticks = ticks * 10 + (place < end ? digitAt(text, place) : 0);
  return ticks;
}

/** Where the digits from here end. */
function digitsEnd(text: string, start: number): number {
  let at = start;
  while (isDigitAt(text, at)) at++;
  return at;
}

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Days from 0001-01-01; undefined if there is no such day. */
function dayNumber(year: number, month: number, day: number): number | undefined {
  const before = daysBefore[month - 1];
  if (before === undefined || year < 1 || day < 1) return undefined;
  const leap = isLeapYear(year) ? 1 : 0;
  if (day > (daysBefore[month] ?? 365) - before + (month === 2 ? leap : 0)) return undefined;
  const past = year - 1;
  const leaps = Math.trunc(past / 4) - Math.trunc(past / 100) + Math.trunc(past / 400);
  return past * 365 + leaps + before + (month > 2 ? leap : 0) + day - 1;
}

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
const fractionText = (ticks: bigint): string =>
  ticks === 0n ? '' : `.${ticks.toString().padStart(7, '0').replace(/0+$/, '')}`;

/** Reads a date-time; undefined if the text is none. */
export function parseDateTime(text: string): PsDateTime | undefined {
  const plain = text.trim();
  if (!hasShape(plain, 0, dateTimeShape)) return undefined;
  const day = dayNumber(twoDigits(plain, 0) * 100 + twoDigits(plain, 2), twoDigits(plain, 5), twoDigits(plain, 8));
  const [hour, minute, second] = [twoDigits(plain, 11), twoDigits(plain, 14), twoDigits(plain, 17)];
  if (day === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  let end = dateTimeShape.length;
  let fraction = 0;
  if (plain[end] === '.') {
    const start = end + 1;
    end = digitsEnd(plain, start);
    if (end === start) return undefined;
    fraction = fractionTicks(plain, start, end);
  }
  const zone = parseZone(plain, end);
  if (zone === undefined) return undefined;
  const seconds = day * 86_400 + hour * 3600 + minute * 60 + second;
  return psDateTime(BigInt(seconds) * ticksPerSecond + BigInt(fraction), zone);
}

/** The zone that the rest of a date-time tells. */
function parseZone(text: string, at: number): PsDateTime['zone'] | undefined {
  if (at === text.length) return 'unspecified';
  if (text[at] === 'Z') return at + 1 === text.length ? 'utc' : undefined;
  if (text.length !== at + 6 || !(hasShape(text, at, '+00:00') || hasShape(text, at, '-00:00'))) return undefined;
  const minutes = twoDigits(text, at + 1) * 60 + twoDigits(text, at + 4);
  return text[at] === '-' ? 0 - minutes : minutes;
}

/** Writes the date and time without zone; `digits` 7 keeps all fraction digits, else trailing zeros are dropped. */
export function formatClock(ticks: bigint, digits: 7 | 'short' = 'short'): string {
  const sinceEpoch = ticks - epochTicks;
  const rest = ((sinceEpoch % 10_000_000n) + 10_000_000n) % 10_000_000n;
  const date = new Date(Number((sinceEpoch - rest) / ticksPerMs));
  const day = `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
  const clock = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}`;
  return `${day}T${clock}${digits === 7 ? `.${rest.toString().padStart(7, '0')}` : fractionText(rest)}`;
}

/** Writes a date-time in the round-trip form. */
export function formatDateTime(value: PsDateTime): string {
  const clock = formatClock(value.ticks);
  if (value.zone === 'utc') return `${clock}Z`;
  if (value.zone === 'unspecified') return clock;
  const minutes = Math.abs(value.zone);
  return `${clock}${value.zone < 0 ? '-' : '+'}${pad(Math.trunc(minutes / 60))}:${pad(minutes % 60)}`;
}

/** A JavaScript date as a UTC date-time. */
export function fromDate(date: Date): PsDateTime {
  return psDateTime(BigInt(date.getTime()) * ticksPerMs + epochTicks, 'utc');
}

/** A date-time as a JavaScript date (whole milliseconds); a time without zone is taken as UTC. */
export function toDate(value: PsDateTime): Date {
  const offsetMs = typeof value.zone === 'number' ? value.zone * 60_000 : 0;
  return new Date(Number((value.ticks - epochTicks) / ticksPerMs) - offsetMs);
}

/** Parts of a duration, in their order: whether they stand behind the `T`, and their seconds. */
const durationParts = [
  { mark: 'Y', ofTime: false, seconds: 365n * 86_400n },
  { mark: 'M', ofTime: false, seconds: 30n * 86_400n },
  { mark: 'D', ofTime: false, seconds: 86_400n },
  { mark: 'H', ofTime: true, seconds: 3600n },
  { mark: 'M', ofTime: true, seconds: 60n },
  { mark: 'S', ofTime: true, seconds: 1n },
] as const;

/** Reads a duration; years count 365 and months 30 days, as .NET does. Undefined if the text is none. */
export function parseTimeSpan(text: string): PsTimeSpan | undefined {
  const plain = text.trim();
  const negative = plain.startsWith('-');
  let at = negative ? 2 : 1;
  if (plain[at - 1] !== 'P') return undefined;
  let ticks = 0n;
  let next = 0;
  let inTime = false;
  while (at < plain.length) {
    if (!inTime && plain[at] === 'T') {
      inTime = true;
      at++;
    }
    const end = digitsEnd(plain, at);
    const fractionEnd = plain[end] === '.' ? digitsEnd(plain, end + 1) : end;
    const mark = plain[fractionEnd];
    const index = durationParts.findIndex(
      (part, place) => place >= next && part.ofTime === inTime && part.mark === mark,
    );
    const part = durationParts[index];
    // Only seconds have a fraction; a number is at most as long as a TimeSpan's ticks.
    if (
      part === undefined ||
      end === at ||
      end - at > 19 ||
      (fractionEnd > end && (part.mark !== 'S' || fractionEnd === end + 1))
    )
      return undefined;
    ticks += BigInt(plain.slice(at, end)) * part.seconds * ticksPerSecond;
    if (fractionEnd > end) ticks += BigInt(fractionTicks(plain, end + 1, fractionEnd));
    next = index + 1;
    at = fractionEnd + 1;
  }
  if (next === 0) return undefined;
  return psTimeSpan(negative ? -ticks : ticks);
}

/** Writes a duration: days, hours, minutes and seconds, parts that are zero left out. */
export function formatTimeSpan(value: PsTimeSpan): string {
  const ticks = value.ticks < 0n ? -value.ticks : value.ticks;
  if (ticks === 0n) return 'PT0S';
  const seconds = ticks / ticksPerSecond;
  const rest = fractionText(ticks % ticksPerSecond);
  const [days, hours, minutes, left] = [
    seconds / 86_400n,
    (seconds / 3600n) % 24n,
    (seconds / 60n) % 60n,
    seconds % 60n,
  ];
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${left || rest ? `${left}${rest}S` : ''}`;
  return `${value.ticks < 0n ? '-' : ''}P${days ? `${days}D` : ''}${time && `T${time}`}`;
}
