import type { Value } from '../../evaluator/value.ts';
import { type EncryptedVolume, type KeyProtector, protectorKinds } from '../machine/devices/bitlocker.ts';
import { argumentOf, type CimClass, type CimMethod } from './cim-class.ts';
import { uint32 } from './cim-instance.ts';

/** The volume has no such key protector (FVE_E_PROTECTOR_NOT_FOUND); BitLocker is off (FVE_E_NOT_ACTIVATED). */
const codes = { notFound: 0x80310033, notActivated: 0x80310008 } as const;

type Found = { readonly drive: string; readonly volume: EncryptedVolume };

const driveOf = ({ self, context }: Parameters<CimMethod>[0]): string =>
  context.text(self?.values.get('DriveLetter') ?? '');

/** A method on a volume. */
const onVolume =
  (run: (found: Found, call: Parameters<CimMethod>[0]) => Readonly<Record<string, Value>>): CimMethod =>
  (call) => {
    const drive = driveOf(call);
    return run({ drive, volume: call.machine.hardware.bitlocker.volume(drive) }, call);
  };

const protectorOf = (
  { volume }: Found,
  { arguments: args, context }: Parameters<CimMethod>[0],
): KeyProtector | undefined => {
  const id = context.text(argumentOf(args, 'VolumeKeyProtectorID'));
  return volume.protectors.find((one) => one.id.toLowerCase() === id.toLowerCase());
};

const good = (values: Readonly<Record<string, Value>> = {}): Readonly<Record<string, Value>> => ({
  ...values,
  ReturnValue: uint32(0),
});
const bad = (code: number): Readonly<Record<string, Value>> => ({ ReturnValue: uint32(code) });

/** Win32_EncryptableVolume. */
export const encryptableVolume: CimClass = {
  name: 'Win32_EncryptableVolume',
  isForAdministrators: true,
  namespace: 'root/cimv2/Security/MicrosoftVolumeEncryption',
  keys: ['DeviceID'],
  instances: (machine) =>
    [...machine.files.volumes.values()]
      .filter(({ driveType }) => driveType !== 5)
      .map((one) => {
        const volume = machine.hardware.bitlocker.volume(one.drive);
        return {
          ConversionStatus: uint32(volume.isEncrypted ? 1 : 0),
          DeviceID: `\\\\?\\Volume${one.guid}\\`,
          DriveLetter: one.drive,
          EncryptionMethod: uint32(volume.isEncrypted ? 6 : 0),
          IsVolumeInitializedForProtection: volume.isEncrypted,
          PersistentVolumeID: volume.isEncrypted ? one.guid.toUpperCase() : '',
          ProtectionStatus: uint32(volume.isProtected ? 1 : 0),
          VolumeType: uint32(one.drive === 'C:' ? 0 : (one.driveType ?? 3) === 2 ? 2 : 1),
        };
      }),
  methods: {
    GetProtectionStatus: onVolume(({ volume }) => good({ ProtectionStatus: uint32(volume.isProtected ? 1 : 0) })),
    GetLockStatus: onVolume(() => good({ LockStatus: uint32(0) })),
    GetConversionStatus: onVolume(({ volume }) =>
      good({
        ConversionStatus: uint32(volume.isEncrypted ? 1 : 0),
        EncryptionPercentage: uint32(volume.isEncrypted ? 100 : 0),
        EncryptionFlags: uint32(0),
        WipingStatus: uint32(0),
        WipingPercentage: uint32(0),
      }),
    ),
    GetEncryptionMethod: onVolume(({ volume }) =>
      good({ EncryptionMethod: uint32(volume.isEncrypted ? 6 : 0), SelfEncryptionDriveEncryptionMethod: null }),
    ),
    GetSuspendCount: onVolume(({ volume }) =>
      volume.isEncrypted ? good({ SuspendCount: uint32(volume.suspendedStarts ?? 0) }) : bad(codes.notActivated),
    ),
    GetKeyProtectors: onVolume((found, { arguments: args, context }) => {
      const wanted = argumentOf(args, 'KeyProtectorType');
      const kind = wanted === null ? 0 : Number(context.text(wanted));
      return good({
        VolumeKeyProtectorID: found.volume.protectors
          .filter((one) => kind === 0 || protectorKinds[one.kind] === kind)
          .map(({ id }) => id),
      });
    }),
    GetKeyProtectorType: onVolume((found, call) => {
      const protector = protectorOf(found, call);
      return protector ? good({ KeyProtectorType: uint32(protectorKinds[protector.kind]) }) : bad(codes.notFound);
    }),
    GetKeyProtectorNumericalPassword: onVolume((found, call) => {
      const protector = protectorOf(found, call);
      return protector?.recoveryPassword === undefined
        ? bad(codes.notFound)
        : good({ NumericalPassword: protector.recoveryPassword });
    }),
    *DisableKeyProtectors(call) {
      const drive = driveOf(call);
      const { bitlocker } = call.machine.hardware;
      if (!bitlocker.volume(drive).isEncrypted) return bad(codes.notActivated);
      const count = argumentOf(call.arguments, 'DisableCount');
      yield bitlocker.suspend(drive, count === null ? 1 : Number(call.context.text(count)), call.pid);
      return good();
    },
    *EnableKeyProtectors(call) {
      const drive = driveOf(call);
      const { bitlocker } = call.machine.hardware;
      if (!bitlocker.volume(drive).isEncrypted) return bad(codes.notActivated);
      yield bitlocker.resume(drive, call.pid);
      return good();
    },
    *BackupRecoveryInformationToActiveDirectory(call) {
      const drive = driveOf(call);
      const { bitlocker } = call.machine.hardware;
      const protector = protectorOf({ drive, volume: bitlocker.volume(drive) }, call);
      if (!protector) return bad(codes.notFound);
      yield bitlocker.escrow(drive, protector, call.pid);
      return good();
    },
  },
};
