import type { Revealable } from '../../powershell/remote-shell.ts';
import type { Warn } from '../warn.ts';

/** How `New-PSSession` logs in over WinRM; the names are PowerShell's own (`-Authentication`). */
export type BridgeAuthentication = 'Default' | 'Negotiate' | 'Kerberos' | 'CredSSP' | 'Basic';

/** Who logs in. Without a login the account under which this process runs is used (single sign-on). */
export type BridgeLogin = {
  /** `DOMAIN\user` or `user@domain`. */
  readonly username: string;
  /** Asked for when the session is opened. */
  readonly password: () => Promise<Revealable> | Revealable;
};

/** The way from the local PowerShell to the host. */
export type BridgeTarget =
  /** `New-PSSession -ComputerName`: only a PowerShell on Windows has the client for it. */
  | {
      readonly kind: 'wsman';
      readonly host: string;
      /** Default 5985, or 5986 with `useSsl`. */
      readonly port?: number;
      readonly useSsl?: boolean;
      readonly authentication?: BridgeAuthentication;
      readonly login?: BridgeLogin;
      /** Thumbprint of a client certificate in the store of this account; a smart card's certificate is one. */
      readonly certificateThumbprint?: string;
      /** Session configuration, e.g. of a JEA endpoint. */
      readonly configurationName?: string;
      /** What of the host's certificate is not checked; nothing by default. */
      readonly skip?: readonly ('authority' | 'name' | 'revocation')[];
    }
  /** `New-PSSession -HostName`: PowerShell 6 and later, through the system's `ssh`. */
  | {
      readonly kind: 'ssh';
      readonly host: string;
      readonly port?: number;
      readonly username?: string;
      readonly keyFile?: string;
      readonly subsystem?: string;
      /** Options of `ssh`, e.g. `{ UserKnownHostsFile: '…' }`. */
      readonly options?: Readonly<Record<string, string>>;
    }
  /** A runspace of the local PowerShell itself. */
  | { readonly kind: 'local' };

/** What a bridge is opened with. Durations in ms. */
export type BridgeOptions = {
  readonly target: BridgeTarget;
  /** Program of the local PowerShell; default `powershell.exe` on Windows, `pwsh` elsewhere. */
  readonly executable?: string;
  /** Limit for starting the local PowerShell; default 60 s, for a busy machine takes its time. */
  readonly startTimeoutMs?: number;
  /** Limit for opening the session from there. */
  readonly connectTimeoutMs: number;
  /** Told of what of the host's certificate is not checked; default: a warning of the process. */
  readonly warn?: Warn;
};

/** The host's name for messages. */
export function hostOf(target: BridgeTarget): string {
  return target.kind === 'local' ? 'localhost' : target.host;
}
