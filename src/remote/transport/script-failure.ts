import { Failure } from '../../kernel/failure.ts';
import type { ScriptErrorFacts, ScriptErrorRecord } from '../powershell/remote-shell.ts';

/** A script that ended with a terminating error, as every session tells it; `errors` are those that it had written before. */
export function failureOfScript(host: string, error: ScriptErrorRecord, errors: readonly ScriptErrorRecord[]): Failure {
  const facts: ScriptErrorFacts = { error, errors };
  const at = error.position ? ` (line ${error.position.line}, column ${error.position.offset})` : '';
  return new Failure('script-error', `The script failed on ${host}: ${error.message}${at}`, { facts });
}
