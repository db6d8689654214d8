import { Failure } from '../../kernel/failure.ts';
import type { Expression } from '../../powershell/expression-tree.ts';
import type { Source } from '../../powershell/source.ts';
import type { ScriptBody, Statement } from '../../powershell/syntax-tree.ts';
import { nodesOf } from '../../powershell/walk.ts';
import { compileSignature } from '../evaluator/binding/script-signature.ts';
import { sync } from '../evaluator/compile/code.ts';
import { compileExpression } from '../evaluator/compile/compile-expression.ts';
import { compileStatement } from '../evaluator/compile/compile-statement.ts';
import type { Compiler } from '../evaluator/compile/compiler.ts';
import { NetError } from '../evaluator/define.ts';
import { makeRegex } from '../evaluator/operators/regex.ts';
import type { Findings } from './findings.ts';

/** Ends the compiling of a node whose construct the lab does not run. */
class Refused extends Error {}

const nothing = sync(() => undefined);

const statements: ReadonlySet<string> = new Set<Statement['kind']>([
  'pipeline',
  'assignment',
  'if',
  'while',
  'doWhile',
  'doUntil',
  'for',
  'foreach',
  'switch',
  'try',
  'trap',
  'return',
  'throw',
  'exit',
  'break',
  'continue',
  'function',
  'class',
  'enum',
  'data',
  'using',
]);
const expressions: ReadonlySet<string> = new Set<Expression['kind']>([
  'binary',
  'unary',
  'increment',
  'cast',
  'type',
  'variable',
  'number',
  'string',
  'expandable',
  'array',
  'arrayExpression',
  'subExpression',
  'parenthesis',
  'hash',
  'scriptBlock',
  'member',
  'call',
  'index',
]);
const isStatement = (node: { readonly kind: string }): node is Statement => statements.has(node.kind);
const isExpression = (node: { readonly kind: string }): node is Expression => expressions.has(node.kind);

/** A pattern that stands in the script, as text. */
const patternOf = (node: Expression): string | undefined => {
  if (node.kind !== 'binary' || !/^(not)?match$|^replace$|^split$/.test(node.operator)) return undefined;
  const right = node.right.kind === 'array' ? node.right.items[0] : node.right;
  return right?.kind === 'string' ? right.value : undefined;
};

const checkPattern = (node: Expression, findings: Findings): void => {
  const pattern = patternOf(node);
  if (pattern === undefined) return;
  try {
    makeRegex(pattern);
  } catch (error) {
    if (error instanceof Failure)
      findings.note('construct', `the regular expression '${pattern}'`, node.start, 'outside');
    else if (!(error instanceof NetError)) throw error;
  }
};

/**
 * Finds the constructs that the evaluator refuses, by its own compiler: each node is compiled alone, its parts stand for nothing.
 * @returns the namespaces of `using namespace`
 */
export const findConstructs = (source: Source, root: ScriptBody, findings: Findings): readonly string[] => {
  const refuse = (construct: string, offset: number): void => findings.note('construct', construct, offset, 'outside');
  const compiler: Compiler = {
    source,
    usings: [],
    expression: () => nothing,
    statement: () => nothing,
    block: () => nothing,
    value: () => nothing,
    collect: () => nothing,
    body: () => ({ kind: 'compiled-body' }),
    type: () => () => '',
    unsupported: (construct, offset) => {
      refuse(construct, offset);
      throw new Refused();
    },
    unsupportedWhenRun: (construct, offset) => {
      refuse(construct, offset);
      return () => {
        throw new Refused();
      };
    },
  };
  for (const node of nodesOf(root)) {
    try {
      if (node.kind === 'body') compileSignature(compiler, node);
      else if (isStatement(node)) compileStatement(compiler, node);
      else if (isExpression(node)) {
        compileExpression(compiler, node);
        checkPattern(node, findings);
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
  return compiler.usings;
};
