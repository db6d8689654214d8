import type { ErrorSpec } from '../../evaluator/host.ts';
import { exception } from '../../evaluator/make.ts';
import { isElevated } from '../accounts.ts';
import type { Actor } from '../runtime/process-hooks.ts';
import { refuseMember } from '../types/outside.ts';
import { appManagement } from './app-classes.ts';
import type { CimClass } from './cim-class.ts';
import { deviceClasses } from './device-classes.ts';
import { diskClasses } from './disk-classes.ts';
import { networkClasses } from './network-classes.ts';
import { policyClasses } from './policy-classes.ts';
import { protectionClasses } from './protection-classes.ts';
import { serviceClass } from './service-class.ts';
import { systemClasses } from './system-classes.ts';
import { userClasses } from './user-classes.ts';

/** All simulated classes. */
export const cimClasses: readonly CimClass[] = [
  ...systemClasses,
  serviceClass,
  ...protectionClasses,
  ...deviceClasses,
  ...diskClasses,
  ...policyClasses,
  ...networkClasses,
  ...userClasses,
  appManagement,
];

// Namespaces that every Windows has, besides those of the classes.
const namespaces = [
  'root',
  'root/default',
  'root/wmi',
  'root/standardcimv2',
  'root/microsoft/windows/taskscheduler',
  'root/subscription',
  'root/rsop',
];

const codes = {
  invalidNamespace: [0x8004100e, 'Invalid namespace ', 'MetadataError'],
  invalidClass: [0x80041010, 'Invalid class ', 'MetadataError'],
  invalidQuery: [0x80041017, 'Invalid query ', 'InvalidArgument'],
  invalidMethod: [0x80041055, 'Invalid method ', 'MetadataError'],
  accessDenied: [0x80041003, 'Access denied ', 'PermissionDenied'],
  notFound: [0x80041002, 'Not found ', 'ObjectNotFound'],
} as const;

/** The error that the CIM cmdlets write for a WMI code. */
export const cimError = (kind: keyof typeof codes, target: string): ErrorSpec => {
  const [code, message, category] = codes[kind];
  const id = `HRESULT 0x${code.toString(16)}`;
  return {
    id,
    message,
    category,
    target,
    exception: exception('Microsoft.Management.Infrastructure.CimException', message, {
      hresult: 0x80131500,
      properties: {
        MessageId: id,
        ErrorSource: null,
        StatusCode: { kind: 'integer', type: 'UInt32', value: BigInt(code) },
      },
    }),
  };
};

const normalize = (namespace: string): string =>
  namespace
    .replaceAll('\\', '/')
    .replace(/^\/+|\/+$/g, '')
    .toLowerCase();

// Names that Windows has many of: one that is not simulated is outside the lab, not absent.
const outsideNamespaces =
  /^root\/(microsoft\/|wmi$|standardcimv2|hardware$|interop$|policy|rsop\/user|securitycenter2?$|cimv2\/)/;
const outsideClasses = /^(win32|cim|msft|msmcaevent|msacpi|msstorage|rsop|mscluster|microsoftdns|__)_?\w*$/i;

/** What the lab lacks of a class that it does not find: a class or a namespace that Windows surely has; undefined where Windows has none, too. */
const lacking = (namespace: string, name: string, hasNamespace: boolean): string | undefined => {
  const wanted = normalize(namespace);
  // A namespace that another Windows of the lab has is really absent here.
  const isElsewhereToo = cimClasses.some((one) => one.namespace.toLowerCase() === wanted);
  if (!hasNamespace)
    return outsideNamespaces.test(wanted) && !isElsewhereToo ? `the CIM namespace ${namespace}` : undefined;
  const isElsewhere = cimClasses.some((one) => one.name.toLowerCase() === name.toLowerCase());
  return !isElsewhere && outsideClasses.test(name) ? `the CIM class ${name}` : undefined;
};

const hasNamespace = (namespace: string, classes: readonly CimClass[]): boolean => {
  const wanted = normalize(namespace);
  return namespaces.includes(wanted) || classes.some((one) => one.namespace.toLowerCase() === wanted);
};

const named = (namespace: string, name: string, classes: readonly CimClass[]): CimClass | undefined =>
  classes.find(
    (one) => one.namespace.toLowerCase() === normalize(namespace) && one.name.toLowerCase() === name.toLowerCase(),
  );

/** Finds a class for whoever asks, or says what is wrong: no such namespace, no such class, a class for administrators only. */
export const findClass = (
  { machine, process }: Pick<Actor, 'machine' | 'process'>,
  namespace: string,
  name: string,
): CimClass | ErrorSpec => {
  const classes = cimClasses.filter((one) => one.exists?.(machine) ?? true);
  const found = named(namespace, name, classes);
  if (found?.isForAdministrators && !isElevated(process.account)) return cimError('accessDenied', found.name);
  if (found) return found;
  const hasSpace = hasNamespace(namespace, classes);
  const lack = lacking(namespace, name, hasSpace);
  if (lack !== undefined) refuseMember(lack);
  return hasSpace
    ? cimError('invalidClass', `${namespace.replaceAll('/', '\\')}:${name}`)
    : cimError('invalidNamespace', `${namespace}:${name}`);
};

/** A class by name, whatever Windows has it; `lacking` where the lab does not simulate it, `absent` where Windows has no such class. */
export const classNamed = (namespace: string, name: string): CimClass | 'lacking' | 'absent' =>
  named(namespace, name, cimClasses) ??
  (lacking(namespace, name, hasNamespace(namespace, cimClasses)) === undefined ? 'absent' : 'lacking');

/** Whether a look-up found a class. */
export const isClass = (found: CimClass | ErrorSpec): found is CimClass => 'instances' in found;
