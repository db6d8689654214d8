import { readFile } from 'node:fs/promises';
import { Failure } from '../../../kernel/failure.ts';
import type { InvokeOptions, PsInput, RemoteShell } from '../remote-shell.ts';

/** The scripts that lie beside this module. */
type FileScript = 'look-at-file' | 'write-frame' | 'place-file' | 'read-frame';

const texts = new Map<FileScript, Promise<string>>();

/** Runs one of the scripts in a session, in a scope of its own, and gives its output. @throws Failure as `RemoteShell.invoke` */
async function runFileScript(
  shell: RemoteShell,
  name: FileScript,
  parameters: Readonly<Record<string, PsInput>>,
  options: InvokeOptions,
): Promise<readonly unknown[]> {
  let text = texts.get(name);
  if (text === undefined) texts.set(name, (text = readFile(new URL(`./${name}.ps1`, import.meta.url), 'utf8')));
  const call = { kind: 'script', text: await text, parameters, useLocalScope: true } as const;
  return (await shell.invoke(call, options)).output;
}

/** A file as a host tells it. */
export type RemoteFile = { readonly exists: boolean; readonly length: number; readonly sha256: string };

/** Looks at a file on a host. `first` limits the hash to its first bytes; `ifLength` leaves it out for files of another length. */
export async function lookAtFile(
  shell: RemoteShell,
  path: string,
  what: { readonly first?: number; readonly ifLength?: number },
  options: InvokeOptions,
): Promise<RemoteFile> {
  const { first, ifLength } = what;
  const parameters = {
    Path: path,
    ...(first === undefined ? {} : { First: first }),
    ...(ifLength === undefined ? {} : { IfLength: ifLength }),
  };
  const told = fieldsOf(await runFileScript(shell, 'look-at-file', parameters, options));
  return {
    exists: told['exists'] === true,
    length: Number(told['length'] ?? 0),
    sha256: typeof told['sha256'] === 'string' ? told['sha256'] : '',
  };
}

/** Puts bytes at a place of a file, which then ends behind them. */
export async function writeFrame(
  shell: RemoteShell,
  frame: { readonly path: string; readonly offset: number; readonly bytes: Uint8Array; readonly deflated: boolean },
  options: InvokeOptions,
): Promise<void> {
  const { path, offset, bytes, deflated } = frame;
  await runFileScript(shell, 'write-frame', { Path: path, Offset: offset, Bytes: bytes, Deflated: deflated }, options);
}

/** Moves a file that has come whole to its place. */
export async function placeFile(shell: RemoteShell, part: string, path: string, options: InvokeOptions): Promise<void> {
  await runFileScript(shell, 'place-file', { Part: part, Path: path }, options);
}

/** Bytes of a file as they travelled, and how many of its own they are. */
export type ReadFrame = { readonly bytes: Uint8Array; readonly deflated: boolean; readonly count: number };

/** Reads `count` bytes, or fewer at the file's end. */
export async function readFrame(
  shell: RemoteShell,
  place: { readonly path: string; readonly offset: number; readonly count: number },
  options: InvokeOptions,
): Promise<ReadFrame> {
  const { path, offset, count } = place;
  const told = fieldsOf(
    await runFileScript(shell, 'read-frame', { Path: path, Offset: offset, Count: count }, options),
  );
  const { bytes } = told;
  if (typeof bytes !== 'string') throw new Failure('protocol-error', `Expected bytes of ${path}, got none.`);
  return {
    bytes: Buffer.from(bytes, 'base64'),
    deflated: told['deflated'] === true,
    count: Number(told['count'] ?? 0),
  };
}

function fieldsOf(output: readonly unknown[]): Readonly<Record<string, unknown>> {
  const [told] = output;
  if (output.length === 1 && typeof told === 'object' && told !== null) return { ...told };
  throw new Failure('protocol-error', `Expected one answer about a file, got ${output.length} objects.`);
}
