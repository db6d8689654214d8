import type { TapeExchange } from '../../protocol/tape/tape.ts';
import type { KerberosSettings } from '../kerberos/kerberos-settings.ts';
import type { WinRmProxy, WinRmTls } from './tls-options.ts';
import type { WinRmMemory } from './winrm-memory.ts';

/**
 * How a login is made: by Kerberos; by SPNEGO (Kerberos if the host's settings tell how to have tickets and one is had, else NTLM); by NTLM
 * under its own scheme; with the password in clear (over TLS); with a client certificate (over TLS).
 */
export type Mechanism = 'kerberos' | 'negotiate' | 'ntlm' | 'basic' | 'certificate';

/** Where a host listens and who logs in. Durations in ms. */
export type WinRmOptions = {
  readonly host: string;
  readonly port: number;
  /** Present: HTTPS. */
  readonly tls?: WinRmTls;
  readonly proxy?: WinRmProxy;
  /** How Kerberos tickets are had; with it `negotiate` tries Kerberos too. */
  readonly kerberos?: KerberosSettings;
  readonly auth: {
    /**
     * Tried in this order. The next one follows if the host does not offer a mechanism, if no ticket is to be had, or if the host refuses a
     * ticket or a certificate; a password that was refused is not tried again.
     */
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
  /** Allows messages and the password in clear over plain HTTP. */
  readonly allowUnencrypted?: boolean;
  /** How long the host keeps the session when this client vanishes; Windows takes 60 s or more. */
  readonly idleTimeoutMs?: number;
  /** Name of the session in the host's list; by default one that tells this process from others, see session-mark.ts. */
  readonly mark?: string;
  /** How long a session whose connection broke is looked for while a script runs in it; 240 s by default. */
  readonly recoverMs?: number;
  /** How long an answer may take beyond `operationTimeoutMs` before its connection is given up; 30 s by default. */
  readonly answerMarginMs?: number;
  /** How long a script may take to end once it was to be stopped; then the session is given up. 30 s by default. */
  readonly stopGraceMs?: number;
  /** Connections that the session may have, at least 2; 3 by default. The second is opened when it is needed. */
  readonly connections?: number;
  /** After so many commands the session is `exhausted`; 950 by default, for Windows allows 1,000 in a shell. */
  readonly commandsPerSession?: number;
  /** False reads the session's first messages before the first command is sent, for hosts that cannot take it at once. Default true. */
  readonly commandAtOnce?: boolean;
  /** `full` writes pipelines as PowerShell itself does, a third larger, for hosts that do not take the compact form. Default `compact`. */
  readonly form?: 'full' | 'compact';
  /** False asks the host to keep no answers for the case that they get lost (MS-WSMV 3.1.4.1.39). Default true: hosts that cannot say so. */
  readonly robust?: boolean;
  /** What is kept beyond this session; its own where it is left out. */
  readonly memory?: WinRmMemory;
  /** Told of what lowers the security of a connection; default: a warning of the process. */
  readonly warn?: (text: string) => void;
  /** Told of each request and its answer, in clear text and without anything of the login. If it throws, that is warned of, and the answer counts. */
  readonly onExchange?: (exchange: TapeExchange) => void;
};
