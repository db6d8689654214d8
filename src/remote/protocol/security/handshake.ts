import type { MessageSeal } from './message-seal.ts';

/** What actually proves who is who. */
export type ProvenBy = 'kerberos' | 'ntlm';

/** What a client does next. */
export type ClientStep = {
  /** To be sent; undefined if there is nothing to say. */
  readonly token: Buffer | undefined;
  /** Present as soon as messages can be sealed: the one that goes with `token` too. */
  readonly seal: MessageSeal | undefined;
  /** Whether the peer has to answer, may answer, or has nothing more to say. */
  readonly answer: 'needed' | 'optional' | 'none';
};

/** The client's side of a login: tokens out, tokens in. */
export interface ClientHandshake {
  readonly provenBy: ProvenBy;
  /** Whether the list of mechanisms is to be signed although nothing was negotiated; asked when there is a seal. */
  readonly signsList: boolean;
  /** The first token. */
  start(): ClientStep;
  /** Takes the peer's token. @throws Failure `protocol-error`, `unauthenticated` or `clock-skew` */
  proceed(token: Uint8Array): ClientStep;
}

/** Who logged in. */
export type Identity = {
  readonly provenBy: ProvenBy;
  readonly user: string;
  /** NetBIOS domain or Kerberos realm. */
  readonly domain: string;
};

/** What an acceptor says to a token. */
export type AcceptorStep =
  | { readonly kind: 'continue'; readonly token: Buffer }
  | {
      readonly kind: 'accepted';
      /** The last token, if the mechanism has one. */
      readonly token: Buffer | undefined;
      readonly identity: Identity;
      /** Absent if the client agreed to nothing by which messages could be sealed. */
      readonly seal: MessageSeal | undefined;
    }
  | { readonly kind: 'refused'; readonly token: Buffer | undefined; readonly reason: string };

/** The server's side of a login; one instance serves one connection. */
export interface AcceptorHandshake {
  /** Judges the client's next token. @throws Failure `protocol-error` if it is malformed */
  step(token: Uint8Array): AcceptorStep;
}
