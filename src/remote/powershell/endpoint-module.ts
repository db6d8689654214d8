import { canonicalJson } from '../../kernel/canonical-json.ts';
import { Failure } from '../../kernel/failure.ts';
import type { HostKitText } from './host-kit-text.ts';
import { jeaCommands, jeaContentHash } from './jea-endpoint.ts';
import { readFields, text } from './kit-answers.ts';
import { isRecord, parseJson } from './kit-door.ts';
import { type RemoteShell, scriptErrorOf } from './remote-shell.ts';

/** Hashes of the scripts that a run may call, by `<action>/<kind>`, and of what each action declares (`<action>/declared`). */
export type ScriptHashes = ReadonlyMap<string, string>;

/** Values that a run gives parameters of its actions; plain JSON, no secrets. */
export type GivenValues = readonly { readonly action: string; readonly name: string; readonly value: unknown }[];

/** What a no-language endpoint's module said it holds. */
export type HeldModule = {
  readonly kit: string;
  readonly content: string;
  /** Hash of its door and limits; empty where an earlier export did not write it. */
  readonly guard: string;
  readonly scripts: Readonly<Record<string, unknown>>;
  /** By action a JSON text: the only values that its parameters may have, as lists; without parameters that may have others. */
  readonly settled: Readonly<Record<string, unknown>>;
};

/** How many missing scripts a message names. */
const namedScripts = 5;

/**
 * Compares what a no-language endpoint holds with what a run needs: the same content, or more scripts beside the same kit and the
 * run's own, and no parameter kept to other values than those that the run gives it. Nothing but a hash goes either way.
 * @returns the content hash that the module tells
 * @throws Failure `jea-module` where there is no module, or one with another kit or other scripts
 */
export async function requireModule(
  shell: RemoteShell,
  kit: HostKitText,
  scripts: ScriptHashes,
  given: GivenValues = [],
): Promise<string> {
  const held = await askModule(shell);
  const refused = refusedValues(held, given);
  const differences = [
    ...moduleDifferences(held, kit.sha256, scripts),
    ...(refused.length === 0 ? [] : [`it was exported for playbooks that give other values to ${listed(refused)}`]),
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

/** The parameters, in words, to which a run gives values that the module does not let them have. */
function refusedValues({ settled }: HeldModule, given: GivenValues): readonly string[] {
  const lists = new Map(Object.entries(settled).map(([action, json]) => [action, readSettled(action, json)]));
  const refused = given.filter(({ action, name, value }) => {
    const allowed = lists.get(action)?.[name];
    return Array.isArray(allowed) && !allowed.some((each) => canonicalJson(each) === canonicalJson(value));
  });
  return [...new Set(refused.map(({ action, name }) => `${name} of ${action}`))];
}

const readSettled = (action: string, json: unknown): Readonly<Record<string, unknown>> =>
  recordOf(
    typeof json === 'string' ? parseJson(json, `the values that the endpoint's module lets ${action} have`) : {},
  );

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
  const { scripts, settled } = held;
  const guard = 'guard' in held ? text(held, 'guard') : '';
  return {
    kit: text(held, 'kit'),
    content: text(held, 'content'),
    guard,
    scripts: recordOf(scripts),
    settled: recordOf(settled),
  };
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

/** The first part of the fixed id of a script's error, or an empty text. */
const errorIdOf = (error: unknown): string => scriptErrorOf(error)?.fqid.split(',')[0] ?? '';

const short = (hash: string): string => hash.slice(0, 12);

function listed(names: readonly string[]): string {
  const rest = names.length - namedScripts;
  return rest <= 0 ? names.join(', ') : `${names.slice(0, namedScripts).join(', ')} and ${rest} more`;
}
