import { type PsValue, psProperty } from '../../../src/remote/protocol/clixml/values.ts';
import { RunspacePoolClient } from '../../../src/remote/protocol/psrp/client.ts';
import type { ClientEvent } from '../../../src/remote/protocol/psrp/client-events.ts';
import { pipelineStates, poolStates } from '../../../src/remote/protocol/psrp/codes.ts';
import type { MessageType } from '../../../src/remote/protocol/psrp/message-types.ts';
import { pipelineEnds } from '../../../src/remote/protocol/psrp/pipeline-machine.ts';
import type { PoolPhase } from '../../../src/remote/protocol/psrp/pool-machine.ts';
import { generateSessionKeyPair } from '../../../src/remote/protocol/psrp/session-key.ts';
import type { Differences } from '../differences.ts';
import type { Exchange, Packet } from './exchange.ts';
import { type Heard, numberIn } from './heard.ts';

/** The event that each message to the client is. The session key is not among them: see `isOfKeys`. */
const kinds: Readonly<Partial<Record<MessageType, ClientEvent['kind']>>> = {
  sessionCapability: 'negotiated',
  runspaceAvailability: 'runspaceAvailability',
  runspacePoolState: 'poolState',
  applicationPrivateData: 'applicationPrivateData',
  runspacePoolInitData: 'poolSize',
  publicKeyRequest: 'keyRequested',
  userEvent: 'userEvent',
  runspacePoolHostCall: 'hostCall',
  pipelineOutput: 'output',
  errorRecord: 'error',
  pipelineState: 'pipelineState',
  debugRecord: 'debug',
  verboseRecord: 'verbose',
  warningRecord: 'warning',
  progressRecord: 'progress',
  informationRecord: 'information',
  pipelineHostCall: 'hostCall',
};

/** What an event must say: read from the message's value on its own. */
function expected(event: ClientEvent, value: PsValue): readonly [unknown, unknown] {
  switch (event.kind) {
    case 'output':
      return [event.value, value];
    case 'poolState':
      return [event.state, poolStates[numberIn(value, 'RunspaceState')]];
    case 'pipelineState':
      return [event.state, pipelineStates[numberIn(value, 'PipelineState')]];
    case 'error':
      return [event.record.fullyQualifiedErrorId, psProperty(value, 'FullyQualifiedErrorId')];
    case 'debug':
    case 'verbose':
    case 'warning':
      return [event.record.message, psProperty(value, 'InformationalRecord_Message')];
    case 'progress':
      return [event.record.activity, psProperty(value, 'Activity')];
    case 'information':
      return [event.record.messageData, psProperty(value, 'MessageData')];
    case 'hostCall':
      return [event.call.callId, psProperty(value, 'ci')];
    case 'runspaceAvailability':
      return [event.callId, psProperty(value, 'ci')];
    default:
      return [null, null];
  }
}

/** Where a pool must be when the server has told this state. */
const phases: Readonly<Partial<Record<(typeof poolStates)[number], PoolPhase>>> = {
  opened: 'opened',
  closing: 'closing',
  closed: 'closed',
  broken: 'broken',
};

/** Our client in the recorded client's place: it hears what the recorded server said. */
export class ClientHalf {
  readonly #client: RunspacePoolClient;
  readonly #differences: Differences;
  readonly #connects: boolean;
  #phase: PoolPhase | undefined;

  constructor(exchange: Exchange, differences: Differences) {
    const messages = exchange.packets.filter(({ side }) => side === 'client').flatMap((packet) => packet.messages);
    this.#client = new RunspacePoolClient({ id: messages[0]?.rpid ?? '', keyPair: generateSessionKeyPair });
    this.#connects = messages.some(({ messageType }) => messageType === 'CONNECT_RUNSPACEPOOL');
    this.#differences = differences;
  }

  /** Does what the recorded client did with a message. */
  say({ message: { type, pipelineId } }: Heard): void {
    if (type === 'sessionCapability')
      if (this.#connects) this.#client.connect();
      else this.#client.open();
    if (type === 'createPipeline') this.#client.createPipeline(pipelineId ?? '', { statements: [] });
    if (type === 'getCommandMetadata') this.#client.adoptPipeline(pipelineId ?? '');
  }

  /** Does what the recorded client did with a packet without messages. */
  signal({ name, target }: Packet): void {
    if (name === 'Signal' && this.#client.pipelineState(target) !== undefined)
      this.#client.advancePipeline(target, 'stop');
    if (name === 'Close' && target === 'pool') this.#client.advance('close');
  }

  /** Hears a message of the server. */
  hear(place: string, { message, bytes, value }: Heard, target: string): void {
    const { type, pipelineId } = message;
    const before = pipelineId === null ? undefined : this.#client.pipelineState(pipelineId);
    const events = this.#client.receive(bytes, target);
    // A pipeline ends once: what says so again is no event.
    const again = type === 'pipelineState' && before !== undefined && pipelineEnds.has(before);
    this.#differences.same(
      `${place}, events for the client`,
      events.map(({ kind }) => kind),
      again ? [] : [kinds[type]],
    );
    const [event] = events;
    if (event === undefined) return;
    const [found, wanted] = expected(event, value);
    this.#differences.same(`${place}, ${event.kind}`, found, wanted);
    if ('pipelineId' in event) this.#differences.same(`${place}, pipeline`, event.pipelineId, pipelineId);
    if (event.kind === 'pipelineState')
      this.#differences.same(`${place}, state`, this.#client.pipelineState(event.pipelineId), event.state);
    if (event.kind === 'poolState') this.#phase = phases[event.state] ?? this.#phase;
  }

  /** Takes the acknowledgement of the whole session's end. */
  closed(): void {
    this.#client.advance('closed');
    this.#phase = this.#phase === 'broken' ? 'broken' : 'closed';
  }

  /** Judges where the client has come to. */
  end(): void {
    if (this.#phase !== undefined) this.#differences.same('phase of the client', this.#client.phase, this.#phase);
  }
}
