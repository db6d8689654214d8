import type { HostSettings } from './inventory.ts';

/** How a host can be reached. */
export type Transport = NonNullable<HostSettings['transport']>;

/** A setting of the way to a host. */
export type WaySetting = Exclude<keyof HostSettings, 'transport' | 'parameters' | 'vars'>;

/** A setting of `tls` in detail. */
export type TlsSetting = keyof Exclude<NonNullable<HostSettings['tls']>, boolean>;

/**
 * What a transport makes of a setting: it honours it (`yes`); it would have to ignore it, and a host that it holds for asked for more than it
 * gets (`no`); or it has no use for it, which does no harm as long as the setting serves other hosts (`spare`). `instead` says what to do.
 */
export type Honour = { readonly kind: 'yes' } | { readonly kind: 'no' | 'spare'; readonly instead: string };

const yes: Honour = { kind: 'yes' };
const no = (instead: string): Honour => ({ kind: 'no', instead });
const spare = (instead: string): Honour => ({ kind: 'spare', instead });

const thisMachine = spare("nothing: it is the worker's own machine, under the worker's own account");
const sectionOf = (transport: Transport): Honour => spare(`\`transport: ${transport}\`, or no \`${transport}\``);
const byWinRm = 'which only `transport: winrm` has';

/** Every setting of a way, over every transport. A setting that is new in the schema must be decided on here. */
export const honours = {
  address: { winrm: yes, ssh: yes, bridge: yes, local: thisMachine },
  port: { winrm: yes, ssh: yes, bridge: yes, local: thisMachine },
  credential: { winrm: yes, ssh: yes, bridge: yes, local: thisMachine },
  tls: {
    winrm: yes,
    ssh: spare('`ssh.hostKey` or `ssh.knownHosts`: SSH knows hosts by their keys'),
    bridge: yes,
    local: thisMachine,
  },
  mechanisms: {
    winrm: yes,
    ssh: no("`ssh.identityFile`, a `credential`, or neither for the agent and GSSAPI: the system's `ssh` logs in"),
    bridge: no('`bridge.authentication`: Windows logs in'),
    local: thisMachine,
  },
  kerberos: {
    winrm: yes,
    ssh: no("no `kerberos`: the system's `ssh` finds tickets by itself (GSSAPI)"),
    bridge: no('`bridge: { authentication: kerberos }`: tickets are those of Windows'),
    local: thisMachine,
  },
  proxy: {
    winrm: yes,
    ssh: no('`ssh.proxyJump`, or a `ProxyCommand` in the configuration of `ssh`'),
    bridge: no(`no \`proxy\`, ${byWinRm}: WinRM's own client takes no address of one`),
    local: thisMachine,
  },
  allowUnencrypted: {
    winrm: yes,
    ssh: spare('no `allowUnencrypted`: SSH encrypts always'),
    bridge: no(`no \`allowUnencrypted\`, ${byWinRm}`),
    local: thisMachine,
  },
  configurationName: {
    winrm: yes,
    ssh: no("`ssh.subsystem`: the host's `sshd` decides which session its subsystem starts"),
    bridge: yes,
    local: no('`local.executable`: a program that starts PowerShell with the session configuration'),
  },
  winrm: { winrm: yes, ssh: sectionOf('winrm'), bridge: sectionOf('winrm'), local: sectionOf('winrm') },
  ssh: { winrm: sectionOf('ssh'), ssh: yes, bridge: sectionOf('ssh'), local: sectionOf('ssh') },
  bridge: { winrm: sectionOf('bridge'), ssh: sectionOf('bridge'), bridge: yes, local: sectionOf('bridge') },
  local: { winrm: sectionOf('local'), ssh: sectionOf('local'), bridge: sectionOf('local'), local: yes },
} as const satisfies Record<WaySetting, Record<Transport, Honour>>;

const checkedByWindows = (setting: string): Honour =>
  no(`no \`tls.${setting}\`, ${byWinRm}: Windows checks certificates its own way`);

/** What the bridge makes of TLS in detail; the transport `winrm` honours all of it. */
export const bridgeTlsHonours = {
  verify: yes,
  ca: no("no `tls.ca`: the authority must be among those that the worker's machine trusts"),
  servername: checkedByWindows('servername'),
  pin: checkedByWindows('pin'),
  channelBinding: checkedByWindows('channelBinding'),
  clientCertificate: no("`bridge.certificateThumbprint`: the certificate must be in the store of the worker's account"),
} as const satisfies Record<TlsSetting, Honour>;

/** Whether a setting says anything beyond what holds without it, so that a nearer place can take it back. */
export function says(settings: HostSettings, setting: WaySetting): boolean {
  const value = settings[setting];
  if (value === undefined || value === false) return false;
  return setting !== 'configurationName' || value !== 'Microsoft.PowerShell';
}
