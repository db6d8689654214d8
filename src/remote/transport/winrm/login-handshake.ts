import type { ProvenBy } from '../../protocol/security/handshake.ts';
import type { SealedMessage } from '../../protocol/security/message-seal.ts';

type Awaitable<T> = T | Promise<T>;

/** Seals the bodies of one connection; what the system's own libraries do may take a moment. */
export type BodySeal = {
  seal(message: Uint8Array): Awaitable<SealedMessage>;
  unseal(signature: Uint8Array, sealed: Uint8Array): Awaitable<Buffer>;
};

/** As `ClientStep` of the protocol. */
export type LoginStep = {
  readonly token: Buffer | undefined;
  readonly seal: BodySeal | undefined;
  readonly answer: 'needed' | 'optional' | 'none';
};

/** The client's side of a login: one of the protocol's own, or the system's. */
export type LoginHandshake = {
  readonly provenBy: ProvenBy;
  start(): Awaitable<LoginStep>;
  proceed(token: Uint8Array): Awaitable<LoginStep>;
};
