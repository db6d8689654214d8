import type { CmdletDefinition } from '../../../evaluator/host.ts';
import type { EnumDefinition } from '../../../evaluator/type-definition.ts';
import { setCimInstance } from '../../cim/set-instance.ts';
import { archiveCmdlets } from './archive-cmdlets.ts';
import { backupCmdlets } from './backup-cmdlets.ts';
import { bitLockerCmdlets, bitLockerEnums } from './bitlocker-cmdlets.ts';
import { physicalDiskCmdlets } from './physical-disk-cmdlets.ts';
import { pnpCmdlets, problemEnum } from './pnp-cmdlets.ts';
import { driverSignatureEnum, packageStateEnum, releaseTypeEnum, servicingCmdlets } from './servicing-cmdlets.ts';
import { signatureCmdlets, signatureStatusEnum, signatureTypeEnum } from './signature-cmdlets.ts';
import { storageCmdlets } from './storage-cmdlets.ts';
import { repairStatusEnum, volumeCmdlets } from './volume-cmdlets.ts';

/** Commands of disks, devices, encryption, updates, signatures and backups. */
export const deviceCmdlets: readonly CmdletDefinition[] = [
  setCimInstance,
  ...storageCmdlets,
  ...physicalDiskCmdlets,
  ...volumeCmdlets,
  ...pnpCmdlets,
  ...servicingCmdlets,
  ...bitLockerCmdlets,
  ...signatureCmdlets,
  ...backupCmdlets,
  ...archiveCmdlets,
];

/** Enums that those commands give. */
export const deviceEnums: readonly EnumDefinition[] = [
  repairStatusEnum,
  problemEnum,
  packageStateEnum,
  releaseTypeEnum,
  driverSignatureEnum,
  signatureStatusEnum,
  signatureTypeEnum,
  ...bitLockerEnums,
];
