/** A sealed message: its signature and the encrypted bytes. */
export type SealedMessage = { readonly signature: Buffer; readonly sealed: Buffer };

/**
 * The security context of one connection: sealing and unsealing in order. An instance must never serve a second connection, and no message
 * may be left out.
 */
export interface MessageSeal {
  /** Encrypts and signs the next message to the peer. */
  seal(message: Uint8Array): SealedMessage;
  /** Decrypts the next message of the peer and proves it. @throws Failure `protocol-error` if it was altered or is out of order */
  unseal(signature: Uint8Array, sealed: Uint8Array): Buffer;
  /** Signs the list of mechanisms at the end of a negotiation (RFC 4178 5). Comes before the first sealed message, if at all. */
  signMechanismList(list: Uint8Array): Buffer;
  /** Proves the peer's signature over the list of mechanisms. @throws Failure `protocol-error` */
  verifyMechanismList(list: Uint8Array, signature: Uint8Array): void;
}
