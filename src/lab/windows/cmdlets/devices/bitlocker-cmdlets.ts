import { createHash } from 'node:crypto';
import { defineEnum } from '../../../evaluator/define.ts';
import type { BoundParameters, CommandContext } from '../../../evaluator/host.ts';
import { customObject, double, enumValue } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import { type KeyProtector, writeEscrowEvent } from '../../machine/devices/bitlocker.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';
import { cimCommand } from './cim-command.ts';

const types = 'Microsoft.BitLocker.Structures';

/** Enums of the module BitLocker. */
export const bitLockerEnums = [
  defineEnum(`${types}.BitLockerVolumeProtectionStatus`, { Off: 0, On: 1, Unknown: 2 }),
  defineEnum(`${types}.BitLockerVolumeStatus`, {
    FullyDecrypted: 0,
    FullyEncrypted: 1,
    EncryptionInProgress: 2,
    DecryptionInProgress: 3,
  }),
  defineEnum(`${types}.BitLockerVolumeEncryptionMethodOnGet`, {
    None: 0,
    Aes128: 3,
    Aes256: 4,
    XtsAes128: 6,
    XtsAes256: 7,
  }),
  defineEnum(`${types}.BitLockerVolumeLockStatus`, { Unlocked: 0, Locked: 1 }),
  defineEnum(`${types}.BitLockerVolumeType`, { OperatingSystem: 0, Data: 1 }),
  defineEnum(`${types}.BitLockerVolumeKeyProtectorType`, {
    Unknown: 0,
    Tpm: 1,
    ExternalKey: 2,
    RecoveryPassword: 3,
    TpmPin: 4,
    Password: 8,
  }),
] as const;
const [protectionEnum, statusEnum, methodEnum, lockEnum, typeEnum, protectorEnum] = bitLockerEnums;

const protectorObject = (one: KeyProtector): Value =>
  customObject(
    {
      KeyProtectorId: one.id,
      AutoUnlockProtector: null,
      KeyProtectorType: enumValue(protectorEnum, one.kind),
      KeyFileName: '',
      RecoveryPassword: one.recoveryPassword ?? '',
      KeyCertificateType: null,
      Thumbprint: '',
    },
    [`${types}.BitLockerVolumeKeyProtector`],
  );

const volumeObject = (context: CommandContext, drive: string): Value => {
  const { machine } = actorOf(context);
  const one = machine.hardware.bitlocker.volume(drive);
  return customObject(
    {
      ComputerName: machine.name,
      MountPoint: drive,
      EncryptionMethod: enumValue(methodEnum, one.isEncrypted ? 'XtsAes128' : 'None'),
      AutoUnlockEnabled: null,
      AutoUnlockKeyStored: drive === 'C:' ? false : null,
      MetadataVersion: one.isEncrypted ? 2 : 0,
      VolumeStatus: enumValue(statusEnum, one.isEncrypted ? 'FullyEncrypted' : 'FullyDecrypted'),
      ProtectionStatus: enumValue(protectionEnum, one.isProtected ? 'On' : 'Off'),
      LockStatus: enumValue(lockEnum, 'Unlocked'),
      EncryptionPercentage: double(one.isEncrypted ? 100 : 0),
      WipePercentage: double(0),
      VolumeType: enumValue(typeEnum, drive === 'C:' ? 'OperatingSystem' : 'Data'),
      CapacityGB: double(Math.round(((machine.files.volumes.get(drive)?.sizeBytes ?? 0) / 2 ** 30) * 100) / 100),
      KeyProtector: one.protectors.map(protectorObject),
    },
    [`${types}.BitLockerVolume`],
  );
};

/** Drives that -MountPoint names; all without it. A drive that is not there is an error of the module. */
const drivesOf = (context: CommandContext, bound: BoundParameters): string[] => {
  const { machine } = actorOf(context);
  const all = [...machine.files.volumes.values()].filter(({ driveType }) => driveType !== 5).map(({ drive }) => drive);
  const points = bound.texts('MountPoint');
  if (points.length === 0) return all;
  return points.flatMap((point) => {
    const drive = all.find((one) => one === point.slice(0, 2).toUpperCase());
    if (drive !== undefined) return [drive];
    context.writeError({
      id: `Microsoft.PowerShell.Commands.WriteErrorException`,
      message: `${point} does not have an associated BitLocker volume.`,
      category: 'NotSpecified',
      exception: 'System.Runtime.InteropServices.COMException',
      hresult: 0x80310000 | 0,
    });
    return [];
  });
};

const notActive = (context: CommandContext, drive: string): void =>
  context.writeError({
    id: 'System.Runtime.InteropServices.COMException',
    message: `BitLocker Drive Encryption is not enabled on this drive. Turn on BitLocker. (Exception from HRESULT: 0x80310008)`,
    category: 'NotSpecified',
    target: drive,
    exception: 'System.Runtime.InteropServices.COMException',
    hresult: 0x80310008 | 0,
  });

const getVolume = cimCommand('Get-BitLockerVolume', {
  pipeline: { MountPoint: 'both' },
  simulated: ['MountPoint'],
  process: (context, bound) => {
    for (const drive of drivesOf(context, bound)) context.write(volumeObject(context, drive));
  },
});

