import { parseClixml } from '../../../src/remote/protocol/clixml/parse-clixml.ts';
import type { PsValue } from '../../../src/remote/protocol/clixml/values.ts';
import { Reassembler } from '../../../src/remote/protocol/psrp/fragments.ts';
import { emptyGuid, type Guid } from '../../../src/remote/protocol/psrp/guid.ts';
import { decodeMessage, type Message } from '../../../src/remote/protocol/psrp/message.ts';
import { outcomeOf, type Tape, type TapeOutcome } from '../../../src/remote/protocol/tape/tape.ts';
import { decodeRequest, type IncomingRequest } from '../../../src/remote/protocol/wsman/decode-request.ts';
import { resources } from '../../../src/remote/protocol/wsman/namespaces.ts';
import type { WsmanRequest } from '../../../src/remote/protocol/wsman/requests.ts';

/** A PSRP message of a recording, in full. */
export type Said = { readonly message: Message; readonly value: PsValue | undefined };

/** One exchange of a recording, understood without our client. */
export type RecordedStep = {
  readonly index: number;
  readonly outcome: TapeOutcome;
  /** Undefined for a request that is none of the shell protocol; `problem` says why. */
  readonly incoming: IncomingRequest | undefined;
  readonly problem: string | undefined;
  /** Messages that this request begins, and whether the last one goes on in another request. */
  readonly begins: readonly Said[];
  readonly goesOn: boolean;
  /** Messages that the reply completes. */
  readonly heard: readonly Said[];
};

/** The messages that pass in one direction of one recording. */
class Ear {
  readonly #lanes = new Map<string, Reassembler>();
  /** Steps in which messages began that are not complete, by lane. */
  readonly #begun = new Map<string, number[]>();

  /** Forgets a lane: whoever speaks now begins anew. */
  reset(lane: string): void {
    this.#lanes.delete(lane);
    this.#begun.delete(lane);
  }

  /** Messages that these fragments complete, each with the step in which it began, and whether one goes on. */
  hear(
    lane: string,
    block: Uint8Array,
    step: number,
    command: Guid | undefined,
  ): { readonly done: [Said, number][]; readonly goesOn: boolean } {
    const reassembler = this.#lanes.get(lane) ?? new Reassembler();
    this.#lanes.set(lane, reassembler);
    const begun = this.#begun.get(lane) ?? [];
    this.#begun.set(lane, begun);
    for (let start = 0; start < countStarts(block); start++) begun.push(step);
    const done = reassembler
      .push(block)
      .map(({ bytes }): [Said, number] => [read(bytes, command), begun.shift() ?? step]);
    return { done, goesOn: !reassembler.idle };
  }
}

function read(bytes: Uint8Array, command: Guid | undefined): Said {
  const message = decodeMessage(bytes);
  // On a scrubbed recording the ids in the messages are zeros too.
  const pipelineId = message.pipelineId ?? (ofPipeline.test(message.type) ? (command ?? emptyGuid) : null);
  return { message: { ...message, pipelineId }, value: message.data === '' ? undefined : parseClixml(message.data) };
}

const ofPipeline =
  /^(?:pipeline|createPipeline|endOfPipeline|getCommandMetadata|(?:error|debug|verbose|warning|progress|information)Record$)/u;

function countStarts(block: Uint8Array): number {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.length);
  let starts = 0;
  for (let at = 0; at + 21 <= bytes.length; at += 21 + bytes.readUInt32BE(at + 17))
    if ((bytes[at + 16]! & 1) !== 0) starts++;
  return starts;
}

/** Reads a recording. @throws Failure `protocol-error` where its messages are no PSRP */
export function readSteps(tape: Tape): RecordedStep[] {
  const [client, host] = [new Ear(), new Ear()];
  const begins = tape.messages.map((): Said[] => []);
  const steps = tape.messages.map((exchange, index) => {
    const outcome = outcomeOf(exchange);
    const { incoming, problem } = tryDecode(exchange.request);
    const request = incoming?.request;
    let goesOn = false;
    for (const { lane, block, fresh, command } of request ? spoken(request) : []) {
      if (fresh) client.reset(lane);
      const heard = client.hear(lane, block, index, command);
      for (const [said, began] of heard.done) begins[began]?.push(said);
      goesOn = heard.goesOn;
    }
    const heard = request ? hearReply(host, request, outcome, index) : [];
    return { index, outcome, incoming, problem, goesOn, heard };
  });
  return steps.map((step, index) => ({ ...step, begins: begins[index] ?? [] }));
}

function tryDecode(text: string): Pick<RecordedStep, 'incoming' | 'problem'> {
  try {
    return { incoming: decodeRequest(text), problem: undefined };
  } catch (error) {
    return { incoming: undefined, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether a request belongs to a PowerShell session, whose streams carry PSRP. */
export const isPowerShell = (request: WsmanRequest): boolean =>
  'resourceUri' in request && request.resourceUri.toLowerCase() !== resources.cmd;

type Spoken = {
  readonly lane: string;
  readonly block: Uint8Array;
  readonly fresh: boolean;
  readonly command: Guid | undefined;
};

function spoken(request: WsmanRequest): Spoken[] {
  if (!isPowerShell(request)) return [];
  const lane = 'shellId' in request ? `${request.shellId ?? ''}` : '';
  switch (request.kind) {
    case 'create':
      return [{ lane: `${lane} pool stdin`, block: request.creationXml, fresh: true, command: undefined }];
    case 'connect':
      return [{ lane: `${lane} pool stdin`, block: request.connectXml, fresh: true, command: undefined }];
    case 'command':
      return [
        { lane: `${lane} ${request.commandId} stdin`, block: request.payload, fresh: true, command: request.commandId },
      ];
    case 'send': {
      const { commandId, stream, payload } = request;
      return [{ lane: `${lane} ${commandId ?? 'pool'} ${stream}`, block: payload, fresh: false, command: commandId }];
    }
    default:
      return [];
  }
}

function hearReply(host: Ear, request: WsmanRequest, outcome: TapeOutcome, index: number): Said[] {
  if (outcome.kind !== 'reply' || !isPowerShell(request)) return [];
  const shell = 'shellId' in request ? (request.shellId ?? '') : '';
  if (request.kind === 'create' || request.kind === 'connect') host.reset(`${shell} pool`);
  return carried(outcome.body).flatMap(({ command, block }) =>
    host.hear(`${shell} ${command ?? 'pool'}`, block, index, command).done.map(([said]) => said),
  );
}

/** The blocks that a reply carries, found without our decoder. */
export function carried(body: string): { readonly command: string | undefined; readonly block: Buffer }[] {
  const found = body.matchAll(/<(?:[\w.-]+:)?(?:Stream|connectResponseXml)\b([^<>]*)>([A-Za-z0-9+/=\s]+)</gu);
  return Array.from(found, ([, attributes = '', content = '']) => ({
    command: /\bCommandId\s*=\s*["']([^"']*)/u.exec(attributes)?.[1],
    block: Buffer.from(content, 'base64'),
  }));
}
