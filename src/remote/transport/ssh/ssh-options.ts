import type { Warn } from '../warn.ts';

/** How a host is reached over SSH, by the system's `ssh`. Durations in ms. */
export type SshOptions = {
  /** Name or address, as `ssh` gets it. */
  readonly host: string;
  /** `ssh`'s own setting, or 22, unless given. */
  readonly port?: number;
  /** `name`, `name@domain` or `DOMAIN\name`; `ssh`'s own setting, or this process's account, unless given. */
  readonly username?: string;
  /** File of a private key without passphrase; otherwise the agent, GSSAPI and the keys that `ssh` finds are tried. */
  readonly identityFile?: string;
  /** Asked for when `ssh` asks; then only the password is tried. Not on Windows, and not through a jump host. */
  readonly password?: () => Promise<string> | string;
  /** File of known host keys, instead of the user's and the system's own. */
  readonly knownHosts?: string;
  /** The host's public key as `type base64`: no other is taken, and no file is read. */
  readonly hostKey?: string;
  /** False takes any host key: whoever stands in the way can then act as the host. Default true. */
  readonly checkHostKey?: boolean;
  /** Hosts to go through, as in `ssh -J`; their keys are checked by `ssh`'s own settings. */
  readonly proxyJump?: string;
  /** Name of the subsystem that starts PowerShell; default `powershell`. */
  readonly subsystem?: string;
  /** The program; default `ssh`. */
  readonly executable?: string;
  /** Limit for connecting, logging in and opening the session. */
  readonly connectTimeoutMs: number;
  /** Told where the host's key is not checked; default: a warning of the process. */
  readonly warn?: Warn;
};
