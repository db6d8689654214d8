import { Secret } from '../../src/kernel/secret.ts';
import { type Lab, startLab } from '../../src/lab/start-lab.ts';
import type { RemoteShell } from '../../src/remote/powershell/remote-shell.ts';
import type { BridgeTarget } from '../../src/remote/transport/bridge/bridge-options.ts';
import { openBridgeShell } from '../../src/remote/transport/bridge/open-bridge-shell.ts';
import { makePwshStandIn } from './pwsh-programs.ts';
import { type SshServer, startSshServer } from './ssh-server.ts';

type OverWinRm = Extract<BridgeTarget, { kind: 'wsman' }>;
type OverSsh = Extract<BridgeTarget, { kind: 'ssh' }>;

/** Hosts for the bridge: one of the lab over WinRM, and this machine over SSH. */
export type BridgeTargets = {
  readonly lab: Lab;
  readonly server: SshServer;
  readonly password: string;
  /** The lab's `pwsh`, which opens the sessions. */
  readonly executable: string;
  overWinRm(changes?: Partial<OverWinRm>): OverWinRm;
  overSsh(changes?: Partial<OverSsh>): OverSsh;
  open(target: BridgeTarget): Promise<RemoteShell>;
  close(): Promise<void>;
};

/** Starts them. */
export async function startBridgeTargets(): Promise<BridgeTargets> {
  const standIn = makePwshStandIn();
  const { executable } = standIn;
  const password = 'Pässw0rd!';
  const lab = await startLab({
    spec: { kintsugi: 'lab/v1', hosts: { pc1: { base: 'windows-server-2022' } } },
    password,
  });
  const server = await startSshServer({ subsystems: { powershell: `${executable} -sshs -NoLogo` } });
  return {
    lab,
    server,
    password,
    executable,
    overWinRm: (changes = {}) => ({
      kind: 'wsman',
      host: '127.0.0.1',
      port: lab.hosts[0]?.port ?? 0,
      authentication: 'Negotiate',
      login: { username: 'operator', password: () => new Secret(password) },
      ...changes,
    }),
    overSsh: (changes = {}) => ({
      kind: 'ssh',
      host: '127.0.0.1',
      port: server.port,
      username: server.username,
      keyFile: server.identityFile,
      options: { UserKnownHostsFile: server.knownHosts },
      ...changes,
    }),
    open: (target) => openBridgeShell({ target, executable, connectTimeoutMs: 60_000 }),
    close: async () => {
      await lab.close();
      await server.close();
      standIn.remove();
    },
  };
}
