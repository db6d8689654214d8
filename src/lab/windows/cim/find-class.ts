import type { ErrorSpec } from '../../evaluator/host.ts';
import { exception } from '../../evaluator/make.ts';
import type { Machine } from '../machine/machine.ts';
import { refuseMember } from '../types/outside.ts';
import type { CimClass } from './cim-class.ts';
import { protectionClasses } from './protection-classes.ts';
import { serviceClass } from './service-class.ts';
import { systemClasses } from './system-classes.ts';

/** All simulated classes. */
export const cimClasses: readonly CimClass[] = [...systemClasses, serviceClass, ...protectionClasses];

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

/** Finds a class, or says what is wrong: no such namespace, no such class. */
export const findClass = (machine: Machine, namespace: string, name: string): CimClass | ErrorSpec => {
  const wanted = normalize(namespace);
  const known = cimClasses.filter((one) => one.exists?.(machine) ?? true);
  const hasNamespace = namespaces.includes(wanted) || known.some((one) => one.namespace.toLowerCase() === wanted);
  if (!hasNamespace && outsideNamespaces.test(wanted)) refuseMember(`the CIM namespace ${namespace}`);
  if (!hasNamespace) return cimError('invalidNamespace', `${namespace}:${name}`);
  const found = known.find(
    (one) => one.namespace.toLowerCase() === wanted && one.name.toLowerCase() === name.toLowerCase(),
  );
  if (found) return found;
  const isElsewhere = cimClasses.some((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!isElsewhere && outsideClasses.test(name)) refuseMember(`the CIM class ${name}`);
  return cimError('invalidClass', `${namespace.replaceAll('/', '\\')}:${name}`);
};
/** Whether a look-up found a class. */
export const isClass = (found: CimClass | ErrorSpec): found is CimClass => 'instances' in found;
