import { systemPid } from '../change-feed.ts';
import type { FileHandle } from '../files/file-handles.ts';
import type { Machine } from '../machine.ts';
import { encodeImage, readImageContent } from './image-file.ts';

/** What a resident program does while it runs: has these files or folders open for itself. It lies in its file. */
export type Resident = { readonly kind: 'resident'; readonly holds: readonly string[] };

const current = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion';
/** Places of programs that start when somebody signs in, with where Task Manager keeps which of them are off. */
export const startupPlaces = [
  {
    location: 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run',
    key: `${current}\\Run`,
    approved: `${current}\\Explorer\\StartupApproved\\Run`,
  },
  {
    location: 'HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Run',
    key: 'HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Run',
    approved: `${current}\\Explorer\\StartupApproved\\Run32`,
  },
] as const;

/** Folder whose programs start when anybody signs in. */
export const startupFolder = 'C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\StartUp';

/** A program that starts when somebody signs in. */
export type StartupEntry = {
  readonly name: string;
  readonly command: string;
  readonly location: string;
  readonly isOn: boolean;
};

/** Bytes of a resident program. */
export const encodeResident = (company: string, product: string, holds: readonly string[]): Uint8Array =>
  encodeImage(
    {
      companyName: company,
      productName: product,
      fileDescription: product,
      fileVersion: '7.2.1.0',
      signer: `CN=${company}, O=${company}, C=US`,
    },
    JSON.stringify({ kind: 'resident', holds } satisfies Resident),
  );

const programOf = (command: string): string => /^"([^"]+)"|^(\S+)/.exec(command)?.slice(1).find(Boolean) ?? '';

/** Places of the users whose hives are loaded. */
const userPlaces = (machine: Machine): readonly { location: string; key: string; approved: string }[] =>
  Array.from(machine.registry.find('HKU')?.keys.values() ?? [], ({ name }) => name)
    .filter((sid) => sid.startsWith('S-1-5-21-') && !sid.endsWith('_Classes'))
    .map((sid) => {
      const own = `HKU\\${sid}\\Software\\Microsoft\\Windows\\CurrentVersion`;
      return { location: `${own}\\Run`, key: `${own}\\Run`, approved: `${own}\\Explorer\\StartupApproved\\Run` };
    });

/** Startup entries of all users, as the registry and the startup folder say. */
export const startupEntries = (machine: Machine): StartupEntry[] => {
  const { registry, files } = machine;
  const isOn = (key: string, name: string): boolean => {
    const data = registry.data(key, name);
    // Odd first byte: off.
    return !(data instanceof Uint8Array) || ((data[0] ?? 0) & 1) === 0;
  };
  const entries: StartupEntry[] = [...startupPlaces, ...userPlaces(machine)].flatMap(({ location, key, approved }) =>
    Array.from(registry.find(key)?.values.values() ?? [], ({ name, data }) => ({
      name,
      command: String(data),
      location,
      isOn: isOn(approved, name),
    })),
  );
  for (const node of files.find(startupFolder)?.children.values() ?? [])
    if (!/^desktop\.ini$/i.test(node.name))
      entries.push({
        name: node.name,
        command: `${startupFolder}\\${node.name}`,
        location: 'Common Startup',
        isOn: isOn(`${current}\\Explorer\\StartupApproved\\StartupFolder`, node.name),
      });
  return entries;
};

/** Makes resident programs do what they do from their start to their end, and starts those that start at sign-in. */
export const attachResidents = (machine: Machine): void => {
  machine.changes.observe((change) => {
    if (change.kind !== 'process.start') return;
    const { pid } = change.after as { pid: number };
    const process = machine.processes.get(pid);
    const node = process && process.path !== '' ? machine.files.find(process.path) : undefined;
    const resident = readImageContent<Resident>(node?.bytes, 'resident');
    for (const path of resident?.holds ?? []) {
      const target = machine.files.find(path);
      if (!target) continue;
      const handle: FileHandle = { node: target, access: 1, share: 0, pid };
      try {
        machine.files.handles.open(handle, path);
      } catch {
        // Somebody else was faster; the program works on without it.
      }
    }
  });
  machine.power.watch((state) => {
    if (state !== 'up') return;
    machine.clock.after(60_000, () => signIn(machine));
  });
};

/** The user of the machine signs in: what starts with that starts. */
export const signIn = (machine: Machine): void => {
  const account = machine.accounts[0];
  if (!account) return;
  for (const { command, isOn } of startupEntries(machine)) {
    const path = programOf(command).replace(/%(?:systemroot|windir)%/i, 'C:\\Windows');
    if (!isOn || !machine.files.exists(path)) continue;
    const name = /([^\\]+?)(?:\.exe)?$/i.exec(path)?.[1] ?? path;
    machine.processes.start(
      { name, path, commandLine: command, sessionId: 1, account: { ...account, logon: 'interactive' } },
      systemPid,
    );
  }
};
