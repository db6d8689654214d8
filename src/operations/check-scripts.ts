import { join } from 'node:path';
import type { ActionScripts } from '../input/action/action.ts';
import { hidingMore, type InputFault } from '../input/document/fault.ts';
import type { ScriptKind } from '../kernel/words.ts';
import type { Expression, HashLiteral } from '../powershell/expression-tree.ts';
import { parseScript } from '../powershell/parse-script.ts';
import { makeSource } from '../powershell/source.ts';
import { readWithFaults } from '../powershell/syntax-faults.ts';
import type { ScriptBody } from '../powershell/syntax-tree.ts';
import { nodesOf } from '../powershell/walk.ts';
import { commandFaults } from './command-faults.ts';
import { faultMaker, type MakeFault } from './make-fault.ts';

/** What the host kit demands of the result of each kind of script; `reason` and `facts` may be left out. */
const demanded: Readonly<Record<ScriptKind, readonly string[]>> = {
  detect: ['needed', 'possible'],
  apply: ['changed', 'rebootRequired'],
  undo: ['changed', 'rebootRequired'],
  verify: ['ok'],
};

/**
 * What keeps scripts of an action from ever running: syntax that Windows PowerShell 5.1 does not take, a result without the fields that the
 * host kit demands, parameters that do not fit action.yaml, functions that the host kit does not have, and commands and
 * parameters that only PowerShell 7 has. Whether the lab can run them is
 * another question (`kintsugi lab coverage`).
 * @param kitFunctions names of the host kit's functions
 */
export function checkScripts(action: ActionScripts, kitFunctions: readonly string[]): readonly InputFault[] {
  return Object.entries(action.scripts).flatMap(([kind, text]) => {
    const file = join(action.folder, `${kind}.ps1`);
    const at = faultMaker(makeSource(text, file));
    const { faults, body, isWhole } = readWithFaults(text, file);
    // What only our parser does not read is no fault of the script.
    const wrong = faults.filter(({ id }) => id !== 'unsupported-syntax').map((each) => at(each.offset, each.reason));
    const told = isWhole ? wrong : hidingMore(wrong);
    if (body === null) return told;
    const commands = commandFaults(body, kitFunctions, at);
    // The result, or a parameter, may stand in a line that was left out.
    if (!isWhole) return [...told, ...commands];
    return [...told, ...resultFaults(body, kind as ScriptKind, at), ...parameterFaults(body, action, at), ...commands];
  });
}

/** Names of the functions that a script defines, as those of the host kit. */
export const functionNames = (script: string): readonly string[] =>
  [...nodesOf(parseScript(script).body)].flatMap((node) => (node.kind === 'function' ? [node.name] : []));

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

function parameterFaults(body: ScriptBody, { parameters }: ActionScripts, at: MakeFault): readonly InputFault[] {
  if (parameters === null) return [];
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
