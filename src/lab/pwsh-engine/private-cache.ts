import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import process from 'node:process';

/** How many entries a folder keeps; those that were used last stay. */
const keptEntries = 8;
const digestBytes = 32;

const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Where this user's programs keep what they can make again. */
export const userCacheFolder = (): string => {
  const told = process.env['XDG_CACHE_HOME'];
  if (told !== undefined && isAbsolute(told)) return join(told, 'kintsugi');
  return join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'kintsugi');
};

/** Whether nobody but this user can have written it. */
const isOwn = ({ uid, mode }: Stats): boolean => uid === process.getuid?.() && (mode & 0o022) === 0;

/** Whether there is such a folder, or one can be made, in which nobody else can write. */
const isUsable = (folder: string): boolean => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    return found.isDirectory() && isOwn(found);
  } catch {
    return false;
  }
};

/** What an entry holds; nothing where it is not there, not this user's alone, or not whole. */
const readEntry = (path: string): Uint8Array | undefined => {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch {
    return undefined;
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile() || !isOwn(found)) return undefined;
    const whole = readFileSync(file);
    const content = whole.subarray(digestBytes);
    return digestOf(content).equals(whole.subarray(0, digestBytes)) ? content : undefined;
  } finally {
    closeSync(file);
  }
};

const usedMs = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** An entry that another process has let go of meanwhile, or that cannot be written to, is as good. */
const noteUse = (path: string): void => {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    return;
  }
};

/** Keeps an entry whole or not at all, and lets go of those that were not used for longest. */
const keepEntry = (folder: string, key: string, content: Uint8Array): void => {
  const draft = join(folder, `${key}.${randomUUID()}`);
  try {
    writeFileSync(draft, Buffer.concat([digestOf(content), content]), { mode: 0o600, flag: 'wx' });
    renameSync(draft, join(folder, key));
    const paths = readdirSync(folder).map((name) => join(folder, name));
    const byUse = paths.toSorted((a, b) => usedMs(b) - usedMs(a));
    for (const path of byUse.slice(keptEntries)) rmSync(path, { force: true });
  } catch {
    // A cache that cannot be written (a full disk, say) costs time and nothing else.
    rmSync(draft, { force: true });
  }
};

/**
 * Gives what was made before under a key, or makes and keeps it. A folder that others can write in is not used.
 * @param key names all that the content hangs on
 */
export const cached = async (folder: string, key: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> => {
  if (!isUsable(folder)) return await make();
  const name = createHash('sha256').update(key).digest('hex');
  const path = join(folder, name);
  const kept = readEntry(path);
  if (kept) {
    noteUse(path);
    return kept;
  }
  const made = await make();
  keepEntry(folder, name, made);
  return made;
};
