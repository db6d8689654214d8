/** How a login is made: NTLM within `Negotiate`, NTLM under its own scheme, or the password in clear (over TLS). */
export type Mechanism = 'negotiate' | 'ntlm' | 'basic';

/** Where a host listens and who logs in. Durations in ms. */
export type WinRmOptions = {
  readonly host: string;
  readonly port: number;
  /** Present: HTTPS. */
  readonly tls?: {
    /** Certificate authorities in PEM, instead of the well-known ones. */
    readonly ca?: string | Buffer;
    /** False takes any certificate; default true. */
    readonly rejectUnauthorized?: boolean;
    /** Name that the certificate must bear, if it is not the host's. */
    readonly servername?: string;
  };
  readonly auth: {
    /** Tried in this order; one that the host does not offer is passed over. */
    readonly mechanisms: readonly Mechanism[];
    /** `DOMAIN\user`, `user@domain` or `user`. */
    readonly username: string;
    /** Asked for when a connection logs in. */
    readonly password: () => Promise<string> | string;
  };
  /** Session configuration; default `Microsoft.PowerShell`. */
  readonly configurationName?: string;
  /** Limit for reaching the host and logging in, per connection. */
  readonly connectTimeoutMs: number;
  /** How long the host holds an operation that has nothing to say; it then answers and is asked again. At most 60 s by default on Windows. */
  readonly operationTimeoutMs: number;
  /** Allows the password in clear over plain HTTP. */
  readonly allowUnencrypted?: boolean;
  /** How long the host keeps the session when this client vanishes; Windows takes 60 s or more. */
  readonly idleTimeoutMs?: number;
  /** How long a session whose connection broke is looked for while a script runs in it; 240 s by default. */
  readonly recoverMs?: number;
  /** Connections that the session may have, at least 2; 3 by default. The second is opened when it is needed. */
  readonly connections?: number;
  /** False reads the session's first messages before the first command is sent, for hosts that cannot take it at once. Default true. */
  readonly commandAtOnce?: boolean;
  /** `full` writes pipelines as PowerShell itself does, a third larger, for hosts that do not take the compact form. Default `compact`. */
  readonly form?: 'full' | 'compact';
  /** False asks the host to keep no answers for the case that they get lost (MS-WSMV 3.1.4.1.39). Default true: hosts that cannot say so. */
  readonly robust?: boolean;
};
