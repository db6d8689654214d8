import { Failure } from '../../../src/kernel/failure.ts';
import type { TapeOutcome } from '../../../src/remote/protocol/tape/tape.ts';
import type { WsmanReply } from '../../../src/remote/protocol/wsman/replies.ts';
import { failureOfFault } from '../../../src/remote/transport/winrm/failure-of-fault.ts';
import { carried } from './recorded-steps.ts';

type Got = { readonly reply: WsmanReply | undefined; readonly failure: Failure | undefined };

/** Whether what came of a request was understood: failures of the way as such, faults with their code, output byte for byte. */
export function judgeReply(outcome: TapeOutcome, got: Got): string[] {
  const { reply, failure } = got;
  const seen = failure ? `${failure.code} (${failure.message})` : (reply?.kind ?? 'nothing');
  if (outcome.kind === 'refused-login') {
    // Of a request that must not be done twice it is left open whether it was processed.
    const told = failure?.code === 'dropped' ? failure.cause : failure;
    return told instanceof Failure && told.code === 'unauthenticated' ? [] : [`a refused login became ${seen}`];
  }
  if (outcome.kind !== 'reply')
    return failure && lost.has(failure.code) ? [] : [`a connection that was ${outcome.kind} became ${seen}`];
  if (!/<(?:[\w.-]+:)?Envelope\b/u.test(outcome.body))
    return failure ? [] : [`HTTP ${outcome.status} without SOAP became ${seen}`];
  if (failure || reply === undefined) return [`the reply became ${seen}`];
  if (/<(?:[\w.-]+:)?Fault\b/u.test(outcome.body)) return judgeFault(outcome.body, reply);
  return reply.kind === 'fault' ? [`a reply became fault ${reply.code}`] : judgeContent(outcome.body, reply);
}

const lost: ReadonlySet<string> = new Set(['dropped', 'timed-out', 'unreachable']);
const codeOnWire = /\bCode\s*=\s*["'](-?\d+)["']|<(?:[\w.-]+:)?error_Code[^<>]*>\s*(\d+)/u;

function judgeFault(body: string, reply: WsmanReply): string[] {
  const found = codeOnWire.exec(body);
  const code = Number(found?.[1] ?? found?.[2] ?? 0) >>> 0;
  if (reply.kind !== 'fault') return [`fault ${code} became ${reply.kind}`];
  const typed = failureOfFault(reply, 'the host', false);
  const kept = reply.code === code && typed.facts['faultCode'] === code && reply.reason !== '';
  return kept ? [] : [`fault ${code} became ${reply.code} (${reply.reason})`];
}

const count = (text: string, name: string): number =>
  text.match(new RegExp(`<(?:[\\w.-]+:)?${name}[\\s/>]`, 'gu'))?.length ?? 0;

function judgeContent(body: string, reply: WsmanReply): string[] {
  const kept = (holds: boolean, what: string): string[] => (holds ? [] : [`${what} was lost`]);
  switch (reply.kind) {
    case 'received': {
      const bytes = Buffer.concat(reply.pieces.map(({ payload }) => payload));
      const exitCode = /<(?:[\w.-]+:)?ExitCode>\s*(-?\d+)/u.exec(body)?.[1];
      return [
        // Ids within the messages are ours; their sizes are the recorded ones.
        ...kept(bytes.length === carried(body).reduce((sum, { block }) => sum + block.length, 0), 'output'),
        ...kept(exitCode === undefined || Number(exitCode) === reply.commandState?.exitCode, 'the exit code'),
        ...kept(/CommandState\/Done/u.test(body) === (reply.commandState?.state === 'done'), 'the state Done'),
        ...kept(
          /<[^<>]*Stream\b[^<>]*\bEnd="true"/iu.test(body) === reply.pieces.some(({ end }) => end),
          'an end of output',
        ),
      ];
    }
    case 'shells':
      return kept(reply.shells.length === count(body, 'Shell'), 'a shell');
    case 'commands':
      return kept(reply.commands.length === count(body, 'CommandId'), 'a command');
    case 'created':
      return kept(reply.shell.shellId !== '', 'the id of the shell');
    case 'shell':
      return kept(reply.shell.shellId !== '' && reply.shell.owner !== '', 'the description of the shell');
    case 'command-accepted':
      return kept(reply.commandId !== '', 'the id of the command');
    case 'connected':
      return kept(
        (reply.connectResponseXml !== undefined) === count(body, 'connectResponseXml') > 0,
        'the answer of the pool',
      );
    case 'settings':
      return kept(reply.settings.size > 0, 'the settings');
    default:
      return [];
  }
}
