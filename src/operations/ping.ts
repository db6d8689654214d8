import { Failure, type FailureCode } from '../kernel/failure.ts';
import type { HostConnection } from '../planning/plan.ts';
import { lookAtHost } from '../remote/powershell/look-at-host.ts';
import type { RemoteShell } from '../remote/powershell/remote-shell.ts';

/** What was negotiated with a host, and what a look at it told. */
export type PingedSession = {
  /** How it is reached, e.g. `winrm`. */
  readonly transport: string;
  /** Mechanism of the login, e.g. `kerberos`. */
  readonly mechanism: string;
  /** Whether the mechanism itself seals each message. */
  readonly sealed: boolean;
  /** Whether it goes over TLS. */
  readonly tls: boolean;
  /** Remoting protocol, e.g. `2.3`. */
  readonly protocolVersion: string;
  /** Version of the host's PowerShell; empty where the host does not say. */
  readonly powershell: string;
  readonly languageMode: string;
  /** Largest envelope that both sides take, bytes; null where the transport has none. */
  readonly envelopeBytes: number | null;
  /** The host's own name; empty where it cannot be asked. */
  readonly computerName: string;
  /** How far the host's clock is ahead of ours, ms; null where it cannot be asked. */
  readonly clockSkewMs: number | null;
  /** From asking to the answer, ms. */
  readonly roundTripMs: number;
};

/** The ping of one host: what was negotiated, or why there is no session. */
export type HostPing = { readonly host: string; readonly place: string } & (
  | { readonly ok: true; readonly session: PingedSession }
  | { readonly ok: false; readonly fault: { readonly code: FailureCode; readonly message: string } }
);

/** Opens a session to look through; resolves the password only there. */
export type OpenLook = (connection: HostConnection) => Promise<RemoteShell>;

/** What a ping needs. */
export type PingTools = {
  readonly open: OpenLook;
  readonly now: () => number;
  /** Told of each host as it answers. */
  readonly onHost: (ping: HostPing) => void;
  /** Hosts at the same time; default 16. */
  readonly width?: number;
};

/** Opens a session on each host and tells what came of it, in the order of the connections. A host that does not answer is a result, too. */
export async function pingHosts(
  connections: readonly HostConnection[],
  tools: PingTools,
): Promise<readonly HostPing[]> {
  const waiting = [...connections.entries()];
  const pings: HostPing[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const ping = await pingHost(next[1], tools);
      pings[next[0]] = ping;
      tools.onHost(ping);
    }
  };
  await Promise.all(Array.from({ length: tools.width ?? 16 }, work));
  return pings;
}

async function pingHost(connection: HostConnection, { open, now }: PingTools): Promise<HostPing> {
  const named = { host: connection.host, place: placeOf(connection) };
  try {
    await using shell = await open(connection);
    const look = await lookAtHost(shell, now);
    const { transport, mechanism, sealed, protocolVersion, psVersion, envelopeBytes } = await shell.describe();
    const session: PingedSession = {
      transport,
      mechanism,
      sealed,
      tls: connection.tls !== null,
      protocolVersion: protocolVersion ?? '',
      powershell: look.version || (psVersion ?? ''),
      languageMode: look.languageMode,
      envelopeBytes: envelopeBytes ?? null,
      computerName: look.computerName,
      clockSkewMs: look.clockSkewMs,
      roundTripMs: look.roundTripMs,
    };
    return { ...named, ok: true, session };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...named, ok: false, fault: { code: error.code, message: error.message } };
  }
}

const placeOf = ({ address, port }: HostConnection): string => (port === 0 ? address : `${address}:${port}`);
