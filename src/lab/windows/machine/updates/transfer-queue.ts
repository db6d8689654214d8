import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';

const signature = 'ESE\u0000qmgr\n';
/** The database of BITS: its jobs live where the file lives. */
export const queuePath = 'C:\\ProgramData\\Microsoft\\Network\\Downloader\\qmgr.db';
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

  /** @param machine whose queue it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** A queue that cannot be read ends the service soon after its start. Called once the base is complete. */
  attach(): void {
    const { services, clock } = this.#machine;
    services.setRoutine('BITS', {
      started: () => {
        this.#ensure();
        if (this.jobs() !== undefined) return;
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
    });
  }

  /** The jobs; `undefined` when the database cannot be read. */
  jobs(): TransferJob[] | undefined {
    const node = this.#machine.files.find(queuePath);
    return node ? decodeQueue(this.#machine.files.read(node)) : [];
  }

  /** Exchanges the jobs. */
  replaceJobs(
    jobs: readonly TransferJob[],
    pid: number,
    verb: string,
    name: string,
  ): ReturnType<Machine['changes']['record']> {
    this.#ensure();
    void this.#machine.files.write(queuePath, encodeQueue(jobs), systemPid);
    return this.#machine.changes.record(`bits.${verb}`, name, undefined, undefined, pid);
  }

  #ensure(): void {
    const { files } = this.#machine;
    if (files.exists(queuePath)) return;
    void files.createFolder(queuePath.slice(0, queuePath.lastIndexOf('\\')), systemPid);
    void files.write(queuePath, encodeQueue([]), systemPid);
  }
}
