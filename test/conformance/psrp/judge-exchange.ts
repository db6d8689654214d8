import { Failure } from '../../../src/kernel/failure.ts';
import { parseClixml } from '../../../src/remote/protocol/clixml/parse-clixml.ts';
import { poolStates } from '../../../src/remote/protocol/psrp/codes.ts';
import { decodeMessage, type Message } from '../../../src/remote/protocol/psrp/message.ts';
import { messageTypes } from '../../../src/remote/protocol/psrp/message-types.ts';
import { readPublicKey } from '../../../src/remote/protocol/psrp/session-key.ts';
import { readKey } from '../../../src/remote/protocol/psrp/session-messages.ts';
import type { Verdict } from '../corpus.ts';
import { Differences } from '../differences.ts';
import { ClientHalf } from './client-half.ts';
import { type Exchange, type Packet, type RecordedExchange, toExchange } from './exchange.ts';
import { type Heard, numberIn, toHeard } from './heard.ts';
import { judgeMessages } from './judge-messages.ts';
import { ServerHalf } from './server-half.ts';
import { WholeMessages } from './whole-messages.ts';

const clientElements: ReadonlySet<string> = new Set(['Data', 'Command', 'Signal', 'Close']);

/** Bytes of the head and of the RSA block in ENCRYPTED_SESSION_KEY. */
const sealedKeyBytes = 12 + 256;

/**
 * Whether a message belongs to the key exchange. A recording does not hold the keys, so its form is judged and the halves are not told of
 * it: secure strings stay closed for them, as they are before a key has come.
 */
function isOfKeys({ message, value }: Heard): boolean {
  if (message.type === 'publicKey') readPublicKey(readKey('publicKey', value));
  else if (message.type !== 'encryptedSessionKey') return false;
  else if (Buffer.from(readKey('encryptedSessionKey', value), 'base64').length !== sealedKeyBytes)
    throw new Failure('protocol-error', `expected a session key of ${sealedKeyBytes} bytes`);
  return true;
}

/** What a server still says when it gives a session up. */
const lastStates: ReadonlySet<unknown> = new Set([
  poolStates.indexOf('closing'),
  poolStates.indexOf('closed'),
  poolStates.indexOf('broken'),
]);

/** Whether PowerShell had something to say behind a packet, besides that the session ends: it acknowledges packets that it can't read too. */
function wasAnswered(exchange: Exchange, packet: Packet): boolean {
  const later = exchange.packets.filter(({ side, order }) => side === 'server' && order > packet.order);
  return later
    .flatMap(({ messages }) => messages)
    .some(
      ({ messageTypeValue, clixml }) =>
        messageTypeValue !== messageTypes.runspacePoolState ||
        !lastStates.has(numberIn(parseClixml(clixml), 'RunspaceState')),
    );
}

/** Both halves of ours in the place of the recorded ones. */
class Playback {
  readonly #differences: Differences;
  readonly #whole = new WholeMessages();
  readonly #client: ClientHalf;
  readonly #server: ServerHalf;
  #nextObjectId = 1n;
  /** The packet that was refused: from then on only the client is told anything. */
  refused: Packet | undefined;

  constructor(exchange: Exchange, differences: Differences) {
    this.#differences = differences;
    this.#client = new ClientHalf(exchange, differences);
    this.#server = new ServerHalf(differences);
  }

  #messages(packet: Packet): { readonly place: string; readonly told: Heard }[] {
    return this.#whole.take(packet).flatMap(({ bytes }) => {
      const message: Message = decodeMessage(bytes);
      const told = toHeard(message, bytes, this.#nextObjectId++);
      return isOfKeys(told) ? [] : [{ place: `packet ${packet.order}, ${message.type}`, told }];
    });
  }

  /** A packet of the client. @throws Failure `protocol-error` if it is refused */
  fromClient(packet: Packet): void {
    if (this.refused !== undefined) return;
    this.refused = packet;
    if (!clientElements.has(packet.name))
      throw new Failure('protocol-error', `packet ${packet.order} is no packet of a client`);
    for (const { place, told } of this.#messages(packet)) {
      this.#server.hear(place, told, packet);
      this.#differences.try(`${place}, said by our client`, () => this.#client.say(told));
    }
    this.#differences.try(`packet ${packet.order}, ${packet.name} of our client`, () => this.#client.signal(packet));
    this.refused = undefined;
  }

  /** A packet of PowerShell. */
  fromServer(packet: Packet): void {
    for (const { place, told } of this.#messages(packet)) {
      this.#client.hear(place, told, packet.target);
      if (this.refused === undefined) this.#server.say(told);
    }
    if (packet.name === 'CloseAck' && packet.target === 'pool') this.#client.closed();
  }

  end(): void {
    this.#client.end();
    if (this.refused === undefined) this.#server.end();
  }
}

/** Plays an exchange; gives the client's packet that was refused, if one was. */
function play(exchange: Exchange, differences: Differences): Packet | undefined {
  const playback = new Playback(exchange, differences);
  for (const packet of exchange.packets) {
    const place = `packet ${packet.order} of the ${packet.side}`;
    if (packet.side === 'server') differences.try(place, () => playback.fromServer(packet));
    else
      try {
        playback.fromClient(packet);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        // What PowerShell refused, we must refuse; it then says nothing more.
        if (wasAnswered(exchange, packet)) differences.add(`${place}: ${error.message}`);
      }
  }
  playback.end();
  return playback.refused;
}

/**
 * Judges an exchange: fragments, messages and values of both sides are decoded as recorded and encoded again; our client, fed with
 * PowerShell's packets, and our server, fed with the client's, see an event for each message, follow without failure to the states that
 * the messages tell, and the server says its own part letter by letter. What PowerShell could not read must be refused.
 */
export function judgeExchange(recorded: RecordedExchange): Verdict {
  const differences = new Differences();
  const exchange = toExchange(recorded);
  const refused = differences.try('playing', () => play(exchange, differences));
  if (refused === undefined && !exchange.packets.some(({ side }) => side === 'server'))
    differences.add('PowerShell said nothing at all, but nothing of the client was refused');
  const taken = ({ side, order }: Packet): boolean => side === 'server' || order < (refused?.order ?? Infinity);
  judgeMessages(exchange.packets.filter(taken), differences);
  return { id: recorded.id, differences: differences.found };
}
