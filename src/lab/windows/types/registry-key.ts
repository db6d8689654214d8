import { defineEnum, defineType } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { enumValue, exception, int64, newObject, typedArray } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Exception, Instance, Value } from '../../evaluator/value.ts';
import { expandText } from '../machine/environment-text.ts';
import type { Machine } from '../machine/machine.ts';
import {
  type RegistryData,
  type RegistryKey,
  type RegistryKind,
  type RegistryValue,
  subKeyNames,
} from '../machine/registry/registry.ts';
import { wantedRights } from '../machine/rights/access-check.ts';
import { Win32Fault, win32 } from '../machine/win32-fault.ts';
import { asNet, ioException } from '../runtime/net-faults.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { outsideProperties } from './outside.ts';

/** A key that somebody may only read refuses to be changed. */
const registryException = (fault: Win32Fault): Exception =>
  fault.code === win32.accessDenied
    ? exception('System.UnauthorizedAccessException', `Access to the registry key '${fault.target}' is denied.`, {
        hresult: 0x80070005,
      })
    : ioException(fault);

/** Microsoft.Win32.RegistryValueKind. */
export const registryKindEnum = defineEnum('Microsoft.Win32.RegistryValueKind', {
  Unknown: 0,
  String: 1,
  ExpandString: 2,
  Binary: 3,
  DWord: 4,
  MultiString: 7,
  QWord: 11,
  None: -1,
});

/** Microsoft.Win32.RegistryValueOptions. */
export const registryOptionsEnum = defineEnum(
  'Microsoft.Win32.RegistryValueOptions',
  { None: 0, DoNotExpandEnvironmentNames: 1 },
  { flags: true },
);

/** Data of a value as PowerShell gets it: DWord is Int32, QWord Int64, Binary Byte[], MultiString String[]; ExpandString is expanded unless told otherwise. */
export const dataToValue = (value: RegistryValue, expand: ((text: string) => string) | undefined): Value => {
  const { data, kind } = value;
  if (typeof data === 'number') return data | 0;
  if (typeof data === 'bigint') return int64(BigInt.asIntN(64, data));
  if (data instanceof Uint8Array) return Uint8Array.from(data);
  if (typeof data === 'string') return kind === 'ExpandString' && expand ? expand(data) : data;
  return typedArray('System.String', [...data]);
};

/** Data of a kind from a PowerShell value. @throws the conversion error of PowerShell when it does not fit */
export const valueToData = (value: Value, kind: RegistryKind, context: CallContext): RegistryData => {
  switch (kind) {
    case 'DWord': {
      const unsigned = Number(context.text(context.convert(value, typeof value === 'number' ? 'int' : 'int64')));
      return unsigned >>> 0;
    }
    case 'QWord':
      return BigInt(context.text(context.convert(value, 'int64')));
    case 'Binary':
    case 'None': {
      const bytes = context.convert(value, 'byte[]');
      return bytes instanceof Uint8Array ? Uint8Array.from(bytes) : new Uint8Array();
    }
    case 'MultiString':
      return context.enumerate(value).map((item) => context.text(item));
    case 'String':
    case 'ExpandString':
      return value === null || value === undefined ? '' : context.text(value);
  }
};

/** The kind that Set-ItemProperty picks for a value of which it is told nothing. */
export const kindOfValue = (value: Value): RegistryKind => {
  if (typeof value === 'number') return 'DWord';
  if (value instanceof Uint8Array) return 'Binary';
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string') ? 'MultiString' : 'String';
  if (value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'integer') {
    return value.type === 'Int64' || value.type === 'UInt64' ? 'QWord' : 'DWord';
  }
  return 'String';
};

/** Fills %NAME% from the environment of the process. */
export const expandVariables = (text: string, context: CallContext): string =>
  expandText(text, (name) => context.hooks.environment.get(name));

/** A Microsoft.Win32.RegistryKey: the full path of a key. */
export type RegistryKeyState = { readonly machine: Machine; readonly path: string };

const openException = (): Exception =>
  exception('System.Security.SecurityException', 'Requested registry access is not allowed.', { hresult: 0x8013150a });

const keyOf = (state: RegistryKeyState): RegistryKey =>
  asNet(() => {
    const key = state.machine.registry.find(state.path);
    if (!key) throw new Win32Fault(win32.fileNotFound, state.path);
    return key;
  });
const nameArgument = (args: Value[], context: CallContext): string =>
  args[0] === null || args[0] === undefined ? '' : context.text(args[0]);
