import { responseRetentionMs } from '../../remote/protocol/wsman/robust.ts';
import type { CmdHost } from './cmd-host.ts';
import type { RunspaceHost } from './runspace-host.ts';

/** An account that may log in to a lab host. */
export type LabUser = {
  readonly name: string;
  /** NetBIOS domain; an account of the machine itself has none. */
  readonly domain?: string;
  readonly password: string;
  /** False: logs in, but may open no shell. Default true. */
  readonly administrator?: boolean;
};

/** Limits of the service, with Windows' defaults. */
export type EndpointLimits = {
  readonly shellsPerUser: number;
  readonly commandsPerShell: number;
  /** Operations of an account at the same time; each command that a cmd shell ever ran counts until the shell ends. */
  readonly operationsPerUser: number;
  /** Items of a list in one reply. */
  readonly itemsPerReply: number;
  /** Records that a disconnected shell keeps in buffer mode Drop. */
  readonly recordsKept: number;
  /** Longest time that an operation is held, whatever the client asks for. */
  readonly operationTimeoutMs: number;
  /** Idle time-out of a shell whose client asks for none. */
  readonly idleTimeoutMs: number;
  /** Shorter idle time-outs are raised to this. */
  readonly shortestIdleTimeoutMs: number;
  readonly envelopeBytes: number;
  /** HTTP.sys closes a connection after this much silence. */
  readonly connectionIdleMs: number;
  /** How long the answer to a marked request is kept after its connection broke. */
  readonly responseRetentionMs: number;
};

/** Windows' own limits. */
export const windowsLimits: EndpointLimits = {
  shellsPerUser: 30,
  commandsPerShell: 1_000,
  operationsPerUser: 1_500,
  itemsPerReply: 32_000,
  recordsKept: 1_000,
  operationTimeoutMs: 60_000,
  idleTimeoutMs: 7_200_000,
  shortestIdleTimeoutMs: 60_000,
  envelopeBytes: 512_000,
  connectionIdleMs: 120_000,
  responseRetentionMs,
};

/** What a WinRM endpoint is started with. */
export type WinRmEndpointOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Present: HTTPS, with key and certificate in PEM. */
  readonly tls?: {
    readonly key: string;
    readonly cert: string;
    /** Client certificates of these authorities (PEM) are asked for; who they belong to says `certificates`. */
    readonly clientAuthorities?: string;
  };
  readonly computerName: string;
  /** NetBIOS domain; a workgroup machine gives its own name. */
  readonly domainName: string;
  /** Read at each login, so that it may change meanwhile. */
  readonly users: readonly LabUser[];
  /** Schemes that are offered: Kerberos only with a keytab (and then by default), Basic only over TLS. */
  readonly schemes: {
    readonly negotiate: boolean;
    readonly kerberos?: boolean;
    readonly ntlm: boolean;
    readonly basic: boolean;
  };
  /** Content of a keytab: with it Kerberos is offered, under its own scheme and within Negotiate. */
  readonly keytab?: Uint8Array;
  /** Client certificates (SHA-256 fingerprint in lower-case hex, no colons) and the names of the accounts that they log in. */
  readonly certificates?: Readonly<Record<string, string>>;
  /** False answers 400 to a body that comes with the last token of a login. Default true. */
  readonly bodyWithLogin?: boolean;
  /** True takes bodies that are not sealed over plain HTTP. */
  readonly allowUnencrypted: boolean;
  readonly runspaceHost: RunspaceHost;
  /** Offers cmd shells (WinRS) to administrators. */
  readonly cmdHost?: CmdHost;
  /** Wall clock of the simulated host: ms since 1970-01-01 UTC. */
  readonly clock: { now(): number };
  readonly limits?: Partial<EndpointLimits>;
  /** Asked what becomes of each request: it is answered, or processed and its answer lost, and all connections break. Default: answered. */
  readonly onRequest?: () => Promise<'answer' | 'lose'>;
  /** Asked with each new session: true refuses it as if the account had too many. Default: false. */
  readonly refusesSession?: () => boolean;
  /** False keeps no answers for requests that are sent again, as before Windows 8 and Server 2012. Default true. */
  readonly robust?: boolean;
  /** Session configurations besides `Microsoft.PowerShell`, which is for administrators. */
  readonly configurations?: readonly SessionConfiguration[];
};

/** A session configuration that the endpoint offers. */
export type SessionConfiguration = {
  readonly name: string;
  /** Whether an account may open a shell there. */
  admits(caller: { readonly account: string; readonly administrator: boolean }): boolean;
};

/** What every Windows offers. */
export const defaultConfiguration: SessionConfiguration = {
  name: 'Microsoft.PowerShell',
  admits: ({ administrator }) => administrator,
};
