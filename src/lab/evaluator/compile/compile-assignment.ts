import type { Assignment } from '../../../powershell/syntax-tree.ts';
import type { Frame } from '../frame.ts';
import { arithmetic } from '../operators/arithmetic.ts';
import type { ArithmeticOperator } from '../operators/number-arithmetic.ts';
import type { Value } from '../value.ts';
import { Waiting } from '../waiting.ts';
import type { Code } from './code.ts';
import { soon, sync, valuesOf } from './code.ts';
import { compileTarget } from './compile-target.ts';
import type { Compiler } from './compiler.ts';

const operators: Readonly<Record<Exclude<Assignment['operator'], '='>, ArithmeticOperator>> = {
  '+=': '+',
  '-=': '-',
  '*=': '*',
  '/=': '/',
  '%=': '%',
};

/** An assignment; its value is what was assigned. */
export const compileAssignment = (compiler: Compiler, node: Assignment): Code => {
  const target = compileTarget(compiler, node.target);
  const value = compiler.value(node.value);
  const operator = node.operator === '=' ? undefined : operators[node.operator];
  const apply = (operands: readonly Value[], right: Value, frame: Frame): Value => {
    const next =
      operator === undefined ? right : arithmetic(operator, target.read(operands, frame), right, frame.session);
    target.write(operands, next, frame);
    return next;
  };
  const direct = target.operands.map((operand) => operand.sync);
  const right = value.sync;
  if (right && direct.every((operand) => operand !== undefined)) {
    return sync((frame) => {
      const operands = direct.map((operand) => operand(frame));
      return apply(operands, right(frame), frame);
    });
  }
  const assign = (operands: readonly Value[], frame: Frame): Value | Waiting<Value> => {
    const given = value.soon(frame);
    return given instanceof Waiting
      ? given.after((late) => apply(operands, late, frame))
      : apply(operands, given, frame);
  };
  return soon((frame) => {
    const operands = valuesOf(target.operands, frame);
    return operands instanceof Waiting ? operands.after((late) => assign(late, frame)) : assign(operands, frame);
  });
};
