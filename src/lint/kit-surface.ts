import { parseScript } from '../powershell/parse-script.ts';
import type { FunctionDefinition, Parameter } from '../powershell/syntax-tree.ts';
import { nodesOf } from '../powershell/walk.ts';
import { gives, plainText } from './call.ts';
import { changeByNode, changesHost } from './changing-commands.ts';
import { givesOutput } from './output.ts';

/** A parameter of a function of the kit. */
export type KitParameter = {
  readonly name: string;
  readonly isSwitch: boolean;
  /** Whether it must be given whatever else is; parameters of single sets are not among them. */
  readonly isNeeded: boolean;
  /** The set that it belongs to, as written; null where it belongs to all. */
  readonly set: string | null;
  /** Whether its set can only be chosen by giving it. */
  readonly chooses: boolean;
  /** The only values allowed, or null. */
  readonly values: readonly string[] | null;
};

/** A function of the kit as scripts may call it. */
export type KitFunction = {
  readonly name: string;
  readonly parameters: readonly KitParameter[];
  /** `read`; `change`: records what was there first; `irreversible`: records that it cannot be undone; `inner`: changes without a record, for the kit alone. */
  readonly effect: 'read' | 'change' | 'irreversible' | 'inner';
  /** Whether it leaves a value in the pipeline. */
  readonly givesOutput: boolean;
};

/** Functions of the host kit by their names in lower case. */
export type KitSurface = ReadonlyMap<string, KitFunction>;

/** Functions that record though their only effect is the record, or that make the record itself. */
const innerNames = /^(?:undo-kt|write-ktbefore|add-ktrecord|start-ktprocess)/i;

/** What the host kit offers, from its text. */
export function readKitSurface(kit: string): KitSurface {
  const functions = new Map<string, FunctionDefinition>();
  for (const node of nodesOf(parseScript(kit).body))
    if (node.kind === 'function') functions.set(node.name.toLowerCase(), node);
  return new Map(
    Array.from(functions, ([key, definition]) => [
      key,
      {
        name: definition.name,
        parameters: (definition.body.parameters ?? []).map(readParameter),
        effect: effectOf(definition, functions, new Set()),
        givesOutput: givesOutput(definition.body, { functions, kit: new Map() }),
      },
    ]),
  );
}

function readParameter(parameter: Parameter): KitParameter {
  const attributes = parameter.attributes.filter(({ name }) => name.toLowerCase() === 'parameter');
  const named = attributes.flatMap((each) => each.named);
  const set = named.find(({ name }) => name.toLowerCase() === 'parametersetname')?.value;
  const isMandatory = named.some(({ name }) => name.toLowerCase() === 'mandatory');
  const values = parameter.attributes.find(({ name }) => name.toLowerCase() === 'validateset');
  return {
    name: parameter.name,
    isSwitch: parameter.types.some(({ name }) => /^(?:switch|.*switchparameter)$/i.test(name)),
    isNeeded: isMandatory && set === undefined,
    set: plainText(set),
    chooses: isMandatory && set !== undefined,
    values: values === undefined ? null : values.positional.flatMap((each) => plainText(each) ?? []),
  };
}

function effectOf(
  definition: FunctionDefinition,
  functions: ReadonlyMap<string, FunctionDefinition>,
  seen: Set<string>,
): KitFunction['effect'] {
  seen.add(definition.name.toLowerCase());
  if (innerNames.test(definition.name)) return 'inner';
  // A heartbeat is no change of the host, nor is an image that is dismounted before the function returns.
  if (/^(?:write-ktprogress|test-ktdiskimage)$/i.test(definition.name)) return 'read';
  let effect: KitFunction['effect'] = 'read';
  let changes = false;
  for (const node of nodesOf(definition.body)) {
    changes ||= changeByNode(node) !== null;
    if (node.kind !== 'command' || node.name.kind !== 'string') continue;
    const name = node.name.value.toLowerCase();
    if (name === 'write-ktbefore') {
      const isDeclared = gives(node, 'irreversible') && !mayBeReversible(definition);
      effect = isDeclared ? 'irreversible' : 'change';
      continue;
    }
    // A program that is called to read changes nothing.
    if (gives(node, 'readonly')) continue;
    const called = functions.get(name);
    // As where a script calls it so itself.
    if (called && gives(node, 'readonly')) continue;
    if (!called) changes ||= changesHost(name, node);
    else if (!seen.has(name) && effect === 'read') {
      const inner = effectOf(called, functions, seen);
      if (inner === 'change' || inner === 'irreversible') effect = inner;
      else changes ||= inner === 'inner';
    }
  }
  return effect === 'read' && changes ? 'inner' : effect;
}

/** A function that takes `-Irreversible` itself is so only where it is given. */
const mayBeReversible = ({ body }: FunctionDefinition): boolean =>
  (body.parameters ?? []).some(({ name }) => name.toLowerCase() === 'irreversible');