const kindArgument = (value: Value, context: CallContext): RegistryKind => {
  const text = context.text(context.convert(value, 'Microsoft.Win32.RegistryValueKind'));
  return text as RegistryKind;
};

/** Microsoft.Win32.RegistryKey. */
export const registryKeyType: TypeDefinition<RegistryKeyState> = defineType<RegistryKeyState>({
  name: 'Microsoft.Win32.RegistryKey',
  bases: ['System.MarshalByRefObject', 'System.IDisposable'],
  properties: {
    ...outsideProperties('Microsoft.Win32.RegistryKey', 'Handle View'),
    Name: { type: 'System.String', get: (state) => state.path },
    SubKeyCount: { type: 'System.Int32', get: (state) => keyOf(state).keys.size },
    ValueCount: { type: 'System.Int32', get: (state) => keyOf(state).values.size },
    Property: {
      type: 'System.String[]',
      get: (state) =>
        typedArray(
          'System.String',
          [...keyOf(state).values.values()].map(({ name }) => (name === '' ? '(default)' : name)),
        ),
    },
  },
  methods: {
    GetValue: (state, args, context) => {
      const found = keyOf(state).values.get(nameArgument(args, context).toLowerCase());
      if (!found) return args.length > 1 ? args[1] : null;
      const raw = args.length > 2 && /DoNotExpand|^1$/i.test(context.text(args[2]));
      return dataToValue(found, raw ? undefined : (text) => expandVariables(text, context));
    },
    GetValueKind: (state, args, context) => {
      const name = nameArgument(args, context);
      const found = asNet(() => {
        const value = keyOf(state).values.get(name.toLowerCase());
        if (!value) throw new Win32Fault(win32.fileNotFound, name);
        return value;
      });
      return enumValue(registryKindEnum, found.kind);
    },
    GetValueNames: (state) =>
      typedArray(
        'System.String',
        [...keyOf(state).values.values()].map(({ name }) => name),
      ),
    GetSubKeyNames: (state) => typedArray('System.String', subKeyNames(keyOf(state))),
    OpenSubKey: (state, args, context) => {
      const path = `${state.path}\\${nameArgument(args, context)}`;
      const { pid } = actorOf(context);
      const found = state.machine.registry.find(path);
      // Windows PowerShell opens keys for reading unless it is told that they are to be written.
      const isWritable = args.length > 1 && /^(true|readwritesubtree)$/i.test(context.text(args[1]));
      const wanted = wantedRights.readKey | (isWritable ? wantedRights.writeKey : 0);
      if (found) asNet(() => state.machine.registry.requireRight(found, wanted, pid, path), openException);
      const key = registryKeyObject(state.machine, path);
      if (key) state.machine.hives.open(path, pid);
      return key ?? null;
    },
    *CreateSubKey(state, args, context) {
      const path = `${state.path}\\${nameArgument(args, context)}`;
      yield asNet(() => state.machine.registry.create(path, actorOf(context).pid), registryException);
      return registryKeyObject(state.machine, path) ?? null;
    },
    *SetValue(state, args, context) {
      const kind = args.length > 2 ? kindArgument(args[2], context) : kindOfValue(args[1]);
      const value = { name: nameArgument(args, context), kind, data: valueToData(args[1], kind, context) };
      yield asNet(() => state.machine.registry.set(state.path, value, actorOf(context).pid), registryException);
      return undefined;
    },
    *DeleteValue(state, args, context) {
      yield asNet(
        () => state.machine.registry.removeValue(state.path, nameArgument(args, context), actorOf(context).pid),
        registryException,
      );
      return undefined;
    },
    Close: (state, _args, context) => {
      state.machine.hives.close(state.path, actorOf(context).pid);
      return undefined;
    },
    Dispose: (state, _args, context) => {
      state.machine.hives.close(state.path, actorOf(context).pid);
      return undefined;
    },
    Flush: () => undefined,
  },
  toText: (state) => state.path,
});

/** The object of a key; `undefined` when there is no such key. `path` begins with a root name. */
export const registryKeyObject = (
  machine: Machine,
  path: string,
  sid?: string,
): Instance<RegistryKeyState> | undefined => {
  const full = machine.registry.resolve(path, sid);
  return machine.registry.find(full)
    ? newObject(registryKeyType, { machine, path: displayPath(machine, full) })
    : undefined;
};

/** Path with the names as the keys were written. */
const displayPath = (machine: Machine, path: string): string => {
  const names: string[] = [];
  for (let key = machine.registry.find(path); key?.parent; key = key.parent) names.unshift(key.name);
  return names.join('\\');
};
