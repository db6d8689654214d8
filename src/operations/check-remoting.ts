import { Failure } from '../kernel/failure.ts';
import type { HostConnection } from '../planning/plan.ts';
import { askModule, moduleDifferences, type ScriptHashes } from '../remote/powershell/endpoint-module.ts';
import { jeaContentHash } from '../remote/powershell/jea-endpoint.ts';
import { checkSetup, type HostSetup, lookAtHost } from '../remote/powershell/look-at-host.ts';
import type { RemoteShell } from '../remote/powershell/remote-shell.ts';
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

/** What this installation would put into a module: hashes of its host kit, of what guards it, and of scripts and declarations of some actions. */
export type Exports = {
  readonly kit: string;
  readonly guard: string;
  readonly of: (actions: readonly string[]) => ScriptHashes;
};

/** Checks how a host is set up for remote work, through a session and without changing anything: what its inventory entry asks for. */
export async function checkRemoting(
  connection: HostConnection,
  open: OpenLook,
  exported: Exports,
  now: () => number,
): Promise<HostChecks> {
  const { host } = connection;
  try {
    await using shell = await open(connection);
    const { languageMode } = await lookAtHost(shell, now);
    const checks: SetupCheck[] = [{ setup: 'session', ok: true, reason: languageMode, remedy: '' }];
    if (languageMode === 'NoLanguage') checks.push(await checkModule(shell, connection, exported));
    // The other checks are about WinRM.
    if (connection.transport === 'ssh' || connection.transport === 'local') return { host, checks };
    if (languageMode !== 'FullLanguage') {
      const reason = `PowerShell is restricted there (${languageMode}); the rest can be checked by an administrator's session alone`;
      return { host, checks: [...checks, { setup: 'service', ok: null, reason, remedy: '' }] };
    }
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

/** Whether an endpoint without language holds the module that this installation would export for the same actions. */
async function checkModule(shell: RemoteShell, connection: HostConnection, exported: Exports): Promise<SetupCheck> {
  const wrong = (reason: string): SetupCheck => ({
    setup: 'jea',
    ok: false,
    reason,
    remedy: commandOf('jea', connection),
  });
  try {
    const held = await askModule(shell);
    const actions = new Set(Object.keys(held.scripts).map((name) => name.slice(0, name.lastIndexOf('/'))));
    const scripts = exported.of([...actions]);
    const guard = held.guard === exported.guard ? [] : ['what it lets clients do is checked by another version'];
    const wanted = jeaContentHash(exported.kit, scripts);
    const differences = [...moduleDifferences(held, exported.kit, scripts), ...guard];
    if (held.content !== wanted && differences.length === 0)
      differences.push('it holds scripts of actions that are not here');
    if (differences.length === 0) return { setup: 'jea', ok: true, reason: '', remedy: '' };
    const hashes = `(content ${held.content.slice(0, 12)}) is not what is exported here for its actions (${wanted.slice(0, 12)})`;
    return wrong(`its module ${hashes}: ${differences.join('; ')}; export it anew with \`kintsugi jea export\``);
  } catch (error) {
    if (error instanceof Failure && error.code === 'jea-module') return wrong(error.message);
    throw error;
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
