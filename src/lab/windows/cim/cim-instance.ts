import { defineType } from '../../evaluator/define.ts';
import { customObject, integer, newObject } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Instance, Value } from '../../evaluator/value.ts';
import type { Machine } from '../machine/machine.ts';
import { refuseMember } from '../types/outside.ts';

/** A CIM instance: its class and its values in the order of the class. */
export type CimState = {
  readonly className: string;
  readonly namespace: string;
  readonly keys: readonly string[];
  /** Live values by property name. */
  readonly values: Map<string, Value>;
  /** Properties that the real class has and the lab does not simulate, in lower case. */
  readonly outside?: ReadonlySet<string>;
  /** Which machine it came from. */
  readonly machine: Machine | undefined;
};

const find = (state: CimState, name: string): string | undefined => {
  if (state.values.has(name)) return name;
  const wanted = name.toLowerCase();
  for (const key of state.values.keys()) if (key.toLowerCase() === wanted) return key;
  return undefined;
};

/** Microsoft.Management.Infrastructure.CimInstance. */
export const cimInstanceType: TypeDefinition<CimState> = defineType<CimState>({
  name: 'Microsoft.Management.Infrastructure.CimInstance',
  aliases: ['CimInstance', 'ciminstance'],
  bases: ['System.IDisposable'],
  properties: {
    CimClass: {
      hidden: true,
      get: (state) =>
        customObject({
          CimClassName: state.className,
          CimSystemProperties: customObject({ ClassName: state.className, Namespace: state.namespace }),
        }),
    },
    CimSystemProperties: {
      hidden: true,
      get: (state) =>
        customObject({ Namespace: state.namespace, ServerName: state.machine?.name ?? '', ClassName: state.className }),
    },
    CimInstanceProperties: {
      hidden: true,
      get: (state) => [...state.values].map(([Name, value]) => customObject({ Name, Value: value })),
    },
    PSComputerName: { get: () => null },
  },
  dynamicProperties: (state) => ({
    names: () => [...state.values.keys()],
    get: (name) => {
      const key = find(state, name);
      return key === undefined ? undefined : state.values.get(key);
    },
    set: (name, value) => {
      const key = find(state, name);
      if (key !== undefined) state.values.set(key, value);
    },
  }),
  methods: { Dispose: () => undefined },
  toText: (state) => {
    const keys = state.keys.map((key) => {
      const value = state.values.get(key);
      return `${key} = ${typeof value === 'string' ? `"${value}"` : typeof value === 'object' && value !== null && 'value' in value ? `${String(value.value)}` : ''}`;
    });
    return keys.length === 0 ? state.className : `${state.className} (${keys.join(', ')})`;
  },
});

/** The type with hidden properties for names that some class has on Windows and the lab does not simulate. */
export const withOutside = (names: Iterable<string>): TypeDefinition<CimState> => ({
  ...cimInstanceType,
  properties: {
    ...cimInstanceType.properties,
    ...Object.fromEntries(
      Array.from(names, (name) => [
        name,
        {
          hidden: true,
          get: (state: CimState) => {
            const key = find(state, name);
            if (key !== undefined) return state.values.get(key);
            return state.outside?.has(name.toLowerCase()) ? refuseMember(`${state.className}.${name}`) : undefined;
          },
        },
      ]),
    ),
  },
});

/** Unsigned 32-bit value, the usual number of WMI. */
export const uint32 = (value: number): Value => integer('UInt32', BigInt(Math.trunc(value)));
/** Unsigned 64-bit value. */
export const uint64 = (value: number | bigint): Value => integer('UInt64', BigInt(value));
/** Unsigned 16-bit value. */
export const uint16 = (value: number): Value => integer('UInt16', BigInt(value));

/** Makes a CIM instance object. */
export const cimObject = (
  className: string,
  values: Readonly<Record<string, Value>>,
  options: {
    readonly namespace?: string;
    readonly keys?: readonly string[];
    readonly outside?: ReadonlySet<string>;
    readonly machine?: Machine;
  } = {},
): Instance<CimState> => {
  const namespace = options.namespace ?? 'root/cimv2';
  const object = newObject(cimInstanceType, {
    className,
    namespace,
    keys: options.keys ?? [],
    values: new Map(Object.entries(values)),
    machine: options.machine,
    ...(options.outside ? { outside: options.outside } : {}),
  });
  object.typeNames = [
    `Microsoft.Management.Infrastructure.CimInstance#${namespace}/${className}`,
    `Microsoft.Management.Infrastructure.CimInstance#${className}`,
    'Microsoft.Management.Infrastructure.CimInstance',
    'System.Object',
  ];
  return object;
};

/** Values of a CIM object by name; `undefined` when it is none. */
export const cimStateOf = (value: Value): CimState | undefined =>
  value !== null &&
  typeof value === 'object' &&
  'kind' in value &&
  value.kind === 'instance' &&
  value.type === cimInstanceType
    ? (value.state as CimState)
    : undefined;
