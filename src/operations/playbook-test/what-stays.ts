import type { StayingChange } from '../../journal/event-data.ts';
import type { TestRun } from './run-on-machine.ts';
import type { StateDifference } from './test-machine.ts';

/** Where what a run left behind and what its report lists as staying do not agree. */
export type Disagreement = {
  /** What differs although no report says so. */
  readonly unlisted: readonly StateDifference[];
  /** What the report lists although nothing of it differs, as its change and target. */
  readonly unchanged: readonly string[];
};

/** Holds what differs after a run against what its report lists as changes that stay: each must belong to one of the other side. */
export function compareWithReport({ differences, report }: TestRun): Disagreement {
  const staying = (report.undo?.staying ?? []).map((change) => ({ change, places: placesOf(change) }));
  const isOf = (places: readonly string[], { path, isSystemFile }: StateDifference): boolean =>
    places.some((place) => covers(place, path) || (isSystemFile && place === systemFiles));
  return {
    unlisted: differences.filter((difference) => !staying.some(({ places }) => isOf(places, difference))),
    unchanged: [
      ...new Set(
        staying
          .filter(({ places }) => !differences.some((difference) => isOf(places, difference)))
          .map(({ change }) => [change.change, change.target].join(' ')),
      ),
    ],
  };
}

/** How a program that repairs Windows itself says that it changes its protected files. */
const systemFiles = 'system-files';

/** What System Protection writes when it is switched on. */
const systemProtection: readonly string[] = [
  'restore:protected',
  'registry:HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SystemRestore',
];

/** What Windows setup makes anew, and what it waits with for the restart. */
const windowsItself: readonly string[] = [
  'windows',
  'setup',
  'component-store',
  'package',
  'restore',
  'file:C:\\$WINDOWS.~BT',
  'file:C:\\Windows.old',
  'file:C:\\Windows\\Logs',
  'registry:HKEY_LOCAL_MACHINE\\SYSTEM\\Setup',
  'registry:HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion',
  'registry:HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing',
];

/** Where Windows keeps its component store: its files, the packages it consists of, and what servicing says of it. */
const componentStore: readonly string[] = [
  'component-store',
  'package',
  'file:C:\\Windows\\WinSxS',
  'file:C:\\Windows\\servicing\\Packages',
  'registry:HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing',
];

/** What the update agent keeps of the updates that it has installed; its transfers start their service. */
const updates: readonly string[] = [
  'update',
  'service:BITS',
  'file:C:\\Windows\\SoftwareDistribution',
  'registry:HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate',
];

const kinds: Readonly<Record<string, readonly string[]>> = {
  'component-store': componentStore,
  updates,
  windows: windowsItself,
};

/** The parts of a host's state that a change names. */
const placesOf = ({ change, target }: StayingChange): readonly string[] =>
  change === 'system-protection'
    ? systemProtection
    : target.split('; ').flatMap((name) => kinds[name] ?? [placeOf(name)]);

const hives: Readonly<Record<string, string>> = {
  HKLM: 'HKEY_LOCAL_MACHINE',
  HKCU: 'HKEY_CURRENT_USER',
  HKU: 'HKEY_USERS',
  HKCR: 'HKEY_CLASSES_ROOT',
};

/** A name as scripts write it, in the words of a host's state: `file:C:\\…`, `registry:HKEY_…`, or what it says already. */
function placeOf(name: string): string {
  if (/^[A-Za-z]:\\/.test(name)) return `file:${name.replace(/\\$/, '')}`;
  const [, hive = '', rest = ''] = /^(HK[A-Z_]+):?(\\.*)$/i.exec(name) ?? [];
  return hive === '' ? name : `registry:${hives[hive.toUpperCase()] ?? hive}${rest}`;
}

/** Whether a path is that of a place, of something in it, or of a part of it. */
function covers(place: string, path: string): boolean {
  const [whole, inner] = [place.toLowerCase(), path.toLowerCase()];
  return inner === whole || inner.startsWith(`${whole}\\`) || inner.startsWith(`${whole}:`);
}
