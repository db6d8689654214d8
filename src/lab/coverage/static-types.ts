import type { Expression } from '../../powershell/expression-tree.ts';
import type { ScriptBody, Statement } from '../../powershell/syntax-tree.ts';
import { nodesOf } from '../../powershell/walk.ts';
import type { Registry } from '../evaluator/registry.ts';
import { resolveType, resolveTypeText } from '../evaluator/type-names.ts';
import type { CimClass } from '../windows/cim/cim-class.ts';
import { classNamed } from '../windows/cim/find-class.ts';
import { readCall } from './call-arguments.ts';
import { classOf } from './check-class.ts';
import { readTables } from './hash-tables.ts';

/** What a value surely is: an object of a .NET type, or instances of a CIM class. */
export type StaticType =
  | { readonly kind: 'object'; readonly type: string }
  | { readonly kind: 'cim'; readonly cim: CimClass };

/** Tells what an expression gives, where the script alone says so. */
export type TypeOf = (node: Expression) => StaticType | undefined;

const isSame = (a: StaticType | undefined, b: StaticType | undefined): boolean =>
  a?.kind === 'object' ? b?.kind === 'object' && a.type === b.type : b?.kind === 'cim' && a?.cim === b.cim;

/** Learns the types of the variables of a script: one that is only ever given values of one type has that type. */
export const learnTypes = (root: ScriptBody, registry: Registry, usings: readonly string[]): TypeOf => {
  const tables = readTables(root);
  const variables = new Map<string, StaticType | undefined>();

  const object = (type: string | undefined): StaticType | undefined =>
    type === undefined ? undefined : { kind: 'object', type };

  const ofStatement = (statement: Statement): StaticType | undefined => {
    if (statement.kind !== 'pipeline') return undefined;
    const [element, ...rest] = statement.elements;
    if (!element || rest.length > 0) return undefined;
    if (element.kind === 'expressionCommand') return typeOf(element.expression);
    const name = element.name.kind === 'string' ? element.name.value.toLowerCase() : '';
    const cmdlet = registry.cmdlets.get((registry.aliases.get(name) ?? name).toLowerCase());
    if (cmdlet?.name !== 'Get-CimInstance' && cmdlet?.name !== 'New-Object') return undefined;
    const call = readCall(cmdlet, element, tables);
    if (cmdlet.name === 'New-Object') {
      const made = call.given.find(({ spec }) => spec?.name === 'TypeName')?.value;
      return made?.kind === 'string' ? object(resolveTypeText(registry, made.value)) : undefined;
    }
    const found = classOf(call);
    const cim = found && classNamed(found.namespace, found.named.className);
    return cim === undefined || typeof cim === 'string' ? undefined : { kind: 'cim', cim };
  };

  const typeOf: TypeOf = (node) => {
    switch (node.kind) {
      case 'string':
      case 'expandable':
        return object('System.String');
      case 'cast':
        return node.type && object(resolveType(registry, node.type, usings));
      case 'parenthesis':
        return ofStatement(node.inner);
      case 'variable':
        return variables.get(node.name.toLowerCase());
      case 'call': {
        const isNew = node.isStatic && node.name.kind === 'string' && node.name.value.toLowerCase() === 'new';
        return isNew && node.target.kind === 'type'
          ? object(resolveType(registry, node.target.type, usings))
          : undefined;
      }
      default:
        return undefined;
    }
  };

  const given = new Map<string, (StaticType | undefined)[]>();
  const give = (name: string, type: StaticType | undefined): void => {
    given.set(name.toLowerCase(), [...(given.get(name.toLowerCase()) ?? []), type]);
  };
  for (const node of nodesOf(root)) {
    // A parameter, a loop variable and `[ref]$x` get values from elsewhere.
    if (node.kind === 'parameter') {
      const type = node.types.at(-1);
      give(node.name, type && object(resolveType(registry, type, usings)));
    } else if (node.kind === 'foreach') give(node.variable.name, undefined);
    else if (node.kind === 'cast' && node.type?.name.toLowerCase() === 'ref' && node.operand.kind === 'variable')
      give(node.operand.name, undefined);
    else if (node.kind === 'assignment') {
      const { target } = node;
      const targets = target.kind === 'array' ? target.items : [target];
      for (const each of targets) {
        if (each.kind === 'variable' && targets.length === 1 && node.operator === '=') {
          const isNull =
            node.value.kind === 'pipeline' &&
            node.value.elements[0]?.kind === 'expressionCommand' &&
            node.value.elements[0].expression.kind === 'variable' &&
            node.value.elements[0].expression.name.toLowerCase() === 'null';
          if (!isNull) give(each.name, ofStatement(node.value));
        } else if (each.kind === 'variable') give(each.name, undefined);
        else if (each.kind === 'cast' && each.operand.kind === 'variable' && each.type)
          give(each.operand.name, object(resolveType(registry, each.type, usings)));
      }
    }
  }
  for (const [name, types] of given) {
    const [first] = types;
    if (first && types.every((type) => isSame(first, type))) variables.set(name, first);
  }
  return typeOf;
};
