import { Failure } from '../../kernel/failure.ts';
import type { Task } from './host.ts';

/**
 * Runs work that is not expected to wait, where PowerShell itself would not (script properties, calculated text).
 * @throws Failure `lab-unsupported` if it does wait for something
 */
export const runSync = <T>(work: Task<T>): T => {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (step.value !== undefined) {
      work.return(undefined as never);
      throw new Failure('lab-unsupported', 'The lab does not run waiting commands inside a property.');
    }
  }
};
