import type { Expression } from '../../../powershell/expression-tree.ts';
import type { Statement } from '../../../powershell/syntax-tree.ts';
import type { Sequence } from '../conversion/items.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { rangeSequence } from '../operators/range.ts';
import { run } from './code.ts';
import type { Compiler } from './compiler.ts';

/** The expression that a statement consists of; undefined for anything else. */
export const onlyExpression = (statement: Statement): Expression | undefined => {
  if (statement.kind !== 'pipeline' || statement.elements.length !== 1) return undefined;
  const [element] = statement.elements;
  return element?.kind === 'expressionCommand' && element.redirections.length === 0 ? element.expression : undefined;
};

/** `a..b` at the head of a pipeline or in a `foreach`, where PowerShell makes one number after the other; undefined for other expressions. */
export const compileRange = (
  compiler: Compiler,
  node: Expression | undefined,
): ((frame: Frame) => Task<Sequence>) | undefined => {
  if (node?.kind !== 'binary' || node.operator !== '..') return undefined;
  const left = compiler.expression(node.left);
  const right = compiler.expression(node.right);
  return function* (frame) {
    return rangeSequence(yield* run(left, frame), yield* run(right, frame), frame);
  };
};
