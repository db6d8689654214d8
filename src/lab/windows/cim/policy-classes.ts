import type { Value } from '../../evaluator/value.ts';
import type { Machine } from '../machine/machine.ts';
import type { AppliedSetting, PolicyObject } from '../machine/policy/group-policy.ts';
import { policyBytes } from '../machine/policy/policy-file.ts';
import { startupMode } from '../machine/policy/policy-report.ts';
import type { CimClass } from './cim-class.ts';
import { uint32 } from './cim-instance.ts';

const namespace = 'root/rsop/computer';
const valueTypes: Readonly<Record<string, number>> = {
  String: 1,
  ExpandString: 2,
  Binary: 3,
  DWord: 4,
  MultiString: 7,
  QWord: 11,
};

const idOf = ({ id }: PolicyObject, machine: Machine): string =>
  id.startsWith('{')
    ? `CN=${id},CN=POLICIES,CN=SYSTEM,DC=${(machine.policy.domain ?? '').split('.').join(',DC=')}`
    : 'LocalGPO';

/** Settings of one kind, the winning one of each first (precedence 1). */
const ranked = <Kind extends AppliedSetting['kind']>(
  machine: Machine,
  kind: Kind,
  keyOf: (setting: Extract<AppliedSetting, { readonly kind: Kind }>) => string,
): { readonly setting: Extract<AppliedSetting, { readonly kind: Kind }>; readonly precedence: number }[] => {
  const counts = new Map<string, number>();
  return machine.policy.applied
    .filter((setting): setting is Extract<AppliedSetting, { readonly kind: Kind }> => setting.kind === kind)
    .toReversed()
    .map((setting) => {
      const key = keyOf(setting).toLowerCase();
      const precedence = (counts.get(key) ?? 0) + 1;
      counts.set(key, precedence);
      return { setting, precedence };
    });
};

const shared = (machine: Machine, policy: PolicyObject, name: string, precedence: number): Record<string, Value> => ({
  GPOID: idOf(policy, machine),
  id: `${policy.id}:${name}`,
  name,
  precedence: uint32(precedence),
  SOMID:
    machine.policy.domain === undefined || policy.id.startsWith('Local')
      ? 'Local'
      : `DC=${machine.policy.domain.split('.').join(',DC=')}`,
});

const registrySetting: CimClass = {
  name: 'RSOP_RegistryPolicySetting',
  namespace,
  keys: ['id', 'precedence'],
  outside: 'creationTime command',
  instances: (machine) =>
    ranked(machine, 'value', ({ value }) => `${value.key}:${value.name}`).map(
      ({ setting: { policy, value }, precedence }) => ({
        ...shared(machine, policy, value.name, precedence),
        registryKey: value.key,
        valueName: value.name,
        valueType: uint32(valueTypes[value.kind] ?? 0),
        value: [...policyBytes(value.data)],
        deleted: value.data === null,
      }),
    ),
};

const serviceSetting: CimClass = {
  name: 'RSOP_SystemService',
  namespace,
  keys: ['Service', 'precedence'],
  outside: 'creationTime ErrorCode',
  instances: (machine) =>
    ranked(machine, 'service', ({ service }) => service.name).map(({ setting: { policy, service }, precedence }) => ({
      ...shared(machine, policy, service.name, precedence),
      Service: service.name,
      StartupMode: uint32(startupMode(service.start)),
      SDDLString: '',
      Status: uint32(1),
    })),
};

const fileSetting: CimClass = {
  name: 'RSOP_File',
  namespace,
  keys: ['Path', 'precedence'],
  outside: 'creationTime ErrorCode',
  instances: (machine) =>
    ranked(machine, 'file', ({ file }) => file.path).map(({ setting: { policy, file }, precedence }) => ({
      ...shared(machine, policy, file.path, precedence),
      Path: file.path,
      OriginalPath: file.path,
      Mode: uint32(1),
      SDDLString: file.sddl,
      Status: uint32(1),
    })),
};

const keySetting: CimClass = { name: 'RSOP_RegistryKey', namespace, keys: ['Path', 'precedence'], instances: () => [] };

// The lab's policies set no rights of accounts and no groups: the classes are there, and empty.
const rightSetting: CimClass = {
  name: 'RSOP_UserPrivilegeRight',
  namespace,
  keys: ['UserRight', 'precedence'],
  instances: () => [],
};
const groupSetting: CimClass = {
  name: 'RSOP_RestrictedGroup',
  namespace,
  keys: ['GroupName', 'precedence'],
  instances: () => [],
};

const policyObject: CimClass = {
  name: 'RSOP_GPO',
  namespace,
  keys: ['id'],
  outside: 'extensionIds securityDescriptor',
  instances: (machine) =>
    machine.policy.objects().map((policy) => ({
      id: idOf(policy, machine),
      guidName: policy.id,
      name: policy.name,
      enabled: true,
      accessDenied: false,
      filterAllowed: true,
      filterId: '',
      version: uint32(2),
      fileSystemPath: policy.id.startsWith('{')
        ? `\\\\${machine.policy.domain ?? ''}\\SysVol\\${machine.policy.domain ?? ''}\\Policies\\${policy.id}\\Machine`
        : 'C:\\Windows\\System32\\GroupPolicy\\Machine',
    })),
};

const antivirus: CimClass = {
  name: 'AntiVirusProduct',
  namespace: 'root/SecurityCenter2',
  keys: ['instanceGuid'],
  exists: (machine) => machine.edition.productType === 1,
  instances: (machine) => [
    {
      displayName: 'Windows Defender',
      instanceGuid: '{D68DDC3A-831F-4fae-9E44-DA132C1ACF46}',
      pathToSignedProductExe: 'windowsdefender://',
      pathToSignedReportingExe: '%ProgramFiles%\\Windows Defender\\MsMpeng.exe',
      // On and up to date, or off because another product is on.
      productState: uint32(machine.defender.isActive ? 397_568 : 393_472),
      timestamp: new Date(machine.clock.bootWallMs()).toUTCString(),
    },
    ...machine.defender.otherProducts.map(({ guid, name, state, exe }) => ({
      displayName: name,
      instanceGuid: guid,
      pathToSignedProductExe: exe,
      pathToSignedReportingExe: exe,
      productState: uint32(state),
      timestamp: new Date(machine.clock.bootWallMs()).toUTCString(),
    })),
  ],
};

/** What group policy brought, and which antivirus products registered. */
export const policyClasses = [
  registrySetting,
  serviceSetting,
  fileSetting,
  keySetting,
  rightSetting,
  groupSetting,
  policyObject,
  antivirus,
];
