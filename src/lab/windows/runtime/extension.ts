import { defineExtension } from '../../evaluator/define.ts';
import type { CmdletDefinition, Extension } from '../../evaluator/host.ts';
import type { EnumDefinition, TypeDefinition } from '../../evaluator/type-definition.ts';
import { cimCmdlets } from '../cim/cim-cmdlets.ts';
import { withOutside } from '../cim/cim-instance.ts';
import { cimClasses } from '../cim/find-class.ts';
import { aclCmdlets } from '../cmdlets/acl-cmdlets.ts';
import { appCmdlets } from '../cmdlets/app-cmdlets.ts';
import { packageStatusEnum } from '../cmdlets/app-objects.ts';
import { appVolumeCmdlets } from '../cmdlets/app-volume-cmdlets.ts';
import { defenderCmdlets } from '../cmdlets/defender-cmdlets.ts';
import { deviceCmdlets, deviceEnums } from '../cmdlets/devices/device-commands.ts';
import { driveCmdlets } from '../cmdlets/drive-cmdlets.ts';
import { eventCmdlets } from '../cmdlets/event-cmdlets.ts';
import { changeItemCmdlets } from '../cmdlets/items/change-items.ts';
import { contentCmdlets } from '../cmdlets/items/content-items.ts';
import { itemPropertyCmdlets } from '../cmdlets/items/item-properties.ts';
import { locationCmdlets } from '../cmdlets/items/locations.ts';
import { newItem } from '../cmdlets/items/new-item.ts';
import { readItemCmdlets } from '../cmdlets/items/read-items.ts';
import { makeFolder, outsideFunctions } from '../cmdlets/items/shell-functions.ts';
import knownCommands from '../cmdlets/known-commands.json' with { type: 'json' };
import { outsideFeatureCommands } from '../cmdlets/module-cmdlets.ts';
import { adapterCmdlets } from '../cmdlets/network/adapter-cmdlets.ts';
import { dnsCmdlets, recordTypeEnum } from '../cmdlets/network/dns-cmdlets.ts';
import { firewallCmdlets } from '../cmdlets/network/firewall-cmdlets.ts';
import { netEnums } from '../cmdlets/network/net-enums.ts';
import { reachCmdlets } from '../cmdlets/network/reach-cmdlets.ts';
import { webCmdlets } from '../cmdlets/network/web-cmdlets.ts';
import { featureStateEnum, preferenceCmdlets, ruleActionEnum } from '../cmdlets/preference-cmdlets.ts';
import { processCmdlets } from '../cmdlets/process-cmdlets.ts';
import { imageHealthEnum, protectionCmdlets } from '../cmdlets/protection-cmdlets.ts';
import { serviceCmdlets } from '../cmdlets/service-cmdlets.ts';
import { executionPolicyEnum, policyScopeEnum, systemCmdlets } from '../cmdlets/system-cmdlets.ts';
import { taskCmdlets } from '../cmdlets/task-cmdlets.ts';
import {
  logonTypeEnum,
  multipleInstancesEnum,
  runLevelEnum,
  taskPartCmdlets,
  taskStateEnum,
} from '../cmdlets/task-objects.ts';
import { transferCmdlets } from '../cmdlets/transfer-cmdlets.ts';
import { bitsJobType, jobStateEnum } from '../cmdlets/transfer-job.ts';
import { updateCmdlets } from '../cmdlets/update-cmdlets.ts';
import { outlookObjects } from '../com/outlook-application.ts';
import { comObjects } from '../com/update-session.ts';
import { isOutside } from '../programs/outside-programs.ts';
import { findProgram, toLanguageProgram } from '../programs/programs.ts';
import { appxVolumeType } from '../types/appx-volume.ts';
import { directoryType } from '../types/directory-statics.ts';
import { environmentTargetEnum, environmentType } from '../types/environment.ts';
import { eventRecordType } from '../types/event-record.ts';
import { directoryInfoType, fileInfoType } from '../types/file-info.ts';
import { fileType } from '../types/file-statics.ts';
import { fileStreamType } from '../types/file-stream.ts';
import { garbageCollectorType } from '../types/garbage-collector.ts';
import { builtInRoleEnum, identityTypes } from '../types/identity.ts';
import * as io from '../types/io-enums.ts';
import { addressTypes, socketFamilyEnum } from '../types/network/ip-address.ts';
import { socketTypes } from '../types/network/tcp-client.ts';
import { httpStatusEnum, webStatusEnum } from '../types/network/web-fault.ts';
import { webTypes } from '../types/network/web-request.ts';
import * as access from '../types/object-security.ts';
import { processType } from '../types/process.ts';
import { startInfoType } from '../types/process-start-info.ts';
import { registryKeyType, registryKindEnum, registryOptionsEnum } from '../types/registry-key.ts';
import { protectionScopeEnum, secretCmdlets, secretTypes } from '../types/secrets.ts';
import * as securityEnums from '../types/security-enums.ts';
import {
  serviceControllerType,
  serviceStartEnum,
  serviceStatusEnum,
  serviceTypeEnum,
} from '../types/service-controller.ts';
import { streamReaderType, streamWriterType } from '../types/stream-text.ts';
import { versionInfoType } from '../types/version-info.ts';
import { outsideRoleCommands, roleCmdlets, roleDrives, roleEnums, roleTypes } from './role-extension.ts';
import { readScriptFile } from './script-files.ts';

