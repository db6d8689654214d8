import type { InputFault } from '../document/fault.ts';
import type { DocumentPath, FaultWords, SourceDocument } from '../document/source-document.ts';
import { layersOfHost, type SettingsLayer, settingsOf } from './host-settings.ts';
import type { HostSettings, Inventory } from './inventory.ts';
import { loginFaultsOf } from './login-faults.ts';
import type { Doubts } from './sound-part.ts';
import {
  bridgeTlsHonours,
  type Honour,
  honours,
  says,
  type TlsSetting,
  type Transport,
  type WaySetting,
} from './transport-settings.ts';

/** Why CredSSP is no mechanism here, and what to take. */
const noCredSsp =
  'CredSSP hands the password itself to the host; take `kerberos`, and for a second hop resource-based constrained delegation or a JEA endpoint (a worker on Windows can have it with `transport: bridge`)';

/** A host whose transport does not honour a setting. */
type Unhonoured = { readonly id: string; readonly transport: Transport; readonly instead: string };

/** A setting where it is written, and what became of it at the hosts that it holds for. */
type Written = {
  readonly path: DocumentPath;
  /** Hosts that would get less than they ask for. */
  readonly refused: Unhonoured[];
  /** Hosts that have no use for it. */
  readonly spare: Unhonoured[];
  isUsed: boolean;
};

/**
 * What each host's settings come to must be a connection that can be made, and that honours all of them: every fault of those that do not.
 * What is in doubt is passed over.
 */
export function checkConnections(source: SourceDocument, inventory: Inventory, doubts: Doubts): readonly InputFault[] {
  const faults: InputFault[] = [];
  const written = new Map<string, Written>();
  for (const id of inventory.hosts.keys()) {
    const layers = layersOfHost(inventory, id);
    const settings = settingsOf(inventory, id);
    const isInDoubt = doubts.of(layers);
    noteHonours(id, layers, isInDoubt('transport') ? null : settings, written);
    if (isInDoubt('transport')) continue;
    for (const { about, message, ...words } of loginFaultsOf(id, settings, inventory)) {
      if (about.some(isInDoubt)) continue;
      faults.push(source.fault(['hosts', id], { ...words, message: `\`${id}\` ${message}`, atKey: true }));
    }
  }
  for (const { path, refused, spare, isUsed } of written.values()) {
    const [first, ...others] = refused.length > 0 || isUsed ? refused : spare;
    if (first !== undefined) faults.push(source.fault(path, wordsOf(path, first, others.length)));
  }
  return faults;
}

function wordsOf(path: DocumentPath, { id, transport, instead }: Unhonoured, others: number): FaultWords {
  const isOwn = path[0] === 'hosts';
  const name = path.slice(isOwn ? 2 : path[0] === 'groups' ? 3 : 1).join('.');
  const who = others === 0 ? `\`${id}\`` : `\`${id}\` (and ${others} more)`;
  return {
    message: `\`${name}\` is not honoured by \`transport: ${transport}\`, by which ${who} is reached`,
    expected: instead,
    suggestion: isOwn ? null : 'what holds for some hosts only belongs to a group of these',
    atKey: true,
  };
}

/** Notes what a host's transport makes of each setting, at the place where that is written; without `settings` it may make use of all. */
function noteHonours(
  id: string,
  layers: readonly SettingsLayer[],
  settings: HostSettings | null,
  written: Map<string, Written>,
): void {
  const transport = settings?.transport ?? 'winrm';
  const note = (path: DocumentPath, honour: Honour, isEffective: boolean) => {
    const key = path.join('\n');
    const entry = written.get(key) ?? { path, refused: [], spare: [], isUsed: false };
    written.set(key, entry);
    if (settings === null || honour.kind === 'yes') entry.isUsed = true;
    else if (honour.kind === 'spare') entry.spare.push({ id, transport, instead: honour.instead });
    else if (isEffective) entry.refused.push({ id, transport, instead: honour.instead });
  };
  for (const [index, layer] of layers.entries()) {
    for (const setting of Object.keys(honours) as WaySetting[]) {
      if (!says(layer.settings, setting)) continue;
      // A nearer place may have taken it back.
      const isNearest = layers.slice(index + 1).every((nearer) => nearer.settings[setting] === undefined);
      note([...layer.path, setting], honourOf(setting, transport, settings ?? {}), isNearest);
      const tls = setting === 'tls' ? layer.settings.tls : undefined;
      if (transport !== 'bridge' || typeof tls !== 'object') continue;
      for (const detail of Object.keys(tls) as TlsSetting[])
        note([...layer.path, 'tls', detail], bridgeTlsHonours[detail], isNearest);
    }
  }
}

function honourOf(setting: WaySetting, transport: Transport, { bridge, mechanisms }: HostSettings): Honour {
  if (transport === 'bridge' && setting === 'credential' && bridge?.certificateThumbprint !== undefined)
    return { kind: 'spare', instead: 'one of `credential` and `bridge.certificateThumbprint`' };
  const asksNoTickets = mechanisms?.every((each) => each !== 'kerberos' && each !== 'negotiate') === true;
  if (transport === 'winrm' && setting === 'kerberos' && asksNoTickets)
    return { kind: 'spare', instead: '`kerberos` or `negotiate` among the `mechanisms`' };
  return honours[setting][transport];
}

/** Says to whoever asks for CredSSP why there is none. */
export function adviseOnCredSsp(fault: InputFault): InputFault {
  const asked = /mechanisms/u.test(fault.path) && /credssp/iu.test(fault.message);
  return asked ? { ...fault, suggestion: noCredSsp } : fault;
}
