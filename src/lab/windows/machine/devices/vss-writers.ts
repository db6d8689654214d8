import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import type { KeptState } from './kept-state.ts';

/** A VSS writer of Windows: it lives in the process of its service. */
export type Writer = { readonly name: string; readonly id: string; readonly service: string };

// biome-ignore format: a table
const writers: readonly Writer[] = [
  { name: 'Task Scheduler Writer', id: '{d61d61c8-d73a-4eee-8cdd-f6f9786b7124}', service: 'Schedule' },
  { name: 'VSS Metadata Store Writer', id: '{75dfb225-e2e4-4d39-9ac9-ffaff65ddf06}', service: 'VSS' },
  { name: 'Performance Counters Writer', id: '{0bada1de-01a9-4625-8278-69e735f39dd2}', service: 'VSS' },
  { name: 'System Writer', id: '{e8132975-6f93-4464-a53e-1050253ae220}', service: 'CryptSvc' },
  { name: 'ASR Writer', id: '{be000cbe-11fe-4426-9c58-531aa6355fc4}', service: 'VSS' },
  { name: 'Shadow Copy Optimization Writer', id: '{4dc3bdd4-ab48-4d07-adb0-3bee2926fd7f}', service: 'VSS' },
  { name: 'Registry Writer', id: '{afbab4a2-367d-4d15-a586-71dbb18f8485}', service: 'VSS' },
  { name: 'COM+ REGDB Writer', id: '{542da469-d3e1-473c-9f4f-7847f01fc64f}', service: 'VSS' },
  { name: 'WMI Writer', id: '{a6ad56c2-b509-4e6c-bb19-49d8f43532f0}', service: 'Winmgmt' },
  { name: 'BITS Writer', id: '{4969d978-be47-48b0-b100-f328f07ac1e0}', service: 'BITS' },
  { name: 'IIS Config Writer', id: '{2a40fd15-dfca-4aa8-a654-1f8c654603f6}', service: 'AppHostSvc' },
  { name: 'SqlServerWriter', id: '{a65faa63-5ea8-4ebc-9dbd-a0c4db26912a}', service: 'SQLWriter' },
  { name: 'WIDWriter', id: '{8d5194e1-e455-434a-b2e5-51296cce67df}', service: 'WIDWriter' },
];

/** States of a writer with the numbers that vssadmin shows. */
export const writerStates = {
  1: 'Stable',
  5: 'Waiting for completion',
  7: 'Failed',
  8: 'Failed',
  9: 'Failed',
  10: 'Failed',
  11: 'Failed',
} as const;

/** What a writer says of its last freeze. */
export type WriterState = {
  readonly state: keyof typeof writerStates;
  readonly error: 'No error' | 'Timed out' | 'Non-retryable error' | 'Retryable error';
};

/** A backup that writers took part in. `hresult` is unsigned. */
export type FreezeResult = { readonly hresult: number; readonly writer?: Writer };

/** VSS writers and the space that shadow copies may take. */
export class VssWriters implements KeptState {
  readonly #machine: Machine;
  /** Writers that failed, with the process in whose memory that is kept: a new process begins anew. */
  #failed: { readonly name: string; readonly pid: number; readonly state: WriterState }[] = [];
  /** Space for shadow copies by drive, in bytes; a tenth of the volume unless somebody changed it. */
  readonly #limits = new Map<string, number>();

  /** @param machine whose writers they are */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Writers that answer now: those of services that exist and run; vssvc and swprv are started for the question. */
  all(): readonly { readonly writer: Writer; readonly state: WriterState }[] {
    const { services } = this.#machine;
    return writers.flatMap((writer) => {
      const service = services.find(writer.service);
      if (!service || (service.state !== 'Running' && writer.service !== 'VSS')) return [];
      if (writer.service === 'VSS' && service.start === 'Disabled') return [];
      const failed = this.#failed.find((one) => one.name === writer.name && one.pid === service.pid);
      return [{ writer, state: failed?.state ?? { state: 1 as const, error: 'No error' as const } }];
    });
  }

  /** A writer fails; it stays so until its service is started anew. */
  fail(name: string, state: WriterState): void {
    const writer = writers.find((one) => one.name.toLowerCase() === name.toLowerCase());
    const service = writer ? this.#machine.services.find(writer.service) : undefined;
    if (!writer || !service) throw new RangeError(`the host has no VSS writer ${name}`);
    if (service.state !== 'Running') void this.#machine.services.start(service.name, systemPid);
    this.#failed.push({ name: writer.name, pid: service.pid, state });
  }

  /** Freezes all writers for a backup. */
  freeze(): FreezeResult {
    const bad = this.all().find(({ state }) => state.state !== 1);
    if (!bad) return { hresult: 0 };
    const isTimeout = bad.state.error === 'Timed out';
    this.#machine.events.write({
      log: 'Application',
      provider: 'VSS',
      id: isTimeout ? 12_298 : 8193,
      level: 2,
      message: `Volume Shadow Copy Service error: writer ${bad.writer.name} failed.`,
      data: [['', bad.writer.name]],
    });
    return { hresult: isTimeout ? 0x800423f2 : 0x800423f4, writer: bad.writer };
  }

  /** Whether a volume has room set aside for shadow copies: by protection, by a copy that is there, or because somebody has set it. */
  hasStorage(drive: string): boolean {
    const { restore, shadows } = this.#machine;
    return restore.protectedDrives.has(drive) || shadows.copies.length > 0 || this.#limits.has(drive.toUpperCase());
  }

  /** Space that shadow copies of a drive may take, in bytes. */
  limit(drive: string): number {
    const name = drive.slice(0, 2).toUpperCase();
    return this.#limits.get(name) ?? Math.round(this.#machine.files.volume(name).sizeBytes / 10);
  }

  setLimit(drive: string, bytes: number, pid: number): Promise<void> | undefined {
    const name = drive.slice(0, 2).toUpperCase();
    const before = this.limit(name);
    this.#limits.set(name, bytes);
    return this.#machine.changes.record('shadow.limit', name, before, bytes, pid);
  }

  *entries(): Generator<readonly [string, string]> {
    for (const [drive, bytes] of this.#limits) yield [`shadow-storage:${drive}`, String(bytes)];
    for (const { writer, state } of this.all())
      if (state.state !== 1) yield [`vss-writer:${writer.name}`, JSON.stringify(state)];
  }

  save(): () => void {
    const failed = this.all().filter(({ state }) => state.state !== 1);
    const limits = new Map(this.#limits);
    return () => {
      this.#failed = [];
      for (const { writer, state } of failed) this.fail(writer.name, state);
      this.#limits.clear();
      for (const [drive, bytes] of limits) this.#limits.set(drive, bytes);
    };
  }
}
