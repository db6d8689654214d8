import { Failure } from '../../../kernel/failure.ts';
import { poolTarget, type StreamName, type Target } from '../psrp/outbox.ts';
import { type ClientLaneState, type ClientLaneTrigger, clientLaneMachine } from './lane-machine.ts';
import { type Acknowledgement, encodePacket, type Packet } from './packet.ts';
import { type Incoming, PacketReader } from './packet-reader.ts';

/** What came from the server. */
export type StdioClientEvent =
  | { readonly kind: 'data'; readonly target: Target; readonly bytes: Uint8Array }
  /** The server took a packet; of bytes: the lane can send again. */
  | { readonly kind: Acknowledgement; readonly target: Target }
  | { readonly kind: 'remoteError'; readonly text: string };

type Lane = { state: ClientLaneState; readonly waiting: { readonly stream: StreamName; readonly bytes: Uint8Array }[] };

/**
 * The client's half of PSRP over stdio: no input or output of its own. Its owner calls methods, writes `linesToSend` to the process and
 * gives what the process writes to `receive`. Bytes wait here until the server has taken those before.
 */
export class StdioClient {
  readonly #reader = new PacketReader();
  readonly #lanes = new Map<Target, Lane>([[poolTarget, { state: 'open', waiting: [] }]]);
  #lines: string[] = [];

  /** The last of what the process wrote that was no packet. */
  get noise(): string {
    return this.#reader.noise;
  }

  /** State of a lane; undefined if there is none, or no more. */
  stateOf(target: Target): ClientLaneState | undefined {
    return this.#lanes.get(target)?.state;
  }

  /** Pipelines whose lanes can be closed. */
  pipelines(): Target[] {
    return Array.from(this.#lanes.keys()).filter(
      (target) => target !== poolTarget && this.stateOf(target) !== 'closing',
    );
  }

  /** Begins a pipeline's lane. @throws Failure `protocol-error` if it exists */
  begin(target: Target): void {
    if (this.#lanes.has(target)) throw new Failure('protocol-error', `PSRP over stdio: ${target} was begun already`);
    this.#lanes.set(target, { state: 'starting', waiting: [] });
    this.#write({ kind: 'command', target });
  }

  /** Sends bytes as soon as the lane is open; a lane that is being stopped or closed sends none. @throws Failure `protocol-error` without lane */
  send(target: Target, bytes: Uint8Array, stream: StreamName): void {
    const lane = this.#require(target);
    lane.waiting.push({ bytes, stream });
    this.#sendNext(target, lane);
  }

  /** Asks to stop a pipeline: `signalAck` is the answer. @throws Failure `protocol-error` if that is not possible now */
  signal(target: Target): void {
    this.#end(target, 'signal');
  }

  /** Ends a lane; that of the pool ends the session. @throws Failure `protocol-error` if that is not possible now */
  close(target: Target): void {
    this.#end(target, 'close');
  }

  /** What is to be written now; empty if nothing. */
  linesToSend(): string {
    const lines = this.#lines.join('');
    this.#lines = [];
    return lines;
  }

  /** What bytes from the server mean. @throws Failure `protocol-error` for what the protocol does not allow */
  receive(bytes: Uint8Array): StdioClientEvent[] {
    return this.#reader.push(bytes).map((incoming) => this.#take(incoming));
  }

  #take(incoming: Incoming): StdioClientEvent {
    switch (incoming.kind) {
      case 'remoteError':
        return incoming;
      case 'data':
        return { kind: 'data', target: incoming.target, bytes: incoming.bytes };
      case 'command':
      case 'signal':
      case 'close':
        throw new Failure('protocol-error', `PSRP over stdio: a server does not send ${incoming.kind}`);
      default:
        return this.#acknowledge(incoming.kind, incoming.target);
    }
  }

  #acknowledge(kind: Acknowledgement, target: Target): StdioClientEvent {
    const lane = this.#lanes.get(target);
    // The lane may be closed meanwhile.
    if (lane) {
      this.#advance(target, lane, kind);
      if (lane.state === 'closed' && target !== poolTarget) this.#lanes.delete(target);
      this.#sendNext(target, lane);
    }
    return { kind, target };
  }

  #end(target: Target, trigger: 'signal' | 'close'): void {
    const lane = this.#require(target);
    this.#advance(target, lane, trigger);
    lane.waiting.length = 0;
    this.#write({ kind: trigger, target });
  }

  #sendNext(target: Target, lane: Lane): void {
    if (lane.state !== 'open') return;
    const next = lane.waiting.shift();
    if (!next) return;
    this.#advance(target, lane, 'data');
    this.#write({ kind: 'data', target, ...next });
  }

  #advance(target: Target, lane: Lane, trigger: ClientLaneTrigger): void {
    const next = clientLaneMachine[lane.state][trigger];
    if (next === undefined)
      throw new Failure(
        'protocol-error',
        `PSRP over stdio: ${trigger} is not possible while ${target} is ${lane.state}`,
      );
    lane.state = next;
  }

  #require(target: Target): Lane {
    const lane = this.#lanes.get(target);
    if (!lane) throw new Failure('protocol-error', `PSRP over stdio: there is no ${target}`);
    return lane;
  }

  #write(packet: Packet): void {
    this.#lines.push(encodePacket(packet));
  }
}