/** Every cmdlet of the simulated Windows. */
export const windowsCmdlets: readonly CmdletDefinition[] = [
  ...readItemCmdlets,
  newItem,
  makeFolder,
  ...changeItemCmdlets,
  ...contentCmdlets,
  ...itemPropertyCmdlets,
  ...locationCmdlets,
  ...serviceCmdlets,
  ...processCmdlets,
  ...taskCmdlets,
  ...taskPartCmdlets,
  ...eventCmdlets,
  ...cimCmdlets,
  ...protectionCmdlets,
  ...aclCmdlets,
  ...systemCmdlets,
  ...driveCmdlets,
  ...appCmdlets,
  ...appVolumeCmdlets,
  ...secretCmdlets,
  ...roleCmdlets,
  ...deviceCmdlets,
  ...preferenceCmdlets,
  ...defenderCmdlets,
  ...dnsCmdlets,
  ...adapterCmdlets,
  ...firewallCmdlets,
  ...reachCmdlets,
  ...webCmdlets,
  ...transferCmdlets,
  ...updateCmdlets,
];

/** A definition for a special state stands where any definition is wanted. */
const widen = <S>(type: TypeDefinition<S>): TypeDefinition => type as TypeDefinition;

const types: readonly TypeDefinition[] = [
  widen(fileType),
  widen(directoryType),
  widen(fileInfoType),
  widen(directoryInfoType),
  widen(versionInfoType),
  widen(fileStreamType),
  widen(streamReaderType),
  widen(streamWriterType),
  widen(registryKeyType),
  widen(serviceControllerType),
  widen(processType),
  widen(startInfoType),
  widen(eventRecordType),
  widen(withOutside(cimClasses.flatMap(({ outside }) => outside?.split(' ') ?? []))),
  widen(environmentType),
  widen(garbageCollectorType),
  widen(appxVolumeType),
  ...identityTypes.map((type) => widen(type as TypeDefinition<never>)),
  ...access.ruleTypes.map(widen),
  ...Object.values(access.securityTypes).map(widen),
  ...secretTypes.map((type) => widen(type as TypeDefinition<never>)),
  ...roleTypes.map((type) => widen(type)),
  ...[...addressTypes, ...webTypes, ...socketTypes, bitsJobType].map((type) => widen(type as TypeDefinition<never>)),
];

const enums: readonly EnumDefinition[] = [
  io.fileAttributesEnum,
  io.fileModeEnum,
  io.fileAccessEnum,
  io.fileShareEnum,
  io.fileOptionsEnum,
  io.seekOriginEnum,
  io.searchOptionEnum,
  io.encodingParameterEnum,
  io.pathTypeEnum,
  registryKindEnum,
  packageStatusEnum,
  registryOptionsEnum,
  serviceStatusEnum,
  serviceStartEnum,
  serviceTypeEnum,
  taskStateEnum,
  logonTypeEnum,
  runLevelEnum,
  multipleInstancesEnum,
  imageHealthEnum,
  featureStateEnum,
  ruleActionEnum,
  executionPolicyEnum,
  policyScopeEnum,
  environmentTargetEnum,
  builtInRoleEnum,
  protectionScopeEnum,
  securityEnums.fileRightsEnum,
  securityEnums.registryRightsEnum,
  securityEnums.accessTypeEnum,
  securityEnums.inheritanceEnum,
  securityEnums.propagationEnum,
  securityEnums.sectionsEnum,
  ...roleEnums,
  ...deviceEnums,
  ...netEnums,
  recordTypeEnum,
  jobStateEnum,
  socketFamilyEnum,
  webStatusEnum,
  httpStatusEnum,
];

