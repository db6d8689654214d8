import { sha256 } from '../kernel/canonical-json.ts';
import { limitCalls } from '../remote/powershell/limit-calls.ts';
import { type HostKitSettings, openHostKit } from '../remote/powershell/open-host-kit.ts';
import { RenewableShell } from '../remote/powershell/renewable-shell.ts';
import { WinRmMemory } from '../remote/transport/winrm/winrm-memory.ts';
import { openShell } from './open-shell.ts';
import type { WorkerConfig } from './worker-config.ts';
import type { OpenConnection } from './workshop.ts';

/**
 * Opens hosts the way that their connections tell, and the host kit in the session.
 * @param warn told of what lowers the security of a host's connection
 * @param waits of the kit that are not the usual ones
 */
export function openConnections(
  config: Pick<WorkerConfig, 'connectMs' | 'limits' | 'secretFolder'>,
  warn: (host: string, text: string) => void,
  waits: Partial<HostKitSettings> = {},
): OpenConnection {
  const { connectMs, limits, secretFolder } = config;
  const memory = new WinRmMemory();
  return async (connection, { password, kitText, longestMs }) => {
    const { host } = connection;
    const warnOfHost = (text: string): void => warn(host, text);
    const surroundings = { password, connectMs, folder: secretFolder, memory, warn: warnOfHost };
    const open = async () => limitCalls(await openShell(connection, surroundings), longestMs + limits.graceMs);
    const shell = new RenewableShell(await open(), open);
    const given = { applyGraceMs: limits.graceMs, ...waits };
    const kit = openHostKit(shell, { text: kitText, sha256: sha256(kitText) }, given);
    return { kit, close: () => shell.close() };
  };
}
