import type { InputFault } from '../input/document/fault.ts';
import { nearest } from '../kernel/suggestion.ts';
import { commandsByAlias, sevenOnlyCommands, sevenOnlyParameters } from '../powershell/seven-only.ts';
import type { Command, ScriptBody } from '../powershell/syntax-tree.ts';
import { nodesOf } from '../powershell/walk.ts';
import type { MakeFault } from './make-fault.ts';

const isKitName = /^\w+-Kt\w+$/i;

/** Lower-case names of all functions that a script defines. */
const definedFunctions = (body: ScriptBody): ReadonlySet<string> =>
  new Set([...nodesOf(body)].flatMap((node) => (node.kind === 'function' ? [node.name.toLowerCase()] : [])));

/** Commands that the host kit does not have though they are named as its own are, and what only PowerShell 7 has. */
export function commandFaults(body: ScriptBody, kitFunctions: readonly string[], at: MakeFault): readonly InputFault[] {
  const own = definedFunctions(body);
  const kit = new Set(kitFunctions.map((name) => name.toLowerCase()));
  return [...nodesOf(body)].flatMap((node) => {
    if (node.kind !== 'command' || node.name.kind !== 'string' || own.has(node.name.value.toLowerCase())) return [];
    const { value } = node.name;
    if (isKitName.test(value))
      return kit.has(value.toLowerCase()) ? [] : [unknownKitFunction(node, value, kitFunctions, at)];
    return sevenFaults(node, value, at);
  });
}

function unknownKitFunction(node: Command, name: string, kitFunctions: readonly string[], at: MakeFault): InputFault {
  const near = nearest(name, kitFunctions, 3).map((each) => `\`${each}\``);
  const meant = near.length === 0 ? undefined : `did you mean ${near.join(', ')}?`;
  const expected = 'a function of the host kit (docs/host-kit.md)';
  return at(node.start, `the host kit has no function \`${name}\``, expected, meant);
}

function sevenFaults(node: Command, name: string, at: MakeFault): readonly InputFault[] {
  const expected = 'what Windows PowerShell 5.1 has, which runs the scripts';
  const plain = commandsByAlias.get(name.toLowerCase()) ?? name.toLowerCase();
  if (sevenOnlyCommands.has(plain)) return [at(node.start, `\`${name}\` is a command of PowerShell 7`, expected)];
  const parameters = sevenOnlyParameters.get(plain);
  return node.elements.flatMap((element) =>
    element.kind === 'commandParameter' && parameters?.has(element.name.toLowerCase()) === true
      ? [at(element.start, `\`-${element.name}\` of \`${name}\` is a parameter of PowerShell 7`, expected)]
      : [],
  );
}