const suspend = cimCommand('Suspend-BitLocker', {
  pipeline: { MountPoint: 'both' },
  simulated: ['MountPoint', 'RebootCount'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    for (const drive of drivesOf(context, bound)) {
      if (!machine.hardware.bitlocker.volume(drive).isEncrypted) notActive(context, drive);
      else if (context.shouldProcess(drive, 'Suspend-BitLocker')) {
        yield machine.hardware.bitlocker.suspend(drive, bound.number('RebootCount') ?? 1, pid);
        context.write(volumeObject(context, drive));
      }
    }
  },
});

const resume = cimCommand('Resume-BitLocker', {
  pipeline: { MountPoint: 'both' },
  simulated: ['MountPoint'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    for (const drive of drivesOf(context, bound)) {
      if (!machine.hardware.bitlocker.volume(drive).isEncrypted) notActive(context, drive);
      else if (context.shouldProcess(drive, 'Resume-BitLocker')) {
        yield machine.hardware.bitlocker.resume(drive, pid);
        context.write(volumeObject(context, drive));
      }
    }
  },
});

const escrow = (commandName: 'Backup-BitLockerKeyProtector' | 'BackupToAAD-BitLockerKeyProtector') =>
  cimCommand(commandName, {
    pipeline: { MountPoint: 'name' },
    simulated: ['MountPoint', 'KeyProtectorId'],
    *process(context, bound) {
      const { machine, pid } = actorOf(context);
      for (const drive of drivesOf(context, bound)) {
        const id = bound.text('KeyProtectorId') ?? '';
        const one = machine.hardware.bitlocker
          .volume(drive)
          .protectors.find((other) => other.id.toLowerCase() === id.toLowerCase());
        if (!one || one.kind !== 'RecoveryPassword') {
          context.writeError({
            id: 'System.Runtime.InteropServices.COMException',
            message: 'The provided key protector does not exist on the volume. You must enter another key protector.',
            category: 'NotSpecified',
            target: id,
            exception: 'System.Runtime.InteropServices.COMException',
            hresult: 0x80310033 | 0,
          });
          continue;
        }
        if (!context.shouldProcess(drive, commandName)) continue;
        yield machine.hardware.bitlocker.escrow(drive, one, pid);
        if (commandName === 'BackupToAAD-BitLockerKeyProtector') writeEscrowEvent(machine, drive);
        context.write(volumeObject(context, drive));
      }
    },
  });

/** A recovery password: eight groups of six digits, each a multiple of eleven; the same again for the same number. */
export const recoveryPassword = (seed: string): string => {
  const hash = createHash('sha256').update(seed).digest();
  return Array.from({ length: 8 }, (_, at) => String(hash.readUInt16BE(at * 2) * 11).padStart(6, '0')).join('-');
};

const addProtector = cimCommand('Add-BitLockerKeyProtector', {
  pipeline: { MountPoint: 'both' },
  sets: [
    'PasswordProtector',
    'RecoveryPasswordProtector',
    'StartupKeyProtector',
    'TpmAndStartupKeyProtector',
    'TpmAndPinAndStartupKeyProtector',
    'AdAccountOrGroupProtector',
    'TpmAndPinProtector',
    'TpmProtector',
    'RecoveryKeyProtector',
  ],
  simulated: ['MountPoint', 'RecoveryPasswordProtector', 'TpmProtector'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    for (const drive of drivesOf(context, bound)) {
      const volume = machine.hardware.bitlocker.volume(drive);
      if (!context.shouldProcess(drive, 'Add-BitLockerKeyProtector')) continue;
      const kind = bound.flag('TpmProtector') ? 'Tpm' : 'RecoveryPassword';
      const id = `{${crypto.randomUUID().toUpperCase()}}`;
      volume.protectors.push({
        id,
        kind,
        isEscrowed: false,
        ...(kind === 'Tpm' ? {} : { recoveryPassword: recoveryPassword(id) }),
      });
      yield machine.changes.record('bitlocker.protector', drive, undefined, kind, pid);
      context.write(volumeObject(context, drive));
    }
  },
});

const confirmSecureBoot = command('Confirm-SecureBootUEFI', {
  className: 'Microsoft.SecureBoot.Commands.ConfirmSecureBootUefiCommand',
  simulated: [],
  process: (context) => {
    const { isUefi, secureBoot } = actorOf(context).machine.hardware.firmware.state;
    if (!isUefi)
      context.fail({
        id: 'ConfirmSecureBootUefiNotSupported',
        message: 'Cmdlet not supported on this platform: 0xC0000002',
        category: 'NotImplemented',
        exception: 'System.PlatformNotSupportedException',
      });
    context.write(secureBoot);
  },
});

const getTpm = command('Get-Tpm', {
  className: 'Microsoft.Tpm.Commands.GetTpmCommand',
  simulated: [],
  process: (context) => {
    const { tpm } = actorOf(context).machine.hardware.firmware.state;
    context.write(
      customObject(
        {
          TpmPresent: tpm.isPresent,
          TpmReady: tpm.isPresent && tpm.isReady,
          TpmEnabled: tpm.isPresent && tpm.isEnabled,
          TpmActivated: tpm.isPresent && tpm.isActivated,
          TpmOwned: tpm.isPresent && tpm.isOwned,
          RestartPending: false,
          LockedOut: false,
        },
        ['Microsoft.Tpm.Commands.TpmObject'],
      ),
    );
  },
});

/** BitLocker, secure boot and the trusted platform module. */
export const bitLockerCmdlets = [
  getVolume,
  suspend,
  resume,
  escrow('Backup-BitLockerKeyProtector'),
  escrow('BackupToAAD-BitLockerKeyProtector'),
  addProtector,
  confirmSecureBoot,
  getTpm,
];
