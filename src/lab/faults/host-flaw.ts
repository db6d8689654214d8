import { Failure } from '../../kernel/failure.ts';
import { closest, nearest } from '../../kernel/suggestion.ts';
import type { Machine } from '../windows/machine/machine.ts';
import { Win32Fault, win32 } from '../windows/machine/win32-fault.ts';
import { messageOf } from '../windows/texts/system-messages.ts';
import type { FaultSpec } from './faults.ts';

/** What a host cannot be or have that its declaration asks for. */
export type HostFlaw = {
  /** Where in the declaration of the host: `['faults', 1, 'name']`, `['roles', 0]`. */
  readonly at: readonly (string | number)[];
  readonly message: string;
  readonly expected: string | null;
  readonly suggestion: string | null;
};

type FlawWords = Omit<HostFlaw, 'at'>;

/** Names that something is told from where it was misspelt. */
type Known = { readonly given: string; readonly known: readonly string[] };

const meant = (names: readonly string[]): string | null =>
  names.length === 0 ? null : `did you mean ${names.map((name) => `\`${name}\``).join(', ')}?`;

/** A refusal of a fault, for what its host does not have. @param given what the fault names @param known what it could have named */
export const lacks = (message: string, { given, known }: Known): Failure =>
  new Failure('bad-input', message, { facts: { given, known } });

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const textFact = ({ facts }: Failure, name: string): string | undefined => {
  const value = facts[name];
  return typeof value === 'string' ? value : undefined;
};

const listed = (known: readonly string[]): string | null => {
  if (known.length === 0 || known.length > 20) return null;
  return known.length === 1 ? (known[0] ?? null) : `one of ${known.join(', ')}`;
};

const ofService = (machine: Machine, name: string): FlawWords => {
  const services = machine.services.all();
  const shown = services.find(({ displayName }) => displayName.toLowerCase() === name.toLowerCase());
  const names = services.map((service) => service.name);
  return {
    message: `it has no service \`${name}\``,
    expected: 'the name of one of its services (not what it is displayed as)',
    suggestion: meant(shown ? [shown.name] : nearest(name, names, 3)),
  };
};

/** A path that is not there: told from what lies in the nearest folder above it that is. */
const ofPath = (machine: Machine, path: string): FlawWords => {
  const { files } = machine;
  const drive = path.slice(0, 2).toUpperCase();
  if (!files.volumes.has(drive)) {
    const drives = [...files.volumes.keys()];
    return { message: `it has no drive for \`${path}\``, expected: `a path on ${drives.join(', ')}`, suggestion: null };
  }
  const parts = path.split('\\').filter((part) => part !== '');
  const depth = parts.findIndex((_, index) => !files.exists(parts.slice(0, index + 1).join('\\')));
  const above = parts.slice(0, depth).join('\\');
  const children = [...(files.find(depth === 1 ? `${above}\\` : above)?.children.values() ?? [])];
  const near = closest(
    parts[depth] ?? '',
    children.map(({ name }) => name),
  );
  return {
    message: `it has no file or folder \`${path}\``,
    expected: 'the path of something that is there',
    suggestion: near === null ? null : meant([[above, near, ...parts.slice(depth + 1)].join('\\')]),
  };
};

const ofWin32 = (machine: Machine, { code, target }: Win32Fault): FlawWords => {
  if (code === win32.serviceDoesNotExist) return ofService(machine, target);
  if ((code === win32.fileNotFound || code === win32.pathNotFound) && /^[a-z]:/i.test(target))
    return ofPath(machine, target);
  if (code === win32.accessDenied && machine.services.find(target)?.isProtected)
    return {
      message: `its service \`${target}\` is protected: Windows lets nobody change it`,
      expected: 'a service that can be changed',
      suggestion: null,
    };
  return { message: `Windows refuses this: ${messageOf(code)} (${target})`, expected: null, suggestion: null };
};

const wordsOf = (machine: Machine, error: unknown): FlawWords & { readonly given: string | undefined } => {
  if (error instanceof Win32Fault) return { ...ofWin32(machine, error), given: error.target };
  if (error instanceof Failure) {
    const given = textFact(error, 'given');
    const known = isTexts(error.facts['known']) ? error.facts['known'] : [];
    const suggestion = given === undefined ? null : meant(nearest(given, known, 3));
    return { message: error.message, expected: listed(known), suggestion, given };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    message: `it cannot be put into this state: ${message}`,
    expected: null,
    suggestion: null,
    given: undefined,
  };
};

/** The key of a fault whose value names what is not there; the whole fault where none does. */
const keyOf = (fault: FaultSpec, given: string | undefined): string => {
  if (given === undefined) return 'kind';
  const wanted = given.toLowerCase();
  const values = Object.entries(fault).flatMap(([key, value]) =>
    key === 'kind' ? [] : [[key, String(value).toLowerCase()] as const],
  );
  const [named] =
    values.find(([, value]) => value === wanted) ??
    // Of a path, Windows may name a folder above.
    values.find(([, value]) => value.startsWith(wanted)) ??
    [];
  return named ?? 'kind';
};

/** What a machine could not be or have: a role, a service processor. */
export const flawOf = (machine: Machine, at: HostFlaw['at'], error: unknown): HostFlaw => {
  const { given: _, ...words } = wordsOf(machine, error);
  return { at, ...words };
};

/** Why a fault could not be laid on a machine, at the key that names what is lacking. */
export const faultFlaw = (machine: Machine, fault: FaultSpec, index: number, error: unknown): HostFlaw => {
  const { given, ...words } = wordsOf(machine, error);
  return { at: ['faults', index, keyOf(fault, given)], ...words };
};
