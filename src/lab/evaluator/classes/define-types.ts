import type { ClassDefinition, EnumDefinition } from '../../../powershell/syntax-tree.ts';
import { run } from '../compile/code.ts';
import type { Compiler } from '../compile/compiler.ts';
import { numericOf } from '../conversion/numeric.ts';
import { PowerShellError } from '../define.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { exception } from '../make.ts';
import { raise } from '../raise.ts';
import type { Value } from '../value.ts';
import { readBases, readClass } from './define-class.ts';
import { describeClass } from './describe-class.ts';
import { setInitial } from './make-object.ts';

const isFlags = ({ attributes }: EnumDefinition): boolean =>
  attributes.some(({ name }) => /^(system\.)?flags(attribute)?$/i.test(name));

function* defineEnum(compiler: Compiler, node: EnumDefinition, frame: Frame): Task<void> {
  const values: Record<string, number> = {};
  let next = 0;
  for (const { name, value } of node.members) {
    const given = value && numericOf(yield* run(compiler.expression(value), frame));
    if (given && 'integer' in given) next = Number(given.integer);
    if (Object.keys(values).some((known) => known.toLowerCase() === name.toLowerCase()))
      raise({
        id: 'MemberAlreadyDefined',
        message: `The member '${name}' is already defined.`,
        category: 'ParserError',
        type: 'System.Management.Automation.ParseException',
      });
    values[name] = next++;
  }
  frame.session.registry.define({ enums: [{ name: node.name, values, ...(isFlags(node) ? { flags: true } : {}) }] });
}

/** Bases before what derives from them. */
const inOrder = (nodes: readonly ClassDefinition[]): ClassDefinition[] => {
  const ordered: ClassDefinition[] = [];
  const add = (node: ClassDefinition): void => {
    if (ordered.includes(node)) return;
    for (const base of node.bases) {
      const above = nodes.find((other) => other !== node && other.name.toLowerCase() === base.name.toLowerCase());
      if (above && !ordered.includes(above)) add(above);
    }
    ordered.push(node);
  };
  for (const node of nodes) add(node);
  return ordered;
};

// A type that a class names and nobody has is a fault of the script's text: it does not begin.
const asParseError = (error: unknown): unknown => {
  if (error instanceof PowerShellError && error.record.id === 'TypeNotFound') {
    error.record.category = 'ParserError';
    const { message } = error;
    error.record.exception = exception('System.Management.Automation.ParseException', message);
    return new PowerShellError(error.record, true);
  }
  return error;
};

function* defineClasses(compiler: Compiler, nodes: readonly ClassDefinition[], frame: Frame): Task<void> {
  const { registry } = frame.session;
  // Classes may name each other: all names are known before the first is read.
  for (const { name } of nodes) registry.define({ types: [{ name }] });
  for (const node of inOrder(nodes)) {
    const bases = readBases(compiler, node, frame);
    const one = readClass(compiler, node, bases, frame);
    const statics = new Map<string, Value>();
    const definition = describeClass(one, bases, statics, frame.session);
    if (bases.exception !== undefined)
      registry.define({ exceptions: { [node.name]: { base: bases.base?.name ?? bases.exception } } });
    registry.define({ types: [definition] });
    yield* setInitial(one, one.staticProperties, statics, undefined, frame);
  }
}

/**
 * Defines the classes and enums of a script before it runs.
 * @throws PowerShellError ParseException for a type that nobody has
 */
export function* defineTypes(
  compiler: Compiler,
  nodes: readonly (ClassDefinition | EnumDefinition)[],
  frame: Frame,
): Task<void> {
  try {
    for (const node of nodes) if (node.kind === 'enum') yield* defineEnum(compiler, node, frame);
    yield* defineClasses(
      compiler,
      nodes.filter((node) => node.kind === 'class'),
      frame,
    );
  } catch (error) {
    throw asParseError(error);
  }
}
