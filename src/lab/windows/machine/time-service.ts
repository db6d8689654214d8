import { systemPid } from './change-feed.ts';
import type { Machine } from './machine.ts';
import { companyHosts } from './network/site.ts';

const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters';

/** Codes w32tm ends with (HRESULT of the service's state, or of a failed resync). */
export const timeCodes = { done: 0, serviceNotStarted: 0x80070426, noData: 0x800705b4 } as const;

/** The Windows Time service in front of NTP servers that answer or not. */
export class TimeService {
  readonly #machine: Machine;
  /** Largest correction the service makes, in ms (15 hours on members of no domain). */
  readonly largestCorrectionMs = 54_000_000;

  /** @param machine whose time service it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Servers of the present configuration. */
  servers(): string[] {
    const type = this.#machine.registry.data(key, 'Type');
    if (type === 'NoSync') return [];
    if (type === 'NT5DS') return this.#machine.policy.domain === undefined ? [] : [companyHosts.controller];
    const list = this.#machine.registry.data(key, 'NtpServer');
    return typeof list === 'string' ? list.split(/\s+/).flatMap((entry) => entry.split(',')[0] || []) : [];
  }

  /**
   * Asks the servers and steps the clock. With `isAsync` the caller does not wait: the service takes the step by itself a moment later.
   * @param pid who asks for it
   * @returns the code of w32tm
   */
  resync(isAsync: boolean, pid: number): number {
    if (this.#machine.services.find('W32Time')?.state !== 'Running') return timeCodes.serviceNotStarted;
    if (isAsync) {
      this.#machine.clock.after(2000, () => void this.#step(this.#machine.services.find('W32Time')?.pid ?? systemPid));
      return timeCodes.done;
    }
    return this.#step(pid) ? timeCodes.done : timeCodes.noData;
  }

  /** Moves the wall clock; writes the event of the kernel. */
  stepClock(byMs: number, pid: number): void {
    const { clock, events } = this.#machine;
    const before = clock.wallMs();
    clock.skewMs += byMs;
    this.#machine.tasks.clockStepped(byMs);
    events.write({
      log: 'System',
      provider: 'Microsoft-Windows-Kernel-General',
      id: 1,
      message: 'The system time has changed.',
      data: [
        ['NewTime', new Date(clock.wallMs()).toISOString()],
        ['OldTime', new Date(before).toISOString()],
        ['Reason', 1],
      ],
    });
    void this.#machine.changes.record('clock.step', 'system clock', before, clock.wallMs(), pid);
  }

  #step(pid: number): boolean {
    const { clock, events } = this.#machine;
    if (this.#machine.services.find('W32Time')?.state !== 'Running') return false;
    const server = this.servers().find((name) => this.#machine.network.answersTime(name));
    const provider = 'Microsoft-Windows-Time-Service';
    if (server === undefined || Math.abs(clock.skewMs) > this.largestCorrectionMs) {
      events.write({
        log: 'System',
        provider,
        id: server === undefined ? 47 : 34,
        level: 3,
        message: 'Time Provider NtpClient: no valid response.',
        data: [['DomainPeer', this.servers().join(' ')]],
      });
      return false;
    }
    events.write({
      log: 'System',
      provider,
      id: 35,
      message: `The time service is now synchronizing the system time with ${server}.`,
      data: [['TimeSource', server]],
    });
    if (clock.skewMs !== 0) this.stepClock(-clock.skewMs, pid);
    return true;
  }
}
