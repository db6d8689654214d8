import { randomBytes } from 'node:crypto';
import { parseClixml } from '../../../src/remote/protocol/clixml/parse-clixml.ts';
import { type PsValue, psProperty } from '../../../src/remote/protocol/clixml/values.ts';
import { writeClixml } from '../../../src/remote/protocol/clixml/write-clixml.ts';
import { pipelineStates, poolStates } from '../../../src/remote/protocol/psrp/codes.ts';
import { Reassembler } from '../../../src/remote/protocol/psrp/fragments.ts';
import { decodeMessage } from '../../../src/remote/protocol/psrp/message.ts';
import type { MessageType } from '../../../src/remote/protocol/psrp/message-types.ts';
import { buildPipeline, readPipeline } from '../../../src/remote/protocol/psrp/pipeline-definition.ts';
import { RunspacePoolServer } from '../../../src/remote/protocol/psrp/server.ts';
import type { ServerEvent } from '../../../src/remote/protocol/psrp/server-events.ts';
import type { Differences } from '../differences.ts';
import type { Packet } from './exchange.ts';
import { errorIn, type Heard, numberIn } from './heard.ts';

/** The event that each message to the server is. The public key is not among them: see `isOfKeys`. */
const kinds: Readonly<Partial<Record<MessageType, ServerEvent['kind']>>> = {
  sessionCapability: 'negotiated',
  initRunspacePool: 'openRequested',
  connectRunspacePool: 'connectRequested',
  setMaxRunspaces: 'maxRunspacesRequested',
  setMinRunspaces: 'minRunspacesRequested',
  getAvailableRunspaces: 'availabilityRequested',
  resetRunspaceState: 'resetRequested',
  createPipeline: 'pipelineCreated',
  getCommandMetadata: 'commandMetadataRequested',
  pipelineInput: 'input',
  endOfPipelineInput: 'inputEnded',
  pipelineHostResponse: 'hostAnswer',
  runspacePoolHostResponse: 'hostAnswer',
};

/** Messages whose text the server's half makes of itself: it must be the one that PowerShell sent. */
const madeByHalf: ReadonlySet<MessageType> = new Set([
  'sessionCapability',
  'runspacePoolState',
  'pipelineState',
  'runspaceAvailability',
]);

/** Our server in PowerShell's place: it hears what the recorded client said, and says what PowerShell said. */
export class ServerHalf {
  readonly #server = new RunspacePoolServer({ randomBytes });
  readonly #differences: Differences;
  readonly #said: string[] = [];
  readonly #recorded: string[] = [];

  constructor(differences: Differences) {
    this.#differences = differences;
  }

  /** Hears a message of the client. @throws Failure `protocol-error` if it is refused */
  hear(place: string, { message, bytes, value }: Heard, { target, stream }: Packet): void {
    const { type, pipelineId } = message;
    const ended = pipelineId !== null && this.#isOver(pipelineId);
    const events = this.#server.receive(bytes, target, stream);
    // Input and answers may cross the end of their pipeline.
    const passedOver = ended && type !== 'createPipeline' && type !== 'getCommandMetadata';
    this.#differences.same(
      `${place}, events for the server`,
      events.map(({ kind }) => kind),
      passedOver ? [] : [kinds[type]],
    );
    for (const event of events) this.#judge(place, event, value);
    this.#collect();
  }

  #isOver(pipelineId: string): boolean {
    const state = this.#server.pipelineState(pipelineId);
    return state === undefined || state === 'stopped' || state === 'completed' || state === 'failed';
  }

  #judge(place: string, event: ServerEvent, value: PsValue): void {
    if (event.kind === 'input') this.#differences.same(`${place}, input`, event.value, value);
    if ('callId' in event) this.#differences.same(`${place}, call`, event.callId, psProperty(value, 'ci'));
    if (event.kind !== 'pipelineCreated') return;
    // Written in our own form it means the same.
    const rebuilt = buildPipeline(event.definition, { version: this.#server.protocolVersion, form: 'full' });
    this.#differences.same(`${place}, rebuilt`, readPipeline(parseClixml(writeClixml(rebuilt))), event.definition);
  }

  /** Says what PowerShell said, as far as it is the server half's own. */
  say({ message, value }: Heard): void {
    const { type, pipelineId } = message;
    if (madeByHalf.has(type)) this.#recorded.push(`${type} ${pipelineId ?? 'pool'} ${message.data}`);
    if (type === 'runspacePoolState') this.#sayPoolState(value);
    if (type === 'pipelineState' && pipelineId !== null && !this.#isOver(pipelineId))
      this.#server.setPipelineState(
        pipelineId,
        pipelineStates[numberIn(value, 'PipelineState')] ?? 'notStarted',
        errorIn(value),
      );
    if (type === 'runspaceAvailability') {
      const result = psProperty(value, 'SetMinMaxRunspacesResponse');
      const callId = psProperty(value, 'ci');
      this.#server.answerAvailability(
        typeof callId === 'bigint' ? callId : 0n,
        typeof result === 'boolean' ? result : Number(result),
      );
    }
    this.#collect();
  }

  #sayPoolState(value: PsValue): void {
    const state = poolStates[numberIn(value, 'RunspaceState')];
    if (state === 'opened') this.#server.acceptOpen(null);
    // Both states are the half's one answer to an end.
    if (state === 'closing') this.#server.endPool();
    if (state === 'broken') this.#server.endPool(errorIn(value));
  }

  /** Takes what the half has to send. */
  #collect(): void {
    for (const target of this.#server.pendingTargets()) {
      const reassembler = new Reassembler();
      for (let chunk = this.#server.dataToSend(target, 1 << 20); chunk !== undefined; ) {
        for (const { bytes } of reassembler.push(chunk.bytes)) {
          const { type, pipelineId, data } = decodeMessage(bytes);
          if (madeByHalf.has(type)) this.#said.push(`${type} ${pipelineId ?? 'pool'} ${data}`);
        }
        chunk = this.#server.dataToSend(target, 1 << 20);
      }
    }
  }

  /** Judges what the half said in all. */
  end(): void {
    const said = [...this.#said];
    const missing = this.#recorded.filter((text) => {
      const place = said.indexOf(text);
      if (place >= 0) said.splice(place, 1);
      return place < 0;
    });
    this.#differences.same('what PowerShell said and the server half did not', missing, []);
  }
}
