import type { Task } from '../../evaluator/host.ts';
import { absolutePath } from '../machine/files/paths.ts';
import { encodeHive } from '../machine/registry/hive-file.ts';
import { type RegistryData, type RegistryKey, type RegistryKind, subKeyNames } from '../machine/registry/registry.ts';
import { removeKeyTree } from '../machine/registry/remove-key-tree.ts';
import { wantedRights } from '../machine/rights/access-check.ts';
import { Win32Fault, win32 } from '../machine/win32-fault.ts';
import type { ProgramCall, WindowsProgram } from './program.ts';
import { readRegistryFile, writeRegistryFile } from './registry-file.ts';

const kinds: Readonly<Record<string, RegistryKind>> = {
  REG_SZ: 'String',
  REG_EXPAND_SZ: 'ExpandString',
  REG_BINARY: 'Binary',
  REG_DWORD: 'DWord',
  REG_MULTI_SZ: 'MultiString',
  REG_QWORD: 'QWord',
  REG_NONE: 'None',
};
const wordOf = (kind: RegistryKind): string => Object.entries(kinds).find(([, one]) => one === kind)?.[0] ?? 'REG_NONE';

const messages: Readonly<Record<number, string>> = {
  [win32.fileNotFound]: 'The system was unable to find the specified registry key or value.',
  [win32.pathNotFound]: 'The system cannot find the path specified.',
  [win32.accessDenied]: 'Access is denied.',
  [win32.sharingViolation]: 'The process cannot access the file because it is being used by another process.',
  [win32.invalidParameter]: 'The parameter is incorrect.',
  [win32.alreadyExists]: 'Cannot create a file when that file already exists.',
  1009: 'The configuration registry database is corrupt.',
};

class Refusal extends Error {}
const refuse = (message: string): never => {
  throw new Refusal(message);
};

/** Options by letter: `/v name`, `/f`. */
const readOptions = (
  verb: string,
  args: readonly string[],
  withValue: string,
  alone: string,
): ReadonlyMap<string, string> => {
  const options = new Map<string, string>();
  const syntax = (): never => refuse(`Invalid syntax.\r\nType "REG ${verb.toUpperCase()} /?" for usage.`);
  for (let at = 0; at < args.length; at++) {
    const name = (args[at] ?? '').toLowerCase();
    const plain = name.slice(1);
    if (!name.startsWith('/')) syntax();
    else if (withValue.split(' ').includes(plain)) {
      const value = args[++at];
      options.set(plain, value ?? syntax());
    } else if (alone.split(' ').includes(plain) || /^reg:(32|64)$/.test(plain)) options.set(plain, '');
    else syntax();
  }
  return options;
};

