import { totalmem } from 'node:os';
import { Failure } from '../../kernel/failure.ts';

/** What one PowerShell with a prepared session takes, generously: 115 MiB were seen. */
const bytesOfProcess = 256 * 1024 * 1024;

/** How many processes may live at once. */
export class ProcessBudget {
  readonly #most: number;
  #living = 0;

  /** @param most processes at once */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Takes a place for a process.
   * @returns gives the place back; once
   * @throws Failure `lab-unsupported` where there is none
   */
  take(): () => void {
    if (this.#living >= this.#most)
      throw new Failure(
        'lab-unsupported',
        `The lab does not run more than ${this.#most} sessions in a real PowerShell at once: that is what the memory of this machine is enough for. Work on fewer hosts at a time, or use the lab's own engine.`,
      );
    this.#living++;
    let isTaken = true;
    return () => {
      if (isTaken) this.#living--;
      isTaken = false;
    };
  }
}

/** What the memory of this machine is enough for. */
export const processesOfMachine = new ProcessBudget(Math.max(2, Math.floor(totalmem() / bytesOfProcess)));
