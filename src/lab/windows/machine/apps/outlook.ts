import type { Account } from '../../accounts.ts';
import { systemPid } from '../change-feed.ts';
import type { FileNode } from '../files/file-node.ts';
import { parentOf } from '../files/paths.ts';
import type { Machine } from '../machine.ts';
import { type RegistryKey, subKeyNames } from '../registry/registry.ts';
import type { UserSession } from '../users/users.ts';

/** Outlook's program. */
export const outlookPath = 'C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE';
/** Key of Outlook below a user's hive. */
export const outlookKey = 'Software\\Microsoft\\Office\\16.0\\Outlook';
/** Section of a profile that lists its services; a profile without it is no profile. */
export const servicesSection = '9207f3e0a3b11019908b08002b2a56c2';
/** Section of a profile that tells of its Exchange mailbox. */
export const mailboxSection = '13dbb0c8aa05101a9bb000aa002fc45a';
/** Properties of a section: path of a PST file, path of an OST file, name for people, list of services. */
export const mapiProperties = {
  pstPath: '001f6700',
  ostPath: '001f6610',
  name: '001f3001',
  services: '01023d01',
} as const;

/** First bytes of PST and OST files ([MS-PST] 2.2.2.6: dwMagic). */
const dataFileMagic = '!BDN';

/** Content of a data file that holds some items; a torn one has lost its header. */
export const dataFile = (items: number, isTorn = false): Uint8Array =>
  new Uint8Array(Buffer.from(`${isTorn ? '\0\0\0\0' : dataFileMagic}items=${items}\n${' '.repeat(4096)}`, 'latin1'));

const textOf = (machine: Machine, node: FileNode): string => Buffer.from(machine.files.read(node)).toString('latin1');

/** Whether a data file is whole. */
export const isWhole = (machine: Machine, node: FileNode): boolean => textOf(machine, node).startsWith(dataFileMagic);

/** A data file whose header is built anew, as the inbox repair tool does; `undefined` where nothing can be read any more. */
export const repairedFile = (machine: Machine, node: FileNode): Uint8Array | undefined => {
  const text = textOf(machine, node);
  return /^.{4}items=\d+/s.test(text)
    ? new Uint8Array(Buffer.from(dataFileMagic + text.slice(4), 'latin1'))
    : undefined;
};

/** Text as MAPI keeps it in a binary value: UTF-16 with a zero at its end. */
export const mapiText = (text: string): Uint8Array => new Uint8Array(Buffer.from(`${text}\u0000`, 'utf16le'));

const readText = (key: RegistryKey, name: string): string | undefined => {
  const data = key.values.get(name)?.data;
  return data instanceof Uint8Array
    ? Buffer.from(data)
        .toString('utf16le')
        .replace(/\u0000+$/, '')
    : undefined;
};

/** HRESULTs with which Outlook does not open a store (MAPI codes). */
export const outlookResults = {
  notFound: 0x8004010f,
  fileDamaged: 0x80040600,
  fileInUse: 0x80070020,
  noAccount: 0x8004011c,
} as const;

/** Data files that a profile names. */
const dataFilesOf = (profile: RegistryKey): { readonly path: string; readonly isOst: boolean }[] =>
  subKeyNames(profile).flatMap((name) => {
    const section = profile.keys.get(name.toLowerCase());
    if (!section) return [];
    const [pst, ost] = [readText(section, mapiProperties.pstPath), readText(section, mapiProperties.ostPath)];
    return [
      ...(pst === undefined ? [] : [{ path: pst, isOst: false }]),
      ...(ost === undefined ? [] : [{ path: ost, isOst: true }]),
    ];
  });

/** Mail address of an account. */
export const mailOf = (account: Account): string =>
  `${account.name.replace(/^.*\\/, '').toLowerCase()}@contoso.example`;

/** Where a user's mailbox is kept on the machine. */
export const mailboxFile = (machine: Machine, account: Account): string => {
  const forced = machine.registry.data(`HKEY_USERS\\${account.sid}\\${outlookKey}`, 'ForceOSTPath');
  const profile = machine.users.profileOf(account.sid) ?? '';
  const folder =
    typeof forced === 'string'
      ? forced.replace(/%USERPROFILE%/i, profile)
      : `${profile}\\AppData\\Local\\Microsoft\\Outlook`;
  return `${folder}\\${mailOf(account)}.ost`;
};

/** Exchange tells an empty profile what it needs, where zero configuration is on. */
const fillProfile = (machine: Machine, account: Account, profile: string): void => {
  const set = (section: string, name: string, data: Uint8Array): void =>
    void machine.registry.set(`${profile}\\${section}`, { name, kind: 'Binary', data }, systemPid);
  set(servicesSection, mapiProperties.services, new Uint8Array(16).fill(0x13));
  set(mailboxSection, mapiProperties.name, mapiText(mailOf(account)));
  set(mailboxSection, mapiProperties.ostPath, mapiText(mailboxFile(machine, account)));
};

