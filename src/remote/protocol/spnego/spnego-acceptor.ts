import { Failure } from '../../../kernel/failure.ts';
import type { AcceptorHandshake, AcceptorStep, ProvenBy } from '../security/handshake.ts';
import { decodeNegTokenInit, decodeNegTokenResp, encodeNegTokenResp, negStates } from './negotiation-tokens.ts';
import { offeredIds } from './spnego-client.ts';

/** Makes the acceptors of the mechanisms that are served. */
export type ServedMechanisms = Readonly<Partial<Record<ProvenBy, () => AcceptorHandshake>>>;

type Accepted = Extract<AcceptorStep, { kind: 'accepted' }>;

/** The server's side of SPNEGO (RFC 4178); one instance serves one login. */
export class SpnegoAcceptor implements AcceptorHandshake {
  readonly #served: ServedMechanisms;
  #listBytes: Buffer | undefined;
  #acceptor: AcceptorHandshake | undefined;
  #micNeeded = false;
  /** The login is complete but for the client's signature over the list. */
  #awaitingMic: Accepted | undefined;

  constructor(served: ServedMechanisms) {
    this.#served = served;
  }

  step(bytes: Uint8Array): AcceptorStep {
    return this.#listBytes ? this.#goOn(this.#listBytes, bytes) : this.#begin(bytes);
  }

  #begin(bytes: Uint8Array): AcceptorStep {
    const { mechanisms, listBytes, token } = decodeNegTokenInit(bytes);
    const chosen = mechanisms.find((id) => this.#makerOf(id) !== undefined);
    const make = chosen === undefined ? undefined : this.#makerOf(chosen);
    if (chosen === undefined || !make) {
      return { kind: 'refused', token: encodeNegTokenResp({ state: negStates.reject }), reason: 'no common mechanism' };
    }
    this.#listBytes = listBytes;
    this.#acceptor = make();
    this.#micNeeded = mechanisms[0] !== chosen;
    if (!this.#micNeeded && token) return this.#wrap(this.#acceptor.step(token), chosen, undefined);
    const state = this.#micNeeded ? negStates.requestMic : negStates.acceptIncomplete;
    return { kind: 'continue', token: encodeNegTokenResp({ state, mechanism: chosen }) };
  }

  #goOn(listBytes: Buffer, bytes: Uint8Array): AcceptorStep {
    const { token, listMic } = decodeNegTokenResp(bytes);
    const waiting = this.#awaitingMic;
    if (waiting) {
      if (!listMic) return refused('the list of mechanisms is not signed');
      waiting.seal?.verifyMechanismList(listBytes, listMic);
      return { ...waiting, token: encodeNegTokenResp({ state: negStates.acceptCompleted }) };
    }
    if (!token || !this.#acceptor)
      throw new Failure('protocol-error', "Expected the mechanism's next token, got none.");
    return this.#wrap(this.#acceptor.step(token), undefined, listMic);
  }

  #wrap(step: AcceptorStep, mechanism: string | undefined, listMic: Buffer | undefined): AcceptorStep {
    if (step.kind === 'refused') {
      return { ...step, token: encodeNegTokenResp({ state: negStates.reject, token: step.token }) };
    }
    if (step.kind === 'continue') {
      const { token } = step;
      return { kind: 'continue', token: encodeNegTokenResp({ state: negStates.acceptIncomplete, mechanism, token }) };
    }
    const { seal, token } = step;
    const list = this.#listBytes;
    if (!seal || !list) {
      if (this.#micNeeded) return refused('no signature of the list is possible');
      return { ...step, token: encodeNegTokenResp({ state: negStates.acceptCompleted, mechanism, token }) };
    }
    if (listMic) seal.verifyMechanismList(list, listMic);
    const mic = listMic || this.#micNeeded ? seal.signMechanismList(list) : undefined;
    const complete = listMic !== undefined || !this.#micNeeded;
    const state = complete ? negStates.acceptCompleted : negStates.acceptIncomplete;
    const reply = encodeNegTokenResp({ state, mechanism, token, listMic: mic });
    if (complete) return { ...step, token: reply };
    this.#awaitingMic = step;
    return { kind: 'continue', token: reply };
  }

  #makerOf(id: string): (() => AcceptorHandshake) | undefined {
    const provenBy = (['kerberos', 'ntlm'] as const).find((name) => offeredIds[name].some((known) => known === id));
    return provenBy && this.#served[provenBy];
  }
}

function refused(reason: string): AcceptorStep {
  return { kind: 'refused', token: encodeNegTokenResp({ state: negStates.reject }), reason };
}
