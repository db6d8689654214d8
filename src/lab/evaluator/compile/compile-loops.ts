import { textOf } from '../../../powershell/source.ts';
import type { ForEachStatement, ForStatement, IfStatement, LoopStatement } from '../../../powershell/syntax-tree.ts';
import { sequenceOf } from '../conversion/items.ts';
import { isTrue } from '../conversion/truth.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { LoopSignal, meansLoop } from '../signals.ts';
import type { Value } from '../value.ts';
import { Waiting } from '../waiting.ts';
import type { Code } from './code.ts';
import { pauseBefore, run, soon, task } from './code.ts';
import { compileRange, onlyExpression } from './compile-range.ts';
import { setVariable } from './compile-variable.ts';
import type { Compiler } from './compiler.ts';
import type { Enumerator } from './enumerator.ts';
import { currentOf, enumeratorOf, enumeratorValue, moveNext } from './enumerator.ts';

/** `if … elseif … else`. */
export const compileIf = (compiler: Compiler, node: IfStatement): Code => {
  const clauses = node.clauses.map(({ condition, block }) => ({
    condition: compiler.value(condition),
    block: compiler.block(block),
  }));
  const otherwise = node.otherwise && compiler.block(node.otherwise);
  const from = (first: number, frame: Frame): Value | Waiting<Value> => {
    for (let i = first; ; i++) {
      const clause = clauses[i];
      if (!clause) return otherwise?.soon(frame);
      const value = clause.condition.soon(frame);
      if (value instanceof Waiting)
        return value.after((late) => (isTrue(late) ? clause.block.soon(frame) : from(i + 1, frame)));
      if (isTrue(value)) return clause.block.soon(frame);
    }
  };
  return soon((frame) => from(0, frame));
};

/** Whether a loop goes on after what ended its block. */
const goesOn = (signal: unknown, label: string | undefined): boolean => {
  if (!(signal instanceof LoopSignal) || !meansLoop(signal, label)) throw signal;
  return signal.kind === 'continue';
};

/** Runs a loop's block once; false means that the loop ends. */
const runBody = (block: Code, frame: Frame, label: string | undefined): boolean | Task<boolean> => {
  if (frame.session.tick()) return restOfBody(pauseBefore(block, frame), label);
  try {
    const done = block.soon(frame);
    return done instanceof Waiting ? restOfBody(done.task, label) : true;
  } catch (signal) {
    return goesOn(signal, label);
  }
};

function* restOfBody(work: Task<Value>, label: string | undefined): Task<boolean> {
  try {
    yield* work;
    return true;
  } catch (signal) {
    return goesOn(signal, label);
  }
}

/** `while`, `do … while`, `do … until`. */
export const compileLoop = (compiler: Compiler, node: LoopStatement): Code => {
  const condition = compiler.value(node.condition);
  const block = compiler.block(node.block);
  const { label, kind } = node;
  return task(function* (frame) {
    let goes = kind === 'while' || runBody(block, frame, label);
    if (typeof goes === 'boolean' ? !goes : !(yield* goes)) return undefined;
    for (;;) {
      if (frame.session.tick()) yield undefined;
      const value = condition.soon(frame);
      if (isTrue(value instanceof Waiting ? yield* value.task : value) === (kind === 'doUntil')) return undefined;
      goes = runBody(block, frame, label);
      if (typeof goes === 'boolean' ? !goes : !(yield* goes)) return undefined;
    }
  });
};

/** `for (…; …; …)`. */
export const compileFor = (compiler: Compiler, node: ForStatement): Code => {
  const initial = node.initial && compiler.value(node.initial);
  const condition = node.condition && compiler.value(node.condition);
  const iterate = node.iterate && compiler.value(node.iterate);
  const block = compiler.block(node.block);
  return task(function* (frame) {
    if (initial) yield* run(initial, frame);
    for (;;) {
      const value = condition?.soon(frame);
      if (condition && !isTrue(value instanceof Waiting ? yield* value.task : value)) return undefined;
      const goes = runBody(block, frame, node.label);
      if (typeof goes === 'boolean' ? !goes : !(yield* goes)) return undefined;
      const stepped = iterate?.soon(frame);
      if (stepped instanceof Waiting) yield* stepped.task;
    }
  });
};

/** `foreach ($x in …)`. */
export const compileForEach = (compiler: Compiler, node: ForEachStatement): Code => {
  const source = compiler.value(node.source);
  const range = compileRange(compiler, onlyExpression(node.source));
  const block = compiler.block(node.block);
  const { name, scope } = node.variable;
  const usesEnumerator = /\$\{?foreach\b/i.test(textOf(compiler.source, node.block));
  return task(function* (frame) {
    let enumerator: Enumerator;
    if (range) enumerator = enumeratorOf(null, yield* range(frame));
    else {
      const value: Value = yield* run(source, frame);
      if (value === undefined || value === null) return undefined;
      enumerator = enumeratorOf(value, sequenceOf(value) ?? [value]);
    }
    if (usesEnumerator) frame.scope.put('foreach', enumeratorValue(enumerator));
    while (moveNext(enumerator)) {
      setVariable(frame, scope, name, currentOf(enumerator));
      const goes = runBody(block, frame, node.label);
      if (typeof goes === 'boolean' ? !goes : !(yield* goes)) break;
    }
    if (usesEnumerator) frame.scope.put('foreach', null);
    return undefined;
  });
};
