import { Failure } from '../../kernel/failure.ts';
import type { HostKitText } from './host-kit-text.ts';
import { jeaCommands, jeaContentHash } from './jea-endpoint.ts';
import { readFields, text } from './kit-answers.ts';
import { isRecord, parseJson } from './kit-door.ts';
import type { RemoteShell, ScriptErrorRecord } from './remote-shell.ts';

/** Hashes of the scripts that a run may call, by `<action>/<kind>`, and of what each action declares (`<action>/declared`). */
export type ScriptHashes = ReadonlyMap<string, string>;

/** Names of the parameters that a run sets, by action. */
export type SetParameters = ReadonlyMap<string, readonly string[]>;

/** What a no-language endpoint's module said it holds. */
export type HeldModule = {
  readonly kit: string;
  readonly content: string;
  /** Hash of its door and limits; empty where an earlier export did not write it. */
  readonly guard: string;
  readonly scripts: Readonly<Record<string, unknown>>;
  /** Parameters that are kept at their defaults, by action. */
  readonly fixed: Readonly<Record<string, unknown>>;
};

/** How many missing scripts a message names. */
const namedScripts = 5;

/**
 * Compares what a no-language endpoint holds with what a run needs: the same content, or more scripts beside the same kit and the
 * run's own, and none of the parameters that the run sets kept at its default. Nothing but a hash goes either way.
 * @returns the content hash that the module tells
 * @throws Failure `jea-module` where there is no module, or one with another kit or other scripts
 */
export async function requireModule(
  shell: RemoteShell,
  kit: HostKitText,
  scripts: ScriptHashes,
  sets: SetParameters = new Map(),
): Promise<string> {
  const held = await askModule(shell);
  const kept = keptParameters(held, sets);
  const differences = [
    ...moduleDifferences(held, kit.sha256, scripts),
    ...(kept.length === 0 ? [] : [`it was exported for playbooks that do not set ${listed(kept)}`]),
  ];
  if (differences.length === 0) return held.content;
  const wanted = jeaContentHash(kit.sha256, scripts);
  throw new Failure(
    'jea-module',
    `The no-language endpoint's module (content ${short(held.content)}) is not the one that the plan needs (${short(wanted)}): ${differences.join('; ')}.`,
    { facts: { held: held.content, wanted, kit: held.kit === kit.sha256, scripts: otherScripts(held, scripts) } },
  );
}

/** In what a module is another one than these hashes tell, in words; it may hold more scripts. */
export function moduleDifferences(held: HeldModule, kit: string, scripts: ScriptHashes): readonly string[] {
  if (held.content === jeaContentHash(kit, scripts)) return [];
  const other = otherScripts(held, scripts);
  return [
    ...(held.kit === kit ? [] : ['its host kit is of another version']),
    ...(other.length === 0 ? [] : [`it holds no or other texts and declarations for ${listed(other)}`]),
  ];
}

const otherScripts = (held: HeldModule, scripts: ScriptHashes): readonly string[] =>
  [...scripts].filter(([name, sha256]) => held.scripts[name] !== sha256).map(([name]) => name);

const keptParameters = ({ fixed }: HeldModule, sets: SetParameters): readonly string[] =>
  Array.from(sets).flatMap(([action, names]) => {
    const kept = fixed[action];
    return Array.isArray(kept) ? names.filter((name) => kept.includes(name)).map((name) => `${name} of ${action}`) : [];
  });

/** Whether a failure says that the session runs no script text (no-language mode). */
export function refusesScripts(error: unknown): boolean {
  return errorIdOf(error) === 'ScriptsNotAllowed';
}

/** Asks a no-language endpoint what its module holds. @throws Failure `jea-module` where there is none, and those of the session */
export async function askModule(shell: RemoteShell): Promise<HeldModule> {
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
  const { scripts, fixed } = held;
  const guard = 'guard' in held ? text(held, 'guard') : '';
  return {
    kit: text(held, 'kit'),
    content: text(held, 'content'),
    guard,
    scripts: recordOf(scripts),
    fixed: recordOf(fixed),
  };
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

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