/** Exception types of Windows' cmdlets and of the parts of .NET that the lab simulates: base type and usual HRESULT. */
const exceptions = {
  'System.IO.IOException': { base: 'System.SystemException', hresult: 0x80131620 },
  'System.IO.FileNotFoundException': { base: 'System.IO.IOException', hresult: 0x80070002 },
  'System.IO.DirectoryNotFoundException': { base: 'System.IO.IOException', hresult: 0x80070003 },
  'System.UnauthorizedAccessException': { base: 'System.SystemException', hresult: 0x80070005 },
  'System.ComponentModel.Win32Exception': {
    base: 'System.Runtime.InteropServices.ExternalException',
    hresult: 0x80004005,
  },
  'System.Runtime.InteropServices.ExternalException': { base: 'System.SystemException', hresult: 0x80004005 },
  'System.Runtime.InteropServices.COMException': {
    base: 'System.Runtime.InteropServices.ExternalException',
    hresult: 0x80004005,
  },
  'System.Data.SqlClient.SqlException': { base: 'System.Data.Common.DbException', hresult: 0x80131904 },
  'System.Data.Common.DbException': {
    base: 'System.Runtime.InteropServices.ExternalException',
    hresult: 0x80004005,
  },
  'System.Net.Sockets.SocketException': { base: 'System.ComponentModel.Win32Exception', hresult: 0x80004005 },
  'System.Net.NetworkInformation.PingException': { base: 'System.InvalidOperationException', hresult: 0x80131509 },
  'System.Security.Authentication.AuthenticationException': { base: 'System.SystemException', hresult: 0x80131501 },
  'System.ServiceProcess.TimeoutException': { base: 'System.SystemException', hresult: 0x80131500 },
  'System.Security.Principal.IdentityNotMappedException': { base: 'System.SystemException', hresult: 0x80131500 },
  'System.Security.Cryptography.CryptographicException': { base: 'System.SystemException', hresult: 0x80131430 },
  'Microsoft.Management.Infrastructure.CimException': { base: 'System.Exception', hresult: 0x80131500 },
  'Microsoft.PowerShell.Cmdletization.CimJobException': { base: 'System.SystemException', hresult: 0x80131501 },
  'Microsoft.PowerShell.Commands.ServiceCommandException': { base: 'System.SystemException', hresult: 0x80131501 },
  'Microsoft.PowerShell.Commands.ProcessCommandException': { base: 'System.SystemException', hresult: 0x80131501 },
  'System.Management.Automation.ItemNotFoundException': {
    base: 'System.Management.Automation.SessionStateException',
    hresult: 0x80131501,
  },
  'System.Management.Automation.DriveNotFoundException': {
    base: 'System.Management.Automation.SessionStateException',
    hresult: 0x80131501,
  },
  'System.Management.Automation.SessionStateException': {
    base: 'System.Management.Automation.RuntimeException',
    hresult: 0x80131501,
  },
  'System.Management.Automation.Host.HostException': {
    base: 'System.Management.Automation.RuntimeException',
    hresult: 0x80131501,
  },
  'System.Management.Automation.PSSecurityException': {
    base: 'System.Management.Automation.RuntimeException',
    hresult: 0x80131501,
  },
} as const;

/** What a simulated Windows adds to the language; the same for all machines. */
export const windowsExtension: Extension = defineExtension({
  cmdlets: windowsCmdlets,
  types,
  enums,
  exceptions,
  comObjects: { ...comObjects, ...outlookObjects },
  readScript: readScriptFile,
  drives: roleDrives,
  knownCommands: new Set([...knownCommands, ...outsideFunctions]),
  featureCommands: new Set([...outsideFeatureCommands, ...outsideRoleCommands]),
  resolveProgram: (name) => {
    const program = findProgram(name);
    if (program) return toLanguageProgram(program);
    if (!isOutside(name)) return undefined;
    return { path: name, isOutside: true, run: (_args, context) => context.unsupported(`the program ${name}`) };
  },
});
