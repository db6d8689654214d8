import { Failure } from '../../kernel/failure.ts';
import type { HostKitText } from './host-kit-text.ts';
import { jeaCommands, jeaContentHash } from './jea-endpoint.ts';
import { readFields, text } from './kit-answers.ts';
import { isRecord, parseJson } from './kit-door.ts';
import type { RemoteShell, ScriptErrorRecord } from './remote-shell.ts';

/** Hashes of the scripts that a run may call, by `<action>/<kind>`. */
export type ScriptHashes = ReadonlyMap<string, string>;

/** What a no-language endpoint's module said it holds. */
type HeldModule = {
  readonly kit: string;
  readonly content: string;
  readonly scripts: Readonly<Record<string, unknown>>;
};

/** How many missing scripts a message names. */
const namedScripts = 5;

/**
 * Compares what a no-language endpoint holds with what a run needs: the same content, or more scripts beside the same kit and the
 * run's own. Nothing but a hash goes either way.
 * @returns the content hash that the module tells
 * @throws Failure `jea-module` where there is no module, or one with another kit or other scripts
 */
export async function requireModule(shell: RemoteShell, kit: HostKitText, scripts: ScriptHashes): Promise<string> {
  const held = await askModule(shell);
  const wanted = jeaContentHash(kit.sha256, scripts);
  if (held.content === wanted) return held.content;
  const other = [...scripts].filter(([name, sha256]) => held.scripts[name] !== sha256).map(([name]) => name);
  const differences = [
    ...(held.kit === kit.sha256 ? [] : ['its host kit is of another version']),
    ...(other.length === 0 ? [] : [`it does not hold these scripts as they are in the plan: ${listed(other)}`]),
  ];
  if (differences.length === 0) return held.content;
  throw new Failure(
    'jea-module',
    `The no-language endpoint's module (content ${short(held.content)}) is not the one that the plan needs (${short(wanted)}): ${differences.join('; ')}.`,
    { facts: { held: held.content, wanted, kit: held.kit === kit.sha256, scripts: other } },
  );
}

/** Whether a failure says that the session runs no script text (no-language mode). */
export function refusesScripts(error: unknown): boolean {
  return errorIdOf(error) === 'ScriptsNotAllowed';
}

async function askModule(shell: RemoteShell): Promise<HeldModule> {
  const what = "the endpoint's module";
  const { output } = await shell.invoke({ kind: 'command', name: jeaCommands.module }).catch((error: unknown) => {
    if (errorIdOf(error) !== 'CommandNotFoundException') throw error;
    throw new Failure(
      'jea-module',
      `The endpoint runs no script text (no-language mode), and the module that \`kintsugi jea export\` writes is not there: it has no command ${jeaCommands.module}.`,
      { cause: error },
    );
  });
  const answer = output.at(-1);
  const held = readFields(typeof answer === 'string' ? parseJson(answer, what) : answer, what);
  const scripts = held['scripts'];
  return { kit: text(held, 'kit'), content: text(held, 'content'), scripts: isRecord(scripts) ? scripts : {} };
}

/** The first part of the fixed id of a script's error, or an empty text. */
function errorIdOf(error: unknown): string {
  if (!(error instanceof Failure) || error.code !== 'script-error') return '';
  const record = error.facts['error'] as ScriptErrorRecord | undefined;
  return record?.fqid.split(',')[0] ?? '';
}

const short = (hash: string): string => hash.slice(0, 12);

function listed(names: readonly string[]): string {
  const rest = names.length - namedScripts;
  return rest <= 0 ? names.join(', ') : `${names.slice(0, namedScripts).join(', ')} and ${rest} more`;
}
