import { Failure } from '../kernel/failure.ts';
import type { HostConnection } from '../planning/plan.ts';
import { checkSetup, type HostSetup, lookAtHost } from '../remote/powershell/look-at-host.ts';
import type { OpenLook } from './ping.ts';

/** What one set-up script's check told of a host; `ok` is null where it could not be asked. */
export type SetupCheck = {
  readonly setup: HostSetup | 'session';
  readonly ok: boolean | null;
  readonly reason: string;
  /** What to run on the host; empty where all is well. */
  readonly remedy: string;
};

/** The checks of one host. */
export type HostChecks = { readonly host: string; readonly checks: readonly SetupCheck[] };

/** Checks how a host is set up for remote work, through a session and without changing anything: what its inventory entry asks for. */
export async function checkRemoting(
  connection: HostConnection,
  open: OpenLook,
  now: () => number,
): Promise<HostChecks> {
  const { host } = connection;
  try {
    await using shell = await open(connection);
    const { languageMode } = await lookAtHost(shell, now);
    const session: SetupCheck = { setup: 'session', ok: true, reason: languageMode, remedy: '' };
    // The other checks are about WinRM.
    if (connection.transport === 'ssh' || connection.transport === 'local') return { host, checks: [session] };
    if (languageMode !== 'FullLanguage') {
      const reason = `PowerShell is restricted there (${languageMode}); the rest can be checked by an administrator's session alone`;
      return { host, checks: [session, { setup: 'service', ok: null, reason, remedy: '' }] };
    }
    const checks = [session];
    for (const { setup, parameters } of setupsOf(connection)) {
      const { ok, reason } = await checkSetup(shell, setup, parameters);
      checks.push({ setup, ok, reason, remedy: ok ? '' : commandOf(setup, connection) });
    }
    return { host, checks };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { host, checks: [{ setup: 'session', ok: false, reason: error.message, remedy: '' }] };
  }
}

type Wanted = { readonly setup: HostSetup; readonly parameters: Readonly<Record<string, string | number>> };

function setupsOf({ tls, port, configurationName }: HostConnection): readonly Wanted[] {
  return [
    { setup: 'service', parameters: {} },
    ...(tls === null ? [] : ([{ setup: 'https-listener', parameters: { Port: port } }] as const)),
    { setup: 'firewall', parameters: { Port: port } },
    { setup: 'hardening', parameters: {} },
    { setup: 'access', parameters: {} },
    ...(configurationName === 'Microsoft.PowerShell'
      ? []
      : ([{ setup: 'jea', parameters: { Name: configurationName } }] as const)),
  ];
}

function commandOf(setup: HostSetup, { port, configurationName, username }: HostConnection): string {
  switch (setup) {
    case 'service':
    case 'hardening':
      return `.\\${setup}.ps1`;
    case 'https-listener':
      return `.\\https-listener.ps1 -Port ${port}`;
    case 'firewall':
      return `.\\firewall.ps1 -Port ${port} -RemoteAddress <workers>`;
    case 'access':
      return `.\\access.ps1 -Account '${username}' -Administrator`;
    case 'jea':
      return `.\\jea.ps1 -Name ${configurationName}`;
  }
}
