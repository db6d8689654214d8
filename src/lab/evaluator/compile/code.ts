import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import type { Value } from '../value.ts';

/**
 * Compiled code: a plain function where nothing inside can call a command, method or script block (the fast path), else a generator.
 */
export type Code =
  | { readonly sync: (frame: Frame) => Value; readonly task?: undefined }
  | { readonly sync?: undefined; readonly task: (frame: Frame) => Task<Value> };

/** Code that runs at once. */
export const sync = (run: (frame: Frame) => Value): Code => ({ sync: run });

/** Code that may wait. */
export const task = (run: (frame: Frame) => Task<Value>): Code => ({ task: run });

/** Runs either form inside a generator. */
export function* run(code: Code, frame: Frame): Task<Value> {
  return code.sync ? code.sync(frame) : yield* code.task(frame);
}

/** Whether a result is work to be done rather than a value. */
export const isTask = (value: Value | void | Task<Value> | Task<void>): value is Task<Value> =>
  value !== null && typeof value === 'object' && 'next' in value && typeof value.next === 'function';

/** Code over one operand. */
export const lift = (operand: Code, apply: (value: Value, frame: Frame) => Value): Code => {
  const direct = operand.sync;
  if (direct) return sync((frame) => apply(direct(frame), frame));
  return task(function* (frame) {
    return apply(yield* operand.task(frame), frame);
  });
};

/** Code over two operands, left first. */
export const lift2 = (left: Code, right: Code, apply: (a: Value, b: Value, frame: Frame) => Value): Code => {
  const [a, b] = [left.sync, right.sync];
  if (a && b) return sync((frame) => apply(a(frame), b(frame), frame));
  return task(function* (frame) {
    const x = left.sync ? left.sync(frame) : yield* left.task(frame);
    const y = right.sync ? right.sync(frame) : yield* right.task(frame);
    return apply(x, y, frame);
  });
};

/** Code over many operands, in order. */
export const liftAll = (operands: readonly Code[], apply: (values: Value[], frame: Frame) => Value): Code => {
  const direct = operands.map((operand) => operand.sync);
  if (direct.every((operand) => operand !== undefined)) {
    return sync((frame) =>
      apply(
        direct.map((operand) => operand(frame)),
        frame,
      ),
    );
  }
  return task(function* (frame) {
    const values: Value[] = [];
    for (const operand of operands) values.push(operand.sync ? operand.sync(frame) : yield* operand.task(frame));
    return apply(values, frame);
  });
};
