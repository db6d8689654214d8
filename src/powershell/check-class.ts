import type { Expression } from './expression-tree.ts';
import type { Parser } from './parser.ts';
import type { Block, ClassDefinition, ClassMember, Statement } from './syntax-tree.ts';
import { nodesOf } from './walk.ts';

type Method = Extract<ClassMember, { kind: 'method' }>;

/** Variables that a method may read without setting them. */
const automatic = new Set(
  'this true false null _ psitem args input foreach switch error matches lastexitcode stacktrace outputencoding nestedpromptlevel pwd ? ^ $ psscriptroot pscommandpath psboundparameters pscmdlet myinvocation'.split(
    ' ',
  ),
);

const isVoid = ({ type }: Method): boolean => !type || /^(system\.)?void$/i.test(type.name);

/** Names of the variables on the left of an assignment. */
function* targetsOf(target: Expression): Generator<string> {
  if (target.kind === 'variable') yield target.name.toLowerCase();
  else if (target.kind === 'cast') yield* targetsOf(target.operand);
  else if (target.kind === 'array') for (const item of target.items) yield* targetsOf(item);
  else if (target.kind === 'parenthesis' && target.inner.kind === 'pipeline') {
    const [element] = target.inner.elements;
    if (element?.kind === 'expressionCommand') yield* targetsOf(element.expression);
  }
}

const setIn = (method: Method): Set<string> => {
  const names = new Set(method.parameters.map(({ name }) => name.toLowerCase()));
  for (const node of nodesOf(method.body)) {
    if (node.kind === 'assignment' || node.kind === 'increment')
      for (const name of targetsOf(node.target)) names.add(name);
    else if (node.kind === 'foreach') names.add(node.variable.name.toLowerCase());
    else if (node.kind === 'parameter') names.add(node.name.toLowerCase());
    else if (node.kind === 'data' && node.variable !== undefined) names.add(node.variable.toLowerCase());
  }
  return names;
};

/** Nodes of a method's own body: what stands in script blocks finds its variables when it runs. */
function* ownNodes(value: unknown): Generator<ReturnType<typeof nodesOf> extends Generator<infer Node> ? Node : never> {
  if (typeof value !== 'object' || value === null) return;
  if ('kind' in value && (value.kind === 'scriptBlock' || value.kind === 'function')) return;
  if ('kind' in value && 'start' in value) yield value as never;
  for (const part of Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value)) yield* ownNodes(part);
}

const checkVariables = (parser: Parser, method: Method): void => {
  const known = setIn(method);
  for (const node of ownNodes(method.body)) {
    if (node.kind !== 'variable' || node.scope !== undefined) continue;
    const name = node.name.toLowerCase();
    if (name === 'this' && method.isStatic)
      parser.fail('NonStaticMemberAccessInStaticMember', 'a static method has no $this', node.start);
    if (!known.has(name) && !automatic.has(name))
      parser.fail('VariableNotLocal', `the variable $${node.name} is not assigned in the method`, node.start);
  }
};

/** Whether statements always end by `return` or `throw`, as PowerShell sees it: a `switch` or `while` never does. */
const alwaysEnds = (block: Block): boolean => block.statements.some(ends);

const ends = (statement: Statement): boolean => {
  switch (statement.kind) {
    case 'return':
    case 'throw':
    case 'exit':
      return true;
    case 'if':
      return (
        statement.otherwise !== undefined &&
        alwaysEnds(statement.otherwise) &&
        statement.clauses.every(({ block }) => alwaysEnds(block))
      );
    case 'try':
      return (
        (statement.finally !== undefined && alwaysEnds(statement.finally)) ||
        (alwaysEnds(statement.block) && statement.catches.every(({ block }) => alwaysEnds(block)))
      );
    case 'doWhile':
    case 'doUntil':
      return alwaysEnds(statement.block);
    default:
      return false;
  }
};

const checkReturns = (parser: Parser, method: Method, isConstructor: boolean): void => {
  const gives = !isConstructor && !isVoid(method);
  for (const node of ownNodes(method.body)) {
    if (node.kind !== 'return') continue;
    if (gives && !node.value)
      parser.fail(
        'NonVoidMethodMissingReturnValue',
        'a return with a value was expected in a method that has a type',
        node.start,
      );
    if (!gives && node.value) parser.fail('VoidMethodHasReturn', 'a method without type returns no value', node.start);
  }
  if (gives && !alwaysEnds(method.body))
    parser.fail('MethodHasCodePathNotReturn', `not every way through the method ${method.name} returns`, method.start);
};

const signatureOf = (method: Method): string =>
  `${method.parameters.length}:${method.parameters
    .map(({ types }) => types.map(({ name, ranks }) => `${name}${ranks.join()}`.toLowerCase()))
    .join(';')}`;

/**
 * Checks what PowerShell checks of a class before it runs: members twice, variables that a method does not set, ways that do not return.
 * @throws SyntaxFault at the first fault
 */
export const checkClass = (parser: Parser, definition: ClassDefinition): void => {
  const seen = new Set<string>();
  for (const member of definition.members) {
    const lower = member.name.toLowerCase();
    const key = member.kind === 'property' ? lower : `${lower}(${signatureOf(member)})${member.isStatic ? 's' : ''}`;
    if (seen.has(key) || (member.kind === 'method' && seen.has(lower)))
      parser.fail('MemberAlreadyDefined', `the member '${member.name}' is already defined`, member.start);
    seen.add(key);
    if (member.kind === 'property') continue;
    checkReturns(parser, member, lower === definition.name.toLowerCase());
    checkVariables(parser, member);
  }
};
