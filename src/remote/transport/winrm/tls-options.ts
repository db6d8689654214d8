/** How a host's certificate is checked, and what ours is. Everything in PEM. */
export type WinRmTls = {
  /** Certificate authorities, instead of the well-known ones. */
  readonly ca?: string | Buffer;
  /** False takes any certificate; default true. */
  readonly rejectUnauthorized?: boolean;
  /** Name that the certificate must bear, if it is not the host's. */
  readonly servername?: string;
  /**
   * Fingerprints, one of which the certificate must have: `sha256:<hex>` of the certificate, or `sha256//<base64>` of its public key. A pinned
   * certificate needs no authority; if `ca` is given too, both must hold.
   */
  readonly pin?: readonly string[];
  /** False binds logins to no certificate: where something between ends TLS and starts it anew. Default true. */
  readonly channelBinding?: boolean;
  /** Shown to the host by the mechanism `certificate`, and by no other. */
  readonly clientCertificate?: ClientCertificate;
};

/** A certificate that logs in. */
export type ClientCertificate = { readonly cert: string; readonly key: string; readonly passphrase?: string };

/** An HTTP proxy through which every connection is tunnelled. */
export type WinRmProxy = {
  /** `http://name:port`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: () => Promise<string> | string;
};
