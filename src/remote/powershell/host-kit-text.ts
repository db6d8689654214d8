import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** The host kit as one PowerShell text, with the hash under which a plan covers it. */
export type HostKitText = { readonly text: string; readonly sha256: string };

/** The file that is sent alone before the rest, to tell whether the host's PowerShell is restricted. */
const probeFile = '00-probe.ps1';

const begins = (file: string): string => `#region ${file}`;
const ends = (file: string): string => `#endregion ${file}`;

/** Makes the kit's text from its files, in the order of their names. */
export function joinHostKit(files: ReadonlyMap<string, string>): HostKitText {
  const names = [...files.keys()].sort();
  const text = names
    .map((name) => `${begins(name)}\n${(files.get(name) ?? '').replaceAll('\r\n', '\n').trimEnd()}\n${ends(name)}\n`)
    .join('');
  return { text, sha256: createHash('sha256').update(text, 'utf8').digest('hex') };
}

/** Reads the kit's files that lie beside this module. */
export async function loadHostKitText(): Promise<HostKitText> {
  const folder = new URL('./host-kit/', import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ps1'));
  const files = await Promise.all(
    names.map(async (name) => [name, await readFile(new URL(name, folder), 'utf8')] as const),
  );
  return joinHostKit(new Map(files));
}

/** The part of the kit's text that is sent first. */
export function probeText(kit: HostKitText): string {
  const from = kit.text.indexOf(begins(probeFile));
  const to = kit.text.indexOf(ends(probeFile));
  return from < 0 || to < from ? '' : kit.text.slice(from, to);
}
