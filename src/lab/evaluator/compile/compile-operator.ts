import type { Binary, Expression, Unary } from '../../../powershell/expression-tree.ts';
import { itemsOf } from '../conversion/items.ts';
import { isTrue } from '../conversion/truth.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { spend } from '../limit.ts';
import { arithmetic, signed } from '../operators/arithmetic.ts';
import type { BitOperator } from '../operators/bitwise.ts';
import { bitwise, bitwiseNot } from '../operators/bitwise.ts';
import type { CompareOperator } from '../operators/compare.ts';
import { compares } from '../operators/compare.ts';
import type { ArithmeticOperator } from '../operators/number-arithmetic.ts';
import { makeRange } from '../operators/range.ts';
import {
  asOperator,
  containsOperator,
  formatOperator,
  isOperator,
  joinOperator,
  likeOperator,
  matchOperator,
  replaceOperator,
  splitByBlock,
  splitOperator,
} from '../operators/text-operators.ts';
import type { Value } from '../value.ts';
import { Waiting } from '../waiting.ts';
import type { Code } from './code.ts';
import { lift, lift2, run, soon, sync, task } from './code.ts';
import type { Compiler } from './compiler.ts';

type Apply = (left: Value, right: Value, frame: Frame) => Value;

/** Units that comparing an item takes: texts have an order that is found in a culture. */
const unitsOf = (operator: CompareOperator, item: Value): number => {
  if (typeof item === 'number') return 2;
  return operator === 'eq' || operator === 'ne' ? 6 : 20;
};

const comparison = (operator: CompareOperator, caseSensitive: boolean): Apply => {
  const options = { caseSensitive };
  return (left, right, frame) => {
    const items = itemsOf(left);
    if (items) {
      return items.filter((item) => {
        spend(unitsOf(operator, item));
        return compares(operator, item, right, frame.session, options);
      });
    }
    return compares(operator, left, right, frame.session, options);
  };
};

const applierOf = (node: Binary): Apply | undefined => {
  const { operator, caseSensitive } = node;
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return (a, b, frame) => arithmetic(operator satisfies ArithmeticOperator, a, b, frame.session);
    case 'band':
    case 'bor':
    case 'bxor':
    case 'shl':
    case 'shr':
      return (a, b, frame) => bitwise(operator satisfies BitOperator, a, b, frame.session);
    case 'eq':
    case 'ne':
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return comparison(operator, caseSensitive);
    case 'f':
      return formatOperator;
    case 'like':
    case 'notlike':
      return (a, b, frame) => likeOperator(a, b, frame, { caseSensitive, negated: operator === 'notlike' });
    case 'match':
    case 'notmatch':
      return (a, b, frame) => matchOperator(a, b, frame, { caseSensitive, negated: operator === 'notmatch' });
    case 'contains':
    case 'notcontains':
      return (a, b, frame) => containsOperator(a, b, frame, caseSensitive) !== (operator === 'notcontains');
    case 'in':
    case 'notin':
      return (a, b, frame) => containsOperator(b, a, frame, caseSensitive) !== (operator === 'notin');
    case 'is':
    case 'isnot':
      return (a, b, frame) => isOperator(a, b, frame) !== (operator === 'isnot');
    case 'as':
      return asOperator;
    case 'xor':
      return (a, b) => isTrue(a) !== isTrue(b);
    default:
      return undefined;
  }
};

type Slow = (left: Value, right: Value, frame: Frame) => Task<Value>;

/** Operators that may have much to do, and then let other work run. */
const slowApplierOf = ({ operator, caseSensitive }: Binary): Slow | undefined => {
  switch (operator) {
    case '..':
      return makeRange;
    case 'replace':
      return (a, b, frame) => replaceOperator(a, b, frame, caseSensitive);
    case 'join':
      return joinOperator;
    default:
      return undefined;
  }
};

const compileSlow = (left: Code, right: Code, apply: Slow): Code =>
  task(function* (frame) {
    return yield* apply(yield* run(left, frame), yield* run(right, frame), frame);
  });

const compileLogical = (left: Code, right: Code, stopsAt: boolean): Code => {
  const [a, b] = [left.sync, right.sync];
  if (a && b) return sync((frame) => (isTrue(a(frame)) === stopsAt ? stopsAt : isTrue(b(frame))));
  const withLeft = (first: Value, frame: Frame): Value | Waiting<Value> => {
    if (isTrue(first) === stopsAt) return stopsAt;
    const second = right.soon(frame);
    return second instanceof Waiting ? second.after(isTrue) : isTrue(second);
  };
  return soon((frame) => {
    const first = left.soon(frame);
    return first instanceof Waiting ? first.after((late) => withLeft(late, frame)) : withLeft(first, frame);
  });
};

const compileSplit = (
  compiler: Compiler,
  left: Expression | undefined,
  right: Expression,
  caseSensitive: boolean,
): Code => {
  if (!left) {
    const operand = compiler.expression(right);
    return task(function* (frame) {
      return yield* splitOperator(yield* run(operand, frame), undefined, frame, false);
    });
  }
  return compileSlow(compiler.expression(left), compiler.expression(right), function* (text, separator, frame) {
    const [first, limit] = itemsOf(separator) ?? [separator];
    if (first !== null && typeof first === 'object' && 'kind' in first && first.kind === 'scriptblock') {
      return yield* splitByBlock(text, first, limit, frame);
    }
    return yield* splitOperator(text, separator, frame, caseSensitive);
  });
};

/** `left op right`. */
export const compileBinary = (compiler: Compiler, node: Binary): Code => {
  if (node.operator === 'split') return compileSplit(compiler, node.left, node.right, node.caseSensitive);
  const left = compiler.expression(node.left);
  const right = compiler.expression(node.right);
  if (node.operator === 'and') return compileLogical(left, right, false);
  if (node.operator === 'or') return compileLogical(left, right, true);
  const substitute = node.operator === 'replace' && node.right.kind === 'array' ? node.right.items[1] : undefined;
  if (substitute?.kind === 'scriptBlock')
    return sync(compiler.unsupportedWhenRun('-replace with a script block (PowerShell 7)', substitute.start));
  const slow = slowApplierOf(node);
  if (slow) return compileSlow(left, right, slow);
  const apply = applierOf(node);
  if (!apply) return compiler.unsupported(`the operator -${node.operator}`, node.at);
  return lift2(left, right, apply);
};

/** `op value`. */
export const compileUnary = (compiler: Compiler, node: Unary): Code => {
  const { operator } = node;
  if (operator === 'split') return compileSplit(compiler, undefined, node.operand, node.caseSensitive);
  const operand = compiler.expression(node.operand);
  switch (operator) {
    case 'not':
      return lift(operand, (value) => !isTrue(value));
    case 'bnot':
      return lift(operand, (value, frame) => bitwiseNot(value, frame.session));
    case '-':
    case '+':
      return lift(operand, (value, frame) => signed(operator, value, frame.session));
    case ',':
      return lift(operand, (value) => [value ?? null]);
    case 'join':
      return task(function* (frame) {
        return yield* joinOperator(yield* run(operand, frame), '', frame);
      });
    default:
      return compiler.unsupported(`the operator ${operator}`, node.start);
  }
};
