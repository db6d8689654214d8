/** xs:dateTime and xs:duration as CLIXML uses them (MS-PSRP 2.2.5.1.4 and .5), in ticks of 100 ns. */
import { type PsDateTime, type PsTimeSpan, psDateTime, psTimeSpan } from './values.ts';

const ticksPerMs = 10_000n;
/** Ticks from 0001-01-01 to 1970-01-01. */
const epochTicks = 621_355_968_000_000_000n;
const dateTimeText = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/;

const fraction = (digits: string | undefined): bigint => BigInt((digits ?? '').slice(0, 7).padEnd(7, '0'));
const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
const fractionText = (ticks: bigint): string =>
  ticks === 0n ? '' : `.${ticks.toString().padStart(7, '0').replace(/0+$/, '')}`;

/** Reads a date-time; undefined if the text is none. */
export function parseDateTime(text: string): PsDateTime | undefined {
  const match = dateTimeText.exec(text.trim());
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  if (
    date.getUTCMonth() !== month - 1 ||
    date.getUTCDate() !== day ||
    hour > 23 ||
    minute > 59 ||
    second > 59 ||
    year < 1
  )
    return undefined;
  const ticks = BigInt(date.getTime()) * ticksPerMs + epochTicks + fraction(match[7]);
  const zone = match[8];
  if (zone === undefined) return psDateTime(ticks, 'unspecified');
  if (zone === 'Z') return psDateTime(ticks, 'utc');
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return psDateTime(ticks, zone.startsWith('-') ? -minutes : minutes);
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

const durationText = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?$/;
const ticksPerSecond = 10_000_000n;

/** Reads a duration; years count 365 and months 30 days, as .NET does. Undefined if the text is none. */
export function parseTimeSpan(text: string): PsTimeSpan | undefined {
  const match = durationText.exec(text.trim());
  if (match === null || /[PT]$/.test(match[0])) return undefined;
  const part = (index: number): bigint => BigInt(match[index] ?? 0);
  const days = part(2) * 365n + part(3) * 30n + part(4);
  const seconds = ((days * 24n + part(5)) * 60n + part(6)) * 60n + part(7);
  const ticks = seconds * ticksPerSecond + fraction(match[8]);
  return psTimeSpan(match[1] === undefined ? ticks : -ticks);
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
