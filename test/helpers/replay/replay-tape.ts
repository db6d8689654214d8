import type { Tape } from '../../../src/remote/protocol/tape/tape.ts';
import { decodeRequest } from '../../../src/remote/protocol/wsman/decode-request.ts';
import type { WsmanRequest } from '../../../src/remote/protocol/wsman/requests.ts';
import { startTapeEndpoint, type TapeEndpoint } from '../../../src/remote/transport/tape/tape-endpoint.ts';
import { failureOfFault } from '../../../src/remote/transport/winrm/wsman-session.ts';
import { missOf } from './heard-event.ts';
import { carried, isPowerShell, type RecordedStep, readSteps } from './recorded-steps.ts';
import { meaningOfSignal, ReplayClient, type StepResult } from './replay-client.ts';
import { differenceOf } from './same-meaning.ts';

/** Replays a recorded conversation with our client; gives what went another way than recorded, first things first. */
export async function replayTape(tape: Tape): Promise<string[]> {
  const steps = readSteps(tape);
  const endpoint = await startTapeEndpoint(tape);
  const client = new ReplayClient(endpoint.port);
  const misses: string[] = [];
  try {
    for (const step of steps) {
      if (!step.incoming) {
        misses.push(`${nameOf(step)}: the request could not be read: ${step.problem}`);
        continue;
      }
      const before = endpoint.calls.length;
      const result = await client.perform(step);
      misses.push(...judge(step, result, endpoint, before, client).map((miss) => `${nameOf(step)}: ${miss}`));
    }
    misses.push(...judgeMessages(steps, endpoint), ...judgeEnds(steps, client));
  } catch (error) {
    misses.push(`step ${endpoint.calls.length}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    client.close();
    await endpoint.close();
  }
  return misses;
}

const nameOf = ({ index, incoming }: RecordedStep): string => `step ${index + 1} (${incoming?.request.kind ?? '?'})`;

function judge(
  step: RecordedStep,
  result: StepResult,
  endpoint: TapeEndpoint,
  before: number,
  client: ReplayClient,
): string[] {
  if (result.nothingToSend) return step.incoming?.request.kind === 'send' ? [] : ['our client had nothing to send'];
  const call = endpoint.calls[before];
  const recorded = step.incoming!.request;
  const sent = call ? decodeRequest(call.request).request : undefined;
  const found = sent ? differs(recorded, sent) : 'our client sent nothing';
  const other =
    call?.answer.index === step.index || recorded.kind === 'send'
      ? undefined
      : `our client was answered with exchange ${call?.answer.index}`;
  return [found, other, ...judgeReply(step, result), ...judgeEvents(step, result, client)].filter(
    (miss) => miss !== undefined,
  );
}

type Fields = { readonly [name: string]: unknown; readonly filter?: Readonly<Record<string, string>> };

/** What differs between two requests apart from ids and payloads. */
function differs(recorded: WsmanRequest, sent: WsmanRequest): string | undefined {
  const facts = (request: WsmanRequest): string => {
    const { shellId, commandId, payload, creationXml, connectXml, text, name, filter, ...rest } = {
      ...request,
    } as Fields;
    const code =
      'code' in rest && typeof rest.code === 'string'
        ? meaningOfSignal(rest.code, String(rest['resourceUri']))
        : undefined;
    const bytes = isPowerShell(request) ? undefined : payload;
    // PowerShell's sessions have names that we choose; a cmd shell has the one that was asked for.
    const label = isPowerShell(request) ? undefined : name;
    const keys = Object.keys(filter ?? {});
    const onCommand = request.kind === 'send' && request.stream === 'pr' ? 'free' : commandId !== undefined;
    return JSON.stringify({ ...rest, code, bytes, label, keys, onCommand });
  };
  const [left, right] = [facts(recorded), facts(sent)];
  return left === right ? undefined : `recorded ${left}, our client sent ${right}`;
}

const codeOnWire = /\bCode="(-?\d+)"|<(?:[\w.-]+:)?error_Code[^<>]*>(\d+)</u;

/** Whether the reply was understood: faults with their code, failures of the way as such, output byte for byte. */
function judgeReply({ outcome, incoming }: RecordedStep, { reply, failure }: StepResult): string[] {
  const host = 'host';
  if (outcome.kind === 'refused-login')
    return failure?.code === 'unauthenticated' ? [] : [`a refused login became ${failure?.code ?? reply?.kind}`];
  if (outcome.kind === 'cut' || outcome.kind === 'silent')
    return failure && ['dropped', 'timed-out', 'unreachable'].includes(failure.code)
      ? []
      : [`a lost connection became ${failure?.code ?? reply?.kind}`];
  const isSoap = /<(?:[\w.-]+:)?Envelope\b/u.test(outcome.body);
  if (!isSoap) return failure ? [] : [`HTTP ${outcome.status} without SOAP became ${reply?.kind}`];
  if (failure) return [`the reply became ${failure.code}: ${failure.message}`];
  if (/<(?:[\w.-]+:)?Fault\b/u.test(outcome.body)) {
    const found = codeOnWire.exec(outcome.body);
    const code = Number(found?.[1] ?? found?.[2] ?? 0) >>> 0;
    if (reply?.kind !== 'fault') return [`a fault became ${reply?.kind}`];
    const typed = failureOfFault(reply, host, false);
    return reply.code === code && typed.facts['faultCode'] === code && reply.reason !== ''
      ? []
      : [`fault ${code} became ${reply.code} (${reply.reason})`];
  }
  if (reply === undefined || reply.kind === 'fault')
    return [`a reply became ${reply ? `fault ${reply.code}` : 'nothing'}`];
  return judgeContent(outcome.body, reply, incoming!.request);
}

const count = (text: string, name: string): number =>
  text.match(new RegExp(`<(?:[\\w.-]+:)?${name}[\\s>]`, 'gu'))?.length ?? 0;

function judgeContent(body: string, reply: NonNullable<StepResult['reply']>, request: WsmanRequest): string[] {
  const misses: string[] = [];
  if (reply.kind === 'received') {
    const blocks = carried(body);
    const bytes = Buffer.concat(blocks.map(({ block }) => block));
    if (Buffer.concat(reply.pieces.map(({ payload }) => payload)).length !== bytes.length)
      misses.push('output is lost');
    if (!isPowerShell(request) && !Buffer.concat(reply.pieces.map(({ payload }) => payload)).equals(bytes))
      misses.push('output was changed');
    const exitCode = /<(?:[\w.-]+:)?ExitCode>(-?\d+)</u.exec(body)?.[1];
    if (exitCode !== undefined && Number(exitCode) !== reply.commandState?.exitCode)
      misses.push(`exit code ${exitCode} is lost`);
    if (/CommandState\/Done/u.test(body) !== (reply.commandState?.state === 'done'))
      misses.push('the state of the command is lost');
    if (count(body, 'Stream') > 0 && /\bEnd="true"/iu.test(body) !== reply.pieces.some(({ end }) => end))
      misses.push('an end of output is lost');
  }
  if (reply.kind === 'shells' && reply.shells.length !== count(body, 'Shell')) misses.push('shells are lost');
  if (reply.kind === 'commands' && reply.commands.length !== count(body, 'CommandId')) misses.push('commands are lost');
  if (reply.kind === 'created' && reply.shell.shellId === '') misses.push('the id of the shell is lost');
  if (reply.kind === 'command-accepted' && reply.commandId === '') misses.push('the id of the command is lost');
  return misses;
}

/** Whether every message became its event, with all that it says. */
function judgeEvents(step: RecordedStep, { events }: StepResult, client: ReplayClient): string[] {
  const misses: string[] = [];
  const left = [...events];
  for (const said of step.heard) {
    const miss = missOf(said, left[0]);
    if (miss === undefined) left.shift();
    // Some hosts report the end of a pipeline twice; the second report is none.
    else if (said.message.type !== 'pipelineState' || !isRepeated(step, said, client)) misses.push(miss);
  }
  return left.length === 0
    ? misses
    : [...misses, `events that nothing stands for: ${left.map(({ kind }) => kind).join(', ')}`];
}

const isRepeated = (step: RecordedStep, said: RecordedStep['heard'][number], client: ReplayClient): boolean => {
  const request = step.incoming?.request;
  if (request?.kind !== 'receive' || request.commandId === undefined) return false;
  return (
    said.value !== undefined &&
    ['stopped', 'completed', 'failed'].includes(client.stateOf(request.shellId, request.commandId) ?? '')
  );
};

/** Whether our client said what the recorded one said, message by message, whatever they were cut to. */
function judgeMessages(steps: readonly RecordedStep[], endpoint: TapeEndpoint): string[] {
  const ours = readSteps({ messages: endpoint.calls.map(({ request }) => ({ request })) });
  const [left, right] = [steps.flatMap(({ begins }) => begins), ours.flatMap(({ begins }) => begins)];
  const misses =
    left.length === right.length ? [] : [`our client sent ${right.length} messages, recorded are ${left.length}`];
  for (const [index, { message, value }] of left.entries()) {
    const said = right[index];
    if (!said) break;
    if (said.message.type !== message.type)
      return [...misses, `message ${index + 1} is ${said.message.type}, recorded is ${message.type}`];
    const difference = differenceOf(message.type, value, said.value);
    if (difference !== undefined) misses.push(`message ${index + 1} (${message.type}) differs in ${difference}`);
  }
  return misses;
}

/** Whether pipelines ended as recorded, and pools were left as recorded. */
function judgeEnds(steps: readonly RecordedStep[], client: ReplayClient): string[] {
  const misses: string[] = [];
  for (const { incoming, outcome } of steps) {
    const request = incoming?.request;
    if (request?.kind !== 'delete' || !isPowerShell(request) || outcome.kind !== 'reply' || outcome.status !== 200)
      continue;
    const phase = client.phaseOf(request.shellId);
    if (phase !== undefined && phase !== 'closed' && phase !== 'broken')
      misses.push(`the pool of ${request.shellId} is ${phase} at the end`);
  }
  return misses;
}
