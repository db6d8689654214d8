import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import type { Value } from '../value.ts';
import { begin, Waiting } from '../waiting.ts';

/**
 * Compiled code. It runs as plain functions as far as it goes; only where something has to wait, what is left of it is given back as a
 * task.
 */
export type Code = {
  /** Set where nothing inside can call a command, method or script block: it never waits. */
  readonly sync?: (frame: Frame) => Value;
  readonly soon: (frame: Frame) => Value | Waiting<Value>;
};

/** Code that runs at once. */
export const sync = (run: (frame: Frame) => Value): Code => ({ sync: run, soon: run });

/** Code that may wait. */
export const soon = (run: Code['soon']): Code => ({ soon: run });

/** Code that may wait, written as a task. */
export const task = (run: (frame: Frame) => Task<Value>): Code => ({ soon: (frame) => begin(run(frame)) });

/** Runs code inside a generator. */
export function* run(code: Code, frame: Frame): Task<Value> {
  const value = code.soon(frame);
  return value instanceof Waiting ? yield* value.task : value;
}

/** Runs code after a pause. */
export function* pauseBefore(code: Code, frame: Frame): Task<Value> {
  yield undefined;
  return yield* run(code, frame);
}

/** Whether a result is work to be done rather than a value. */
export const isTask = (value: Value | void | Task<Value> | Task<void>): value is Task<Value> =>
  value !== null && typeof value === 'object' && 'next' in value && typeof value.next === 'function';

/** Code over one operand. */
export const lift = (operand: Code, apply: (value: Value, frame: Frame) => Value): Code => {
  const direct = operand.sync;
  if (direct) return sync((frame) => apply(direct(frame), frame));
  return soon((frame) => {
    const value = operand.soon(frame);
    return value instanceof Waiting ? value.after((late) => apply(late, frame)) : apply(value, frame);
  });
};

/** Code over two operands, left first. */
export const lift2 = (left: Code, right: Code, apply: (a: Value, b: Value, frame: Frame) => Value): Code => {
  const [a, b] = [left.sync, right.sync];
  if (a && b) return sync((frame) => apply(a(frame), b(frame), frame));
  const withLeft = (x: Value, frame: Frame): Value | Waiting<Value> => {
    const y = right.soon(frame);
    return y instanceof Waiting ? y.after((late) => apply(x, late, frame)) : apply(x, y, frame);
  };
  return soon((frame) => {
    const x = left.soon(frame);
    return x instanceof Waiting ? x.after((late) => withLeft(late, frame)) : withLeft(x, frame);
  });
};

/** The values of codes in order. */
export const valuesOf = (codes: readonly Code[], frame: Frame): Value[] | Waiting<Value[]> =>
  valuesFrom([], codes, frame);

const valuesFrom = (values: Value[], codes: readonly Code[], frame: Frame): Value[] | Waiting<Value[]> => {
  for (let i = values.length; i < codes.length; i++) {
    const value = codes[i]?.soon(frame);
    if (value instanceof Waiting)
      return value.after((late) => {
        values.push(late);
        return valuesFrom(values, codes, frame);
      });
    values.push(value);
  }
  return values;
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
  return soon((frame) => {
    const values = valuesOf(operands, frame);
    return values instanceof Waiting ? values.after((late) => apply(late, frame)) : apply(values, frame);
  });
};
