import { join } from 'node:path';
import type { Action } from '../input/action/action.ts';
import type { InputFault } from '../input/document/fault.ts';
import { nearest } from '../kernel/suggestion.ts';
import type { ScriptKind } from '../kernel/words.ts';
import type { Expression, HashLiteral } from '../powershell/expression-tree.ts';
import { parseScript } from '../powershell/parse-script.ts';
import { lineText, makeSource, placeOf, type Source, SyntaxFault } from '../powershell/source.ts';
import type { ScriptBody } from '../powershell/syntax-tree.ts';
import { nodesOf } from '../powershell/walk.ts';

/** What the host kit demands of the result of each kind of script; `reason` and `facts` may be left out. */
const demanded: Readonly<Record<ScriptKind, readonly string[]>> = {
  detect: ['needed', 'possible'],
  apply: ['changed', 'rebootRequired'],
  undo: ['changed', 'rebootRequired'],
  verify: ['ok'],
};

const isKitName = /^\w+-Kt\w+$/i;

/** Lower-case names of all functions that a script defines. */
export const definedFunctions = (body: ScriptBody): ReadonlySet<string> =>
  new Set([...nodesOf(body)].flatMap((node) => (node.kind === 'function' ? [node.name.toLowerCase()] : [])));

/**
 * What keeps scripts of an action from ever running: syntax that Windows PowerShell 5.1 does not take, a result without the fields that the
 * host kit demands, parameters that do not fit action.yaml, functions that the host kit does not have. Whether the lab can run them is
 * another question (`kintsugi lab coverage`).
 * @param kitFunctions names of the host kit's functions
 */
export function checkScripts(action: Action, kitFunctions: readonly string[]): readonly InputFault[] {
  return Object.entries(action.scripts).flatMap(([kind, text]) => {
    const file = join(action.folder, `${kind}.ps1`);
    const at = faultMaker(makeSource(text, file));
    try {
      const { body } = parseScript(text, file);
      return [
        ...resultFaults(body, kind as ScriptKind, at),
        ...parameterFaults(body, action, at),
        ...kitFaults(body, kitFunctions, at),
      ];
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      // What only our parser does not read is no fault of the script.
      return error.id === 'unsupported-syntax' ? [] : [at(error.offset, error.reason)];
    }
  });
}

type MakeFault = (offset: number, message: string, expected?: string, suggestion?: string) => InputFault;

const faultMaker =
  (source: Source): MakeFault =>
  (offset, message, expected, suggestion) => {
    const { line, column } = placeOf(source, offset);
    const words = { message, expected: expected ?? null, suggestion: suggestion ?? null };
    return { file: source.file ?? '', line, column, path: '', text: lineText(source, line), ...words };
  };

/** A table, also behind `[pscustomobject]` or `[ordered]`. */
const tableOf = (value: Expression): HashLiteral | undefined =>
  value.kind === 'hash' ? value : value.kind === 'cast' ? tableOf(value.operand) : undefined;

/** A result that is made elsewhere than in the last statement is seen by a run only. */
function resultFaults(body: ScriptBody, kind: ScriptKind, at: MakeFault): readonly InputFault[] {
  const expected = `one table with ${demanded[kind].map((name) => `\`${name}\``).join(' and ')} as the last statement`;
  const last = body.finish?.statements.at(-1);
  if (!last && !body.begin && !body.process) return [at(body.start, 'the script gives no result', expected)];
  const element = last?.kind === 'pipeline' && last.elements.length === 1 ? last.elements[0] : undefined;
  const table = element?.kind === 'expressionCommand' ? tableOf(element.expression) : undefined;
  if (!table) return [];
  const given = table.entries.map(({ key }) => (key.kind === 'string' ? key.value.toLowerCase() : null));
  // A key that is made when it runs can be any.
  if (given.includes(null)) return [];
  return demanded[kind]
    .filter((name) => !given.includes(name.toLowerCase()))
    .map((name) => at(table.start, `the result of ${kind}.ps1 lacks \`${name}\``, expected));
}

function parameterFaults(body: ScriptBody, { parameters }: Action, at: MakeFault): readonly InputFault[] {
  const own = body.parameters ?? [];
  const missing = Object.keys(parameters)
    .filter((name) => !own.some((each) => each.name.toLowerCase() === name.toLowerCase()))
    .map((name) =>
      at(
        body.start,
        `the script does not take the parameter \`${name}\` of action.yaml`,
        `\`$${name}\` in its param()`,
      ),
    );
  const never = own
    .filter(({ attributes }) =>
      attributes.some(
        ({ name, named }) =>
          name.toLowerCase() === 'parameter' && named.some((each) => each.name.toLowerCase() === 'mandatory'),
      ),
    )
    .filter(({ name }) => !Object.keys(parameters).some((each) => each.toLowerCase() === name.toLowerCase()))
    .map(({ name, start }) =>
      at(start, `the parameter \`$${name}\` is mandatory, and action.yaml does not declare it`),
    );
  return [...missing, ...never];
}

function kitFaults(body: ScriptBody, kitFunctions: readonly string[], at: MakeFault): readonly InputFault[] {
  const known = new Set([...definedFunctions(body), ...kitFunctions.map((name) => name.toLowerCase())]);
  return [...nodesOf(body)].flatMap((node) => {
    if (node.kind !== 'command' || node.name.kind !== 'string') return [];
    const { value } = node.name;
    if (!isKitName.test(value) || known.has(value.toLowerCase())) return [];
    const near = nearest(value, kitFunctions, 3).map((name) => `\`${name}\``);
    const meant = near.length === 0 ? undefined : `did you mean ${near.join(', ')}?`;
    return [
      at(
        node.start,
        `the host kit has no function \`${value}\``,
        'a function of the host kit (docs/host-kit.md)',
        meant,
      ),
    ];
  });
}
