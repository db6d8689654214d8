import type { CmdletDefinition, DriveProvider } from '../../evaluator/host.ts';
import type { EnumDefinition, TypeDefinition } from '../../evaluator/type-definition.ts';
import { importModule } from '../cmdlets/module-cmdlets.ts';
import { roleCommandNames } from '../cmdlets/role-command.ts';
import {
  backupPolicyCmdlets,
  backupPolicyType,
  backupTargetType,
  backupVolumeType,
} from '../cmdlets/roles/backup-policy-cmdlets.ts';
import {
  exitCodeEnum,
  featureCmdlets,
  featureResultType,
  featureType,
  installStateEnum,
  restartStateEnum,
} from '../cmdlets/roles/feature-cmdlets.ts';
import { optionalFeatureCmdlets } from '../cmdlets/roles/optional-features.ts';
import { withModule } from '../cmdlets/roles/require-module.ts';
import { roleModules } from '../cmdlets/roles/role-modules.ts';
import { configCmdlets } from '../cmdlets/web/config-cmdlets.ts';
import { handlerCmdlets } from '../cmdlets/web/handler-cmdlets.ts';
import { iisDrive } from '../cmdlets/web/iis-drive.ts';
import { lockCmdlets } from '../cmdlets/web/lock-cmdlets.ts';
import { poolCmdlets } from '../cmdlets/web/pool-cmdlets.ts';
import { siteCmdlets } from '../cmdlets/web/site-cmdlets.ts';
import { wsusCmdlets } from '../cmdlets/wsus/wsus-cmdlets.ts';
import { attributeType, elementType } from '../types/web/config-values.ts';
import { cleanupResultType, scopeType } from '../types/wsus/cleanup-types.ts';
import { adminProxyType, serverType } from '../types/wsus/server-type.ts';
import { connectionStateEnum, sqlCommandType, sqlConnectionType, sqlReaderType } from '../types/wsus/sql-types.ts';
import { updateScopeType } from '../types/wsus/update-scope.ts';
import { groupType, revisionType, updateType } from '../types/wsus/update-type.ts';
import { wsusEnums } from '../types/wsus/wsus-enums.ts';

/** Cmdlets of roles and features of servers, and of what clients share with them. */
export const roleCmdlets: readonly CmdletDefinition[] = [
  ...featureCmdlets,
  ...optionalFeatureCmdlets,
  ...withModule(
    [...configCmdlets, ...lockCmdlets, ...siteCmdlets, ...poolCmdlets, ...handlerCmdlets],
    roleModules.webAdministration,
  ),
  ...backupPolicyCmdlets,
  ...withModule(wsusCmdlets, roleModules.updateServices),
  importModule,
];

/** Types of roles and features. */
export const roleTypes: readonly TypeDefinition<never>[] = [
  featureType,
  featureResultType,
  attributeType,
  elementType,
  serverType,
  adminProxyType,
  updateType,
  scopeType,
  updateScopeType,
  cleanupResultType,
  groupType,
  revisionType,
  sqlConnectionType,
  sqlCommandType,
  sqlReaderType,
  backupPolicyType,
  backupTargetType,
  backupVolumeType,
].map((type) => type as TypeDefinition<never>);

/** Enums of roles and features. */
export const roleEnums: readonly EnumDefinition[] = [
  installStateEnum,
  exitCodeEnum,
  restartStateEnum,
  connectionStateEnum,
  ...wsusEnums,
];

/** Drives of roles. */
export const roleDrives: readonly DriveProvider[] = [iisDrive];

/** Commands of roles that Windows has and the lab does not simulate. */
export const outsideRoleCommands: readonly string[] = roleCommandNames;
