import { systemPid } from '../../windows/machine/change-feed.ts';
import { writeSetupFailure } from '../../windows/machine/devices/setup-logs.ts';
import { encodeIso, type IsoContent, type MediaDamage } from '../../windows/machine/devices/setup-media.ts';
import { rollbackStop } from '../../windows/machine/devices/setup-rules.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { lacks } from '../host-flaw.ts';
import { deviceFaults, extendOf } from './device-faults.ts';
import { startupFaults } from './startup-faults.ts';
import { volumeFaults } from './volume-faults.ts';

const hourMs = 3_600_000;
const profileList = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList';
const usualMedia = 'C:\\Media\\windows.iso';

/** What the lab file says of media: build of Windows (that of the host unless told otherwise) and language. */
type MediaFacts = { readonly path?: string; readonly build?: number; readonly language?: string };

/** Lays an ISO file with Windows setup for the edition of the host. */
const placeMedia = (machine: Machine, facts: MediaFacts, damage: MediaDamage): void => {
  const { edition } = machine;
  const path = facts.path ?? usualMedia;
  const build = facts.build ?? edition.build;
  const isClient = edition.productType === 1;
  const image = (index: number, name: string, id: string): IsoContent['images'][number] => ({
    index,
    name,
    edition: id,
    build,
    ubr: build === edition.build ? edition.ubr : 1742,
    language: facts.language ?? machine.uiLanguage,
  });
  const content: IsoContent = {
    kind: 'iso',
    label: isClient ? 'CCCOMA_X64FRE' : 'SSS_X64FRE',
    images: isClient
      ? [image(1, 'Windows Home', 'Core'), image(2, 'Windows Pro', 'Professional')]
      : [
          image(1, 'Windows Server Standard (Desktop Experience)', 'ServerStandard'),
          image(2, 'Windows Server Datacenter (Desktop Experience)', 'ServerDatacenter'),
        ],
    damage,
  };
  void machine.files.createFolder(path.slice(0, path.lastIndexOf('\\')), systemPid);
  void machine.files.write(path, encodeIso(content), systemPid);
};

const breakProfile = (machine: Machine, how: 'missing-folder' | 'twin'): void => {
  const [account] = machine.accounts;
  const sid = account?.sid ?? 'S-1-5-21-1004336348-1177238915-682003330-1001';
  const key = how === 'twin' ? `${profileList}\\${sid}.bak` : `${profileList}\\${sid.replace(/\d+$/, '1777')}`;
  const folder =
    how === 'twin' ? `C:\\Users\\${account?.name.replace(/^.*\\/, '') ?? 'operator'}` : 'C:\\Users\\former';
  placeValues(machine, key, { ProfileImagePath: folder, State: how === 'twin' ? 0x8000 : 0, Flags: 0 });
};

/** The state behind an extend code of setup. */
const causes: Readonly<Record<number, (machine: Machine) => void>> = {
  0x20004: (machine) => void machine.registry.remove('HKLM\\SYSTEM\\CurrentControlSet\\Services\\WIMMount', systemPid),
  0x20007: (machine) => deviceFaults['driver-blocks-setup'](machine, { kind: 'driver-blocks-setup' }),
  0x20009: (machine) => volumeFaults['partition-layout'](machine, { kind: 'partition-layout' }),
  0x2000c: () => undefined,
  0x2000d: (machine) =>
    volumeFaults['disk-errors'](machine, {
      kind: 'disk-errors',
      damage: 'offline',
      unreadable: 'C:\\Users\\Public\\Documents\\archive.dat',
    }),
  0x20017: (machine) =>
    deviceFaults['driver-blocks-setup'](machine, {
      kind: 'driver-blocks-setup',
      class: 'SCSIAdapter',
      extend: '0x20017',
    }),
  0x30018: (machine) =>
    deviceFaults['driver-blocks-setup'](machine, { kind: 'driver-blocks-setup', class: 'Net', extend: '0x30018' }),
  0x3000d: (machine) => breakProfile(machine, 'missing-folder'),
  0x3001a: (machine) => startupFaults['startup-conflict'](machine, { kind: 'startup-conflict' }),
  0x4000d: (machine) => breakProfile(machine, 'twin'),
  0x40017: (machine) =>
    deviceFaults['usb-device-attached'](machine, { kind: 'usb-device-attached', extend: '0x40017' }),
};

const extendText = (extend: number): string => `0x${extend.toString(16)}`;

/** The machine has come back from a setup that rolled back; its cause is still there, and so are the media. */
const failSetup = (machine: Machine, extend: number, facts: MediaFacts): void => {
  const isToolFailure = extend === 0xa001b;
  if (isToolFailure) {
    // The media tool could not write a stick: FAT32 takes no file of 4 GB.
    deviceFaults['usb-device-attached'](machine, { kind: 'usb-device-attached', sizeGB: 4, fileSystem: 'FAT32' });
    writeSetupFailure(
      machine,
      { result: 0x80070070, extend, rule: 'FindSPFatalError', lines: ['MOUPG  Failed to write USB media'] },
      machine.clock.wallMs() - 20 * hourMs,
    );
    return;
  }
  const cause = causes[extend];
  if (!cause)
    throw lacks(`setup does not roll back with \`${extendText(extend)}\` in the lab`, {
      given: extendText(extend),
      known: [...Object.keys(causes).map((code) => extendText(Number(code))), '0xa001b'],
    });
  cause(machine);
  placeMedia(machine, facts, extend === 0x2000c ? 'content' : 'none');
  const drive = machine.hardware.media.mount(facts.path ?? usualMedia, systemPid);
  const found = drive === undefined ? undefined : rollbackStop(machine, drive);
  machine.hardware.media.dismount(facts.path ?? usualMedia, systemPid);
  if (found) writeSetupFailure(machine, found, machine.clock.wallMs() - 20 * hourMs);
};

/** Setup that failed or will fail, and its media. */
export type SetupFault =
  | ({ readonly kind: 'setup-failed'; readonly extend: string } & MediaFacts)
  | ({ readonly kind: 'media-present' } & MediaFacts)
  | ({ readonly kind: 'media-damaged'; readonly damage?: 'content' | 'signature' } & MediaFacts & {
        readonly goodCopy?: string;
      })
  | { readonly kind: 'profile-list-dangling'; readonly how?: 'missing-folder' | 'twin' }
  | { readonly kind: 'safeguard-hold'; readonly id?: string };

/** States around Windows setup. */
export const setupFaults: FaultKinds<SetupFault> = {
  'setup-failed': (machine, { extend, ...facts }) => failSetup(machine, extendOf(extend), facts),
  'media-present': (machine, facts) => placeMedia(machine, facts, 'none'),
  'media-damaged': (machine, { damage, goodCopy, ...facts }) => {
    placeMedia(machine, facts, damage ?? 'content');
    placeMedia(machine, { ...facts, path: goodCopy ?? 'C:\\Media\\verified\\windows.iso' }, 'none');
  },
  'profile-list-dangling': (machine, { how }) => breakProfile(machine, how ?? 'missing-folder'),
  'safeguard-hold': (machine, { id }) =>
    placeValues(
      machine,
      'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\AppCompatFlags\\TargetVersionUpgradeExperienceIndicators\\GE24H2',
      {
        GatedBlockId: id ?? '54762729',
        GatedBlockReason: 'SafeguardHold',
        RedReason: 'None',
        UpgEx: 'Red',
        UpgExU: 'Red',
      },
    ),
};
