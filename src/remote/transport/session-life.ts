import { Failure, type FailureCode } from '../../kernel/failure.ts';

/** After these the state of the session's runspace is unknown. */
const breaking: readonly FailureCode[] = ['dropped', 'protocol-error'];

/** Whether nobody knows, after this failure of a call, what state its session is in. */
export const leavesUnknown = ({ code, facts }: Failure): boolean =>
  breaking.includes(code) || facts['stopped'] === false;

/** @throws Failure `unreachable` if the session was closed, or was lost by an earlier failure */
export function requireUsable(host: string, isClosed: boolean, broken: Failure | undefined): void {
  if (isClosed) throw new Failure('unreachable', `The session on ${host} was closed.`);
  if (broken) {
    throw new Failure('unreachable', `The session on ${host} was lost earlier: ${broken.message} Open a new one.`, {
      cause: broken,
    });
  }
}
