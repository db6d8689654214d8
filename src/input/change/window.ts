import { parseDuration } from '../../kernel/duration.ts';
import { type Loaded, optionFault } from '../document/fault.ts';

/**
 * Reads `--until`: a time with its offset (`2026-11-22T05:00+09:00`), a local clock time (`05:00`: the next one) or a duration
 * from now (`2h`). Gives ISO 8601 UTC with seconds; a time that is not in the future is a fault.
 */
export function readUntil(text: string, nowMs: number): Loaded<string> {
  const atMs = untilMs(text.trim(), nowMs);
  const expected = 'a time with its offset (2026-11-22T05:00+09:00), a local clock time (05:00) or a duration (2h)';
  if (atMs === null) return { ok: false, faults: [optionFault('--until', `\`${text}\` is not a time`, { expected })] };
  if (atMs <= nowMs) {
    const message = `\`${text}\` is in the past (${isoUtc(atMs)}; now it is ${isoUtc(nowMs)})`;
    return { ok: false, faults: [optionFault('--until', message, { expected: 'a time in the future' })] };
  }
  return { ok: true, value: isoUtc(atMs) };
}

/** Whether `neededMs` (a step and the undo of all that is done so far) fit before the closing time; always where there is none. */
export function fitsWindow(until: string | null, nowMs: number, neededMs: number): boolean {
  return until === null || nowMs + neededMs <= Date.parse(until);
}

function untilMs(text: string, nowMs: number): number | null {
  const duration = parseDuration(text);
  if (duration !== null) return nowMs + duration;
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (clock !== null) {
    const at = new Date(nowMs);
    at.setHours(Number(clock[1]), Number(clock[2]), 0, 0);
    if (at.getTime() <= nowMs) at.setDate(at.getDate() + 1);
    return at.getTime();
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

const isoUtc = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;