const toData = (kind: RegistryKind, text: string, separator: string): RegistryData => {
  if (kind === 'DWord' || kind === 'QWord') {
    if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) refuse("Invalid syntax. Specify a valid numeric value for '/d'.");
    return kind === 'DWord' ? Number(text) >>> 0 : BigInt(text);
  }
  if (kind === 'Binary' || kind === 'None')
    return Uint8Array.from(text.match(/[0-9a-f]{1,2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
  return kind === 'MultiString' ? text.split(separator) : text;
};

const shownData = (kind: RegistryKind, data: RegistryData): string => {
  if (typeof data === 'number') return `0x${data.toString(16)}`;
  if (typeof data === 'bigint') return `0x${BigInt.asUintN(64, data).toString(16)}`;
  if (data instanceof Uint8Array) return Buffer.from(data).toString('hex').toUpperCase();
  void kind;
  return typeof data === 'string' ? data : data.join('\\0');
};

/** What a call works on: the key as it was named, and as the registry knows it. */
type Target = { readonly path: string; readonly sid: string };

const findKey = ({ machine, process }: ProgramCall, { path, sid }: Target): RegistryKey => {
  const key = machine.registry.find(path, sid);
  if (!key) return refuse(messages[win32.fileNotFound] ?? '');
  machine.registry.requireRight(key, wantedRights.readKey, process.parentPid, path);
  return key;
};

/** Full path as `reg` prints it; HKCU stays what the caller said. */
const shownPath = (call: ProgramCall, { path, sid }: Target): string => {
  const full = call.machine.registry.resolve(path, sid);
  return /^(HKCU|HKEY_CURRENT_USER)/i.test(path) ? full.replace(/^HKEY_USERS\\[^\\]+/i, 'HKEY_CURRENT_USER') : full;
};

const query = (call: ProgramCall, target: Target, args: readonly string[]): number => {
  const options = readOptions('query', args, 'v', 's ve');
  const key = findKey(call, target);
  const wanted = options.has('ve') ? '' : options.get('v');
  let found = 0;
  const show = (path: string, one: RegistryKey): void => {
    const values = [...one.values.values()].filter(
      ({ name }) => wanted === undefined || name.toLowerCase() === wanted.toLowerCase(),
    );
    if (values.length > 0 || wanted === undefined) {
      call.line('');
      call.line(path);
      for (const { name, kind, data } of values)
        call.line(`    ${name === '' ? '(Default)' : name}    ${wordOf(kind)}    ${shownData(kind, data)}`);
    }
    found += values.length;
    for (const name of subKeyNames(one)) {
      const child = one.keys.get(name.toLowerCase());
      if (options.has('s') && child) show(`${path}\\${name}`, child);
    }
  };
  const path = shownPath(call, target);
  show(path, key);
  if (wanted !== undefined && found === 0) return refuse(messages[win32.fileNotFound] ?? '');
  if (wanted === undefined && !options.has('s')) for (const name of subKeyNames(key)) call.line(`${path}\\${name}`);
  call.line('');
  if (options.has('s') && wanted !== undefined) call.line(`End of search: ${found} match(es) found.`);
  return 0;
};

function* add(call: ProgramCall, target: Target, args: readonly string[]): Task<number> {
  const options = readOptions('add', args, 'v t d s', 've f');
  const { registry } = call.machine;
  const pid = call.process.parentPid;
  const kind = kinds[(options.get('t') ?? 'REG_SZ').toUpperCase()];
  if (!kind) return refuse('Invalid syntax.\r\nType "REG ADD /?" for usage.');
  if (!options.has('v') && !options.has('ve')) yield registry.create(target.path, pid, target.sid);
  else {
    const name = options.get('v') ?? '';
    if (registry.find(target.path, target.sid)?.values.has(name.toLowerCase()) && !options.has('f'))
      return refuse('The operation was canceled by the user.');
    const data = toData(
      kind,
      options.get('d') ?? (kind === 'DWord' || kind === 'QWord' ? '0' : ''),
      options.get('s') ?? '\\0',
    );
    yield registry.set(target.path, { name, kind, data }, pid, target.sid);
  }
  call.line('The operation completed successfully.');
  return 0;
}

function* remove(call: ProgramCall, target: Target, args: readonly string[]): Task<number> {
  const options = readOptions('delete', args, 'v', 've va f');
  const { registry } = call.machine;
  const pid = call.process.parentPid;
  const key = findKey(call, target);
  // Without /f it asks, and nobody answers.
  if (!options.has('f')) return refuse('The operation was canceled by the user.');
  const isAll = options.has('va');
  if (!isAll && !options.has('v') && !options.has('ve')) {
    if (call.machine.hives.find(registry.resolve(target.path, target.sid)))
      throw new Win32Fault(win32.accessDenied, '');
    yield* removeKeyTree(registry, target.path, pid, target.sid);
  } else
    for (const name of isAll ? [...key.values.values()].map((value) => value.name) : [options.get('v') ?? ''])
      yield registry.removeValue(target.path, name, pid, target.sid);
  call.line('The operation completed successfully.');
  return 0;
}

const below = (call: ProgramCall, target: Target): (readonly [string, RegistryKey])[] => {
  const key = findKey(call, target);
  const path = shownPath(call, target);
  return [
    [path, key],
    ...[...call.machine.registry.walk(key)].map(([rest, one]) => [`${path}\\${rest}`, one] as const),
  ];
};

function* toFile(call: ProgramCall, verb: string, target: Target, args: readonly string[]): Task<number> {
  const [name = '', ...rest] = args;
  const options = readOptions(verb, rest, '', 'y');
  const { files } = call.machine;
  const file = absolutePath(name);
  const keys = below(call, target);
  if (files.exists(file) && !options.has('y')) return refuse('The operation was canceled by the user.');
  const root = keys[0]?.[0] ?? '';
  const bytes =
    verb === 'export'
      ? writeRegistryFile(keys)
      : encodeHive(
          keys.map(([path, { values, security }]) => ({
            path: path.slice(root.length + 1),
            values: [...values.values()],
            security,
          })),
        );
  const there = files.find(file);
  if (there) files.handles.check(there, file, 2);
  yield files.write(file, new Uint8Array(bytes), call.process.parentPid);
  call.line('The operation completed successfully.');
  return 0;
}

function* importFile(call: ProgramCall, name: string): Task<number> {
  const { files, registry } = call.machine;
  const pid = call.process.parentPid;
  const { sid } = call.process.account;
  const node = files.find(absolutePath(name));
  const steps = node && !node.isFolder ? readRegistryFile(files.read(node)) : undefined;
  if (!steps) return refuse('Error opening the file. There may be a disk or file system error.');
  for (const step of steps) {
    if (step.kind === 'key') yield registry.create(step.path, pid, sid);
    else if (step.kind === 'value') yield registry.set(step.path, step.value, pid, sid);
    else if (step.kind === 'remove-key') {
      if (registry.find(step.path, sid)) yield* removeKeyTree(registry, step.path, pid, sid);
    } else if (step.kind === 'remove-value' && registry.data(step.path, step.name, sid) !== undefined)
      yield registry.removeValue(step.path, step.name, pid, sid);
  }
  // This one message goes to the error stream.
  call.errorLine('The operation completed successfully.');
  return 0;
}

function* run(call: ProgramCall): Task<number> {
  const [verb = '', path = '', ...rest] = call.args;
  const { machine, process } = call;
  const target: Target = { path: path.replace(/^\\\\\.\\/, ''), sid: process.account.sid };
  const root = /^([A-Z_]+)(\\|$)/i.exec(target.path)?.[1] ?? '';
  const lower = verb.toLowerCase();
  if (!/^(query|add|delete|export|save|import|load|unload)$/.test(lower))
    return refuse('Invalid syntax.\r\nType "REG /?" for usage.');
  if (lower === 'import') return yield* importFile(call, path);
  if (!/^(HKLM|HKCU|HKCR|HKU|HKCC|HKEY_(LOCAL_MACHINE|CURRENT_USER|CLASSES_ROOT|USERS|CURRENT_CONFIG))$/i.test(root))
    return refuse('Invalid key name.');
  if (lower === 'query') return query(call, target, rest);
  if (lower === 'add') return yield* add(call, target, rest);
  if (lower === 'delete') return yield* remove(call, target, rest);
  if (lower === 'export' || lower === 'save') return yield* toFile(call, lower, target, rest);
  if (lower === 'load') yield machine.hives.load(target.path, absolutePath(rest[0] ?? ''), process.parentPid);
  else yield machine.hives.unload(target.path, process.parentPid);
  call.line('The operation completed successfully.');
  return 0;
}

/** reg.exe: query, add, delete, export, import, save, load, unload. */
export const registryProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\reg.exe',
  *run(call) {
    try {
      return yield* run(call);
    } catch (error) {
      const fault = error instanceof Win32Fault ? (messages[error.code] ?? `Win32 error ${error.code}`) : undefined;
      const isLoad = /^(un)?load$/i.test(call.args[0] ?? '');
      if (error instanceof Refusal) call.errorLine(`ERROR: ${error.message}`);
      else if (fault !== undefined)
        call.errorLine(
          `ERROR: ${isLoad && error instanceof Win32Fault && error.code === win32.fileNotFound ? 'The system cannot find the file specified.' : fault}`,
        );
      else throw error;
      return 1;
    }
  },
};
