import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';

/** A process that opens sessions: on which machine, and which of all that had its number. */
export type Opener = {
  /** Digits that stand for a machine, without telling its name: where a process number means the same process. */
  readonly machine: string;
  readonly pid: number;
  /** When it began, ms since 1970. */
  readonly startedMs: number;
};

const self: Opener = {
  machine: createHash('sha256').update(placeOfProcesses()).digest('hex').slice(0, 12),
  pid: process.pid,
  startedMs: Math.round(Date.now() - process.uptime() * 1000),
};

/** The name that sessions of a process bear in a host's list; this process's own by default. */
export function writeMark({ machine, pid, startedMs }: Opener = self): string {
  return `Kintsugi ${machine} ${pid} ${startedMs.toString(36)}`;
}

/** Who opened a session, by its name; undefined if it was none of ours. */
export function readMark(name: string): Opener | undefined {
  const [, machine, pid, started] = /^Kintsugi ([0-9a-f]{12}) (\d{1,10}) ([0-9a-z]{1,11})$/u.exec(name) ?? [];
  if (machine === undefined || pid === undefined || started === undefined) return undefined;
  return { machine, pid: Number(pid), startedMs: Number.parseInt(started, 36) };
}

/** The start of this process is told by clocks that may be set meanwhile. */
const clockToleranceMs = 10_000;

/** Whether the process that opened a session surely lives no more. Of other machines nothing is known. */
export function isGone({ machine, pid, startedMs }: Opener): boolean {
  if (machine !== self.machine) return false;
  if (pid === self.pid) return Math.abs(startedMs - self.startedMs) > clockToleranceMs;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** Containers may share a name and a kernel, and still number their processes for themselves. */
function placeOfProcesses(): string {
  const read = (get: () => string): string => {
    try {
      return get().trim();
    } catch {
      return '';
    }
  };
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  return [hostname(), boot, read(() => readlinkSync('/proc/self/ns/pid'))].join(' ');
}