type Opened =
  | { readonly files: readonly FileNode[]; readonly profile: string }
  | { readonly fault: number; readonly file?: string };

const openProfile = (machine: Machine, account: Account): Opened => {
  const { registry, files } = machine;
  const root = `HKEY_USERS\\${account.sid}\\${outlookKey}`;
  const name = registry.data(root, 'DefaultProfile');
  const path = `${root}\\Profiles\\${typeof name === 'string' ? name : ''}`;
  if (typeof name !== 'string' || name === '' || !registry.find(path)) return { fault: outlookResults.notFound };
  const isEmpty = registry.find(path)?.keys.size === 0;
  if (isEmpty && registry.data(`${root}\\AutoDiscover`, 'ZeroConfigExchange') === 1)
    fillProfile(machine, account, path);
  else if (isEmpty) return { fault: outlookResults.noAccount };
  const profile = registry.find(path);
  if (!profile || registry.data(`${path}\\${servicesSection}`, mapiProperties.services) === undefined)
    return { fault: outlookResults.notFound };
  const opened: FileNode[] = [];
  for (const { path: file, isOst } of dataFilesOf(profile)) {
    // What is missing of a mailbox comes from the server; an archive of one's own does not.
    if (isOst && !files.find(file)) {
      void files.createFolder(parentOf(file), systemPid);
      void files.write(file, dataFile(0), systemPid);
    }
    const node = files.find(file);
    if (!node) return { fault: outlookResults.notFound, file };
    if (!isWhole(machine, node)) return { fault: outlookResults.fileDamaged, file };
    if (files.handles.of(node).length > 0) return { fault: outlookResults.fileInUse, file };
    opened.push(node);
  }
  return { files: opened, profile: name };
};

/** Stores of the default profile by name and file, the mailbox first. */
export const openStores = (
  machine: Machine,
  account: Account,
): { readonly profile: string; readonly stores: { name: string; path: string; isOst: boolean }[] } => {
  const root = `HKEY_USERS\\${account.sid}\\${outlookKey}`;
  const profile = String(machine.registry.data(root, 'DefaultProfile') ?? '');
  const key = machine.registry.find(`${root}\\Profiles\\${profile}`);
  const stores = [...(key?.keys.values() ?? [])].flatMap((section) => {
    const name = readText(section, mapiProperties.name) ?? '';
    const [pst, ost] = [readText(section, mapiProperties.pstPath), readText(section, mapiProperties.ostPath)];
    return [
      ...(ost === undefined ? [] : [{ name, path: ost, isOst: true }]),
      ...(pst === undefined ? [] : [{ name, path: pst, isOst: false }]),
    ];
  });
  return { profile, stores: stores.sort((a, b) => Number(b.isOst) - Number(a.isOst)) };
};

const hex = (code: number): string => `0x${(code >>> 0).toString(16).toUpperCase()}`;

/**
 * Starts Outlook in the session of a user: it opens the default profile and holds its data files, or says in the event log what it cannot
 * open and ends.
 * @param callerPid the process that starts it and is not Outlook yet
 * @returns 0, or the HRESULT of the refusal (unsigned)
 */
export const startOutlook = (machine: Machine, session: UserSession, callerPid?: number): number => {
  const { processes, files, events } = machine;
  const isOpen = processes
    .all()
    .some(({ pid, path, sessionId }) => path === outlookPath && sessionId === session.id && pid !== callerPid);
  if (isOpen) return 0;
  const opened = openProfile(machine, session.account);
  if ('fault' in opened) {
    const about = opened.file === undefined ? '' : ` ${opened.file}`;
    events.write({
      log: 'Application',
      provider: 'Outlook',
      id: 27,
      level: 2,
      userSid: session.account.sid,
      message: `Microsoft Outlook cannot open the set of folders.${about} (${hex(opened.fault)})`,
      data: [['', hex(opened.fault)], ...(opened.file === undefined ? [] : [['', opened.file] as const])],
    });
    return opened.fault;
  }
  const process = processes.start({
    name: 'OUTLOOK',
    path: outlookPath,
    sessionId: session.id,
    account: session.account,
    environment: machine.users.environmentOf(session),
  });
  for (const node of opened.files)
    files.handles.open({ node, access: 3, share: 0, pid: process.pid }, files.pathOf(node));
  events.write({
    log: 'Application',
    provider: 'Outlook',
    id: 45,
    userSid: session.account.sid,
    message: 'Outlook loaded the following add-in(s):',
    data: [['', opened.profile]],
  });
  return 0;
};
