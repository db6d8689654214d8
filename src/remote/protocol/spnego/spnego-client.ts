import { Failure } from '../../../kernel/failure.ts';
import { mechanismIds } from '../security/gss-framing.ts';
import type { ClientHandshake, ClientStep, ProvenBy } from '../security/handshake.ts';
import type { MessageSeal } from '../security/message-seal.ts';
import {
  decodeNegTokenResp,
  encodeMechanismList,
  encodeNegTokenInit,
  encodeNegTokenResp,
  type NegTokenResp,
  negStates,
} from './negotiation-tokens.ts';

/** Under which names a mechanism is offered and may be chosen. */
export const offeredIds = {
  kerberos: [mechanismIds.kerberos, mechanismIds.microsoftKerberos],
  ntlm: [mechanismIds.ntlm],
} as const satisfies Record<ProvenBy, readonly string[]>;

/**
 * The client's side of SPNEGO (RFC 4178): the first mechanism's first token goes with the offer. If the host chooses another one of the list,
 * both sides must sign the list, so that nobody on the way can have made the choice.
 */
export class SpnegoClient implements ClientHandshake {
  readonly signsList = false;
  readonly #offers: readonly [ClientHandshake, ...ClientHandshake[]];
  readonly #listBytes: Buffer;
  #current: ClientHandshake;
  #seal: MessageSeal | undefined;
  #started = false;
  /** The host chose another mechanism than the first, or asked for signatures: they are needed on both sides. */
  #micNeeded = false;
  #micSent = false;
  #micProven = false;

  /** @param offers mechanisms in order of preference */
  constructor(offers: readonly [ClientHandshake, ...ClientHandshake[]]) {
    this.#offers = offers;
    this.#current = offers[0];
    this.#listBytes = encodeMechanismList(offers.map(({ provenBy }) => offeredIds[provenBy][0]));
  }

  get provenBy(): ProvenBy {
    return this.#current.provenBy;
  }

  start(): ClientStep {
    const { token, answer } = this.#current.start();
    return { token: encodeNegTokenInit(this.#listBytes, token), seal: undefined, answer };
  }

  proceed(bytes: Uint8Array): ClientStep {
    const reply = decodeNegTokenResp(bytes);
    if (reply.state === negStates.reject) throw this.#rejected(reply);
    if (reply.state === negStates.requestMic) this.#micNeeded = true;
    const token = this.#takeToken(reply);
    this.#takeMic(reply);
    const listMic = this.#signList(reply);
    const ended = reply.state === negStates.acceptCompleted;
    if (ended && !this.#seal) {
      throw new Failure('protocol-error', 'The host ended the negotiation before the login was complete.');
    }
    if (ended && this.#micNeeded && !this.#micProven) {
      throw new Failure(
        'protocol-error',
        'The host chose a weaker mechanism and did not sign the choice: somebody on the way may have made it. Nothing was sent.',
      );
    }
    if (token === undefined && listMic === undefined) {
      const waits = !this.#seal || (this.#micNeeded && !this.#micProven);
      if (waits)
        throw new Failure(
          'protocol-error',
          'The negotiation came to a stop: the host waits for something that it does not name.',
        );
      return { token: undefined, seal: this.#seal, answer: 'none' };
    }
    if (ended)
      throw new Failure('protocol-error', 'The host ended the negotiation although the login has a further step.');
    const answer = !this.#seal || this.#micNeeded ? 'needed' : 'optional';
    return { token: encodeNegTokenResp({ token, listMic }), seal: this.#seal, answer };
  }

  /** Hands the host's token to the mechanism that it chose; gives the mechanism's next one. */
  #takeToken(reply: NegTokenResp): Buffer | undefined {
    const first = !this.#started;
    this.#started = true;
    if (reply.mechanism !== undefined && !isOf(this.#current, reply.mechanism)) {
      const chosen = first ? this.#offers.find((offer) => isOf(offer, reply.mechanism ?? '')) : undefined;
      if (!chosen)
        throw new Failure('protocol-error', `The host chose the mechanism ${reply.mechanism}, which was not offered.`);
      this.#current = chosen;
      this.#micNeeded = true;
      return chosen.start().token;
    }
    if (reply.token === undefined) return undefined;
    if (this.#seal) throw new Failure('protocol-error', 'The host goes on with a login that is complete.');
    const step = this.#current.proceed(reply.token);
    this.#seal = step.seal;
    return step.token;
  }

  #takeMic({ listMic }: NegTokenResp): void {
    if (!listMic) return;
    if (!this.#seal)
      throw new Failure('protocol-error', 'The host signed the list of mechanisms before the login was complete.');
    this.#seal.verifyMechanismList(this.#listBytes, listMic);
    this.#micProven = true;
  }

  /** Our signature, once, where the choice, the mechanism or the host's own signature asks for it. */
  #signList({ listMic, state }: NegTokenResp): Buffer | undefined {
    const wanted =
      this.#micNeeded || this.#current.signsList || (listMic !== undefined && state !== negStates.acceptCompleted);
    if (!this.#seal || this.#micSent || !wanted) return undefined;
    // Where the host has ended the negotiation with its first answer there is nobody to sign for.
    if (state === negStates.acceptCompleted) return undefined;
    this.#micSent = true;
    return this.#seal.signMechanismList(this.#listBytes);
  }

  #rejected({ token }: NegTokenResp): Failure {
    try {
      if (token && !this.#seal) this.#current.proceed(token);
    } catch (error) {
      if (error instanceof Failure && error.code !== 'protocol-error') return error;
    }
    return new Failure('unauthenticated', `The host rejected the login by ${this.#current.provenBy}.`);
  }
}

const isOf = ({ provenBy }: ClientHandshake, id: string): boolean => offeredIds[provenBy].some((known) => known === id);
