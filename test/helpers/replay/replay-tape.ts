import type { Tape } from '../../../src/remote/protocol/tape/tape.ts';
import { decodeRequest } from '../../../src/remote/protocol/wsman/decode-request.ts';
import {
  startTapeEndpoint,
  type TapedCall,
  type TapeEndpoint,
} from '../../../src/remote/transport/tape/tape-endpoint.ts';
import { missOf } from './heard-event.ts';
import { judgeReply } from './judge-reply.ts';
import { judgeRequest } from './judge-request.ts';
import { isPowerShell, type RecordedStep, readSteps, type Said } from './recorded-steps.ts';
import { ReplayClient, type StepResult } from './replay-client.ts';
import { differenceOf } from './same-meaning.ts';

/** Replays a recorded conversation with our client; gives what went another way than recorded, first things first. */
export async function replayTape(tape: Tape): Promise<string[]> {
  const steps = readSteps(tape);
  const endpoint = await startTapeEndpoint(tape, { atOnce: true });
  const client = new ReplayClient(endpoint.port);
  const misses: string[] = [];
  try {
    for (const step of steps) {
      const asked = endpoint.calls.length;
      const found = await perform(step, client, () => endpoint.calls[asked]);
      misses.push(...found.map((miss) => `step ${step.index + 1} (${step.incoming?.request.kind ?? '?'}): ${miss}`));
    }
    misses.push(...judgeMessages(steps, endpoint), ...judgePools(steps, client));
  } finally {
    client.close();
    await endpoint.close();
  }
  return misses;
}

async function perform(step: RecordedStep, client: ReplayClient, call: () => TapedCall | undefined): Promise<string[]> {
  if (!step.incoming) return [`the request could not be read: ${step.problem}`];
  try {
    const result = await client.perform(step);
    return judge(step, result, call(), client);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function judge(step: RecordedStep, result: StepResult, call: TapedCall | undefined, client: ReplayClient): string[] {
  const recorded = step.incoming!;
  const isSend = recorded.request.kind === 'send';
  if (result.nothingToSend) return isSend ? [] : ['our client had nothing to send'];
  if (!call) return ['our client sent nothing'];
  const difference = judgeRequest(recorded, decodeRequest(call.request));
  const other = isSend || call.answer.index === step.index ? undefined : `the tape took it for ${call.answer.index}`;
  return [
    ...[difference, other].filter((miss) => miss !== undefined),
    ...judgeReply(step.outcome, result),
    ...judgeEvents(step, result, client),
  ];
}

/** Whether every message became its event, with all that it says, and pipelines are where the last report has them. */
function judgeEvents({ heard, incoming }: RecordedStep, { events }: StepResult, client: ReplayClient): string[] {
  const request = incoming?.request;
  const state =
    request?.kind === 'receive' && request.commandId ? client.stateOf(request.shellId, request.commandId) : undefined;
  const misses: string[] = [];
  const left = [...events];
  for (const said of heard) {
    const miss = missOf(said, left[0]);
    if (miss === undefined) {
      const event = left.shift();
      if (
        event?.kind === 'pipelineState' &&
        state !== undefined &&
        said === heard.findLast(isState) &&
        event.state !== state
      )
        misses.push(`the pipeline is ${state} after it was reported ${event.state}`);
    }
    // Some hosts report the end of a pipeline twice; the second report is none.
    else if (!isState(said) || !ended.has(state ?? '')) misses.push(miss);
  }
  return left.length === 0
    ? misses
    : [...misses, `nothing was said that makes ${left.map(({ kind }) => kind).join(', ')}`];
}

const isState = ({ message }: Said): boolean => message.type === 'pipelineState';
const ended: ReadonlySet<string> = new Set(['stopped', 'completed', 'failed']);

/** Whether our client said what the recorded one said, message by message, whatever they were cut to. */
function judgeMessages(steps: readonly RecordedStep[], endpoint: TapeEndpoint): string[] {
  const ours = readSteps({ messages: endpoint.calls.map(({ request }) => ({ request })) });
  const [left, right] = [steps, ours].map((all) => all.flatMap(({ begins }) => begins));
  if (!left || !right) return [];
  const misses = left.length === right.length ? [] : [`our client sent ${right.length} messages, not ${left.length}`];
  for (const [index, { message, value }] of left.entries()) {
    const said = right[index];
    if (!said) break;
    if (said.message.type !== message.type)
      return [...misses, `message ${index + 1} is ${said.message.type}, not ${message.type}`];
    const difference = differenceOf(message.type, value, said.value);
    if (difference !== undefined) misses.push(`message ${index + 1} (${message.type}) differs in ${difference}`);
  }
  return misses;
}

/** Whether pools that were deleted are closed. */
function judgePools(steps: readonly RecordedStep[], client: ReplayClient): string[] {
  return steps.flatMap(({ incoming, outcome }) => {
    const request = incoming?.request;
    const deleted =
      request?.kind === 'delete' && isPowerShell(request) && outcome.kind === 'reply' && outcome.status === 200;
    const phase = deleted ? client.phaseOf(request.shellId) : undefined;
    return phase === undefined || phase === 'closed' || phase === 'broken' ? [] : [`the pool is ${phase} at the end`];
  });
}
