import type { Task } from '../../../evaluator/host.ts';
import { type Held, systemPid } from '../change-feed.ts';
import type { FileHandle } from '../files/file-handles.ts';
import type { Machine } from '../machine.ts';
import type { WebOutcome } from '../network/network.ts';
import { winHttpProxy } from '../network/proxy-settings.ts';
import { hresultOf } from '../win32-fault.ts';

const signature = 'ESE\u0000qmgr\n';
/** The database of BITS: its jobs live where the file lives. */
export const queuePath = 'C:\\ProgramData\\Microsoft\\Network\\Downloader\\qmgr.db';
/** How long a transfer takes, in ms. */
export const transferMs = 2000;
const log = 'Microsoft-Windows-Bits-Client/Operational';

/** BG_JOB_STATE (bits.h). */
export const jobStates = {
  Queued: 0,
  Connecting: 1,
  Transferring: 2,
  Suspended: 3,
  Error: 4,
  TransientError: 5,
  Transferred: 6,
  Acknowledged: 7,
  Cancelled: 8,
} as const;

/** A transfer of BITS. Times in ms since 1970 UTC, sizes in bytes; `error` is a signed HRESULT, 0 without one. */
export type TransferJob = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly ownerSid: string;
  readonly state: keyof typeof jobStates;
  readonly priority: 'Foreground' | 'High' | 'Normal' | 'Low';
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly files: readonly {
    readonly url: string;
    readonly local: string;
    readonly bytes: number;
    readonly done: number;
  }[];
  readonly error: number;
};

/** What a transfer ends with: a signed HRESULT, 0 when it is there. An answer that says no is the error of the HTTP status (BitsMsg.h). */
export const transferError = (outcome: WebOutcome): number => {
  if (outcome.kind === 'answer') return outcome.status < 400 ? 0 : (0x80190000 + outcome.status) | 0;
  const codes = {
    'no-name': 0x80072ee7,
    refused: 0x80072efd,
    silent: 0x80072ee2,
    reset: 0x80072efe,
    'no-route': 0x80072efd,
    untrusted: 0x80072f8f,
  } as const;
  return codes[outcome.kind] | 0;
};

/** The state in which an error leaves a job: it is tried again, but not where the server has said that there is no such file. */
const stateAfter = (error: number): TransferJob['state'] =>
  error === 0 ? 'Transferred' : error >>> 16 === 0x8019 ? 'Error' : 'TransientError';

/** The bytes of a queue. */
export const encodeQueue = (jobs: readonly TransferJob[]): Uint8Array =>
  new Uint8Array(Buffer.from(signature + JSON.stringify(jobs)));

const decodeQueue = (bytes: Uint8Array): TransferJob[] | undefined => {
  const text = Buffer.from(bytes).toString('utf8');
  if (!text.startsWith(signature)) return undefined;
  try {
    return JSON.parse(text.slice(signature.length)) as TransferJob[];
  } catch {
    return undefined;
  }
};

/** The Background Intelligent Transfer Service with its queue. */
export class TransferQueue {
  readonly #machine: Machine;
  #open: FileHandle | undefined;

  /** @param machine whose queue it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** A queue that cannot be read ends the service soon after its start. Called once the base is complete. */
  attach(): void {
    const { services, clock } = this.#machine;
    services.setRoutine('BITS', {
      started: ({ pid }) => {
        this.#ensure();
        this.#hold(pid);
        const jobs = this.jobs();
        for (const { id, state } of jobs ?? []) if (state === 'Queued') this.begin(id);
        if (jobs !== undefined) return;
        this.#machine.events.write({
          log,
          provider: 'Microsoft-Windows-Bits-Client',
          id: 16392,
          level: 2,
          message: 'The BITS service failed to start.',
          data: [['ErrorCode', 2_147_500_037]],
        });
        clock.after(300, () => {
          const service = services.find('BITS');
          if (service?.state !== 'Running') return;
          void services.stop('BITS', systemPid);
          service.exitCode = 0x80004005 | 0;
        });
      },
      stopped: () => this.#letGo(),
    });
  }

  /** The jobs; `undefined` when the database cannot be read. */
  jobs(): TransferJob[] | undefined {
    const node = this.#machine.files.find(queuePath);
    return node ? decodeQueue(this.#machine.files.read(node)) : [];
  }

  /** Lets the service come to a queued job after a while. Where it does not run by then, it does when it has started. */
  begin(id: string): void {
    this.#machine.clock.after(transferMs, () => void this.transfer(id));
  }

  /** Does the work of a queued job, as far as the network lets it, if the service runs. @returns its error, 0 when all is there */
  transfer(id: string): number {
    const { network, registry, clock, services } = this.#machine;
    if (services.find('BITS')?.state !== 'Running') return hresultOf(1722);
    const jobs = this.jobs() ?? [];
    const job = jobs.find((one) => one.id === id);
    if (job?.state !== 'Queued') return 0;
    const proxy = winHttpProxy(registry);
    const errors = job.files.map(({ url }) => transferError(network.request(new URL(url), proxy)));
    const error = errors.find((one) => one !== 0) ?? 0;
    const done: TransferJob = {
      ...job,
      state: stateAfter(error),
      modifiedMs: clock.wallMs(),
      files: job.files.map((file, index) => ({ ...file, done: errors[index] === 0 ? file.bytes : 0 })),
      error,
    };
    this.#write(jobs.map((one) => (one.id === id ? done : one)));
    return error;
  }

  /** Lays the files of a job where they belong, one after the other. @throws Win32Fault as the file system refuses */
  *lay(job: TransferJob, pid: number): Task<void> {
    for (const { local, bytes, done } of job.files)
      if (bytes === done) yield this.#machine.files.write(local, new Uint8Array(bytes), pid);
  }

  /** Exchanges the jobs. */
  replaceJobs(jobs: readonly TransferJob[], pid: number, verb: string, name: string): Held {
    this.#write(jobs);
    return this.#machine.changes.record(`bits.${verb}`, name, undefined, undefined, pid);
  }

  #write(jobs: readonly TransferJob[]): void {
    this.#ensure();
    void this.#machine.files.write(queuePath, encodeQueue(jobs), systemPid);
  }

  /** While the service runs nobody else may open, rename or remove its database. */
  #hold(pid: number): void {
    this.#letGo();
    const { files } = this.#machine;
    this.#open = files.handles.open({ node: files.get(queuePath), access: 3, share: 0, pid }, queuePath);
  }

  #letGo(): void {
    if (this.#open) this.#machine.files.handles.close(this.#open);
    this.#open = undefined;
  }

  #ensure(): void {
    const { files } = this.#machine;
    if (files.exists(queuePath)) return;
    void files.createFolder(queuePath.slice(0, queuePath.lastIndexOf('\\')), systemPid);
    void files.write(queuePath, encodeQueue([]), systemPid);
  }
}
