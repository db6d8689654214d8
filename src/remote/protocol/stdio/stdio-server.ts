import { Failure } from '../../../kernel/failure.ts';
import { poolTarget, type StreamName, type Target } from '../psrp/outbox.ts';
import { type ServerLaneState, type ServerLaneTrigger, serverLaneMachine } from './lane-machine.ts';
import { encodePacket, type Packet, type Request } from './packet.ts';
import { PacketReader } from './packet-reader.ts';

/** What came from the client; each is to be acknowledged once. */
export type StdioServerEvent =
  | { readonly kind: 'data'; readonly target: Target; readonly stream: StreamName; readonly bytes: Uint8Array }
  | { readonly kind: Request; readonly target: Target };

/** The server's half of PSRP over stdio: no input or output of its own. */
export class StdioServer {
  readonly #reader = new PacketReader();
  readonly #lanes = new Map<Target, ServerLaneState>([[poolTarget, 'open']]);
  #lines: string[] = [];

  /** Whether any pipeline's lane is there. */
  get hasPipelines(): boolean {
    return this.#lanes.size > (this.#lanes.has(poolTarget) ? 1 : 0);
  }

  /**
   * What bytes from the client mean.
   * @throws Failure `protocol-error` for what the protocol does not allow, such as bytes before the last ones were acknowledged
   */
  receive(bytes: Uint8Array): StdioServerEvent[] {
    return this.#reader.push(bytes).map((incoming) => {
      switch (incoming.kind) {
        case 'data':
        case 'command':
        case 'signal':
        case 'close':
          this.#advance(incoming.target, incoming.kind);
          return incoming;
        default:
          throw new Failure('protocol-error', `PSRP over stdio: a client does not send ${incoming.kind}`);
      }
    });
  }

  /** Says that an event has been dealt with. @throws Failure `protocol-error` if there was none such */
  acknowledge({ kind, target }: StdioServerEvent): void {
    const word = `${kind}Ack` as const;
    this.#advance(target, word);
    this.#write({ kind: word, target });
  }

  /** Sends PSRP bytes: one fragment each, as PowerShell does. They are not acknowledged. */
  send(target: Target, bytes: Uint8Array): void {
    this.#write({ kind: 'data', target, stream: 'default', bytes });
  }

  /** What is to be written now; empty if nothing. */
  linesToSend(): string {
    const lines = this.#lines.join('');
    this.#lines = [];
    return lines;
  }

  #advance(target: Target, trigger: ServerLaneTrigger): void {
    const state = this.#lanes.get(target) ?? 'absent';
    const next = serverLaneMachine[state][trigger];
    if (next === undefined)
      throw new Failure('protocol-error', `PSRP over stdio: ${trigger} is not possible while ${target} is ${state}`);
    if (next === 'absent') this.#lanes.delete(target);
    else this.#lanes.set(target, next);
  }

  #write(packet: Packet): void {
    this.#lines.push(encodePacket(packet));
  }
}
