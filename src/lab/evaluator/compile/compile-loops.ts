import { textOf } from '../../../powershell/source.ts';
import type { ForEachStatement, ForStatement, IfStatement, LoopStatement } from '../../../powershell/syntax-tree.ts';
import { sequenceOf } from '../conversion/items.ts';
import { isTrue } from '../conversion/truth.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { LoopSignal, meansLoop } from '../signals.ts';
import type { Value } from '../value.ts';
import type { Code } from './code.ts';
import { run, task } from './code.ts';
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
  return task(function* (frame) {
    for (const { condition, block } of clauses) {
      const value = condition.sync ? condition.sync(frame) : yield* condition.task(frame);
      if (isTrue(value)) return yield* run(block, frame);
    }
    if (otherwise) yield* run(otherwise, frame);
    return undefined;
  });
};

/** Runs a loop's block once; false means that the loop ends. */
function* runBody(block: Code, frame: Frame, label: string | undefined): Task<boolean> {
  if (frame.session.tick()) yield undefined;
  try {
    if (block.sync) block.sync(frame);
    else yield* block.task(frame);
    return true;
  } catch (signal) {
    if (!(signal instanceof LoopSignal) || !meansLoop(signal, label)) throw signal;
    return signal.kind === 'continue';
  }
}

/** `while`, `do … while`, `do … until`. */
export const compileLoop = (compiler: Compiler, node: LoopStatement): Code => {
  const condition = compiler.value(node.condition);
  const block = compiler.block(node.block);
  const { label, kind } = node;
  return task(function* (frame) {
    if (kind !== 'while' && !(yield* runBody(block, frame, label))) return undefined;
    for (;;) {
      if (frame.session.tick()) yield undefined;
      const value = condition.sync ? condition.sync(frame) : yield* condition.task(frame);
      if (isTrue(value) === (kind === 'doUntil')) return undefined;
      if (!(yield* runBody(block, frame, label))) return undefined;
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
      if (condition && !isTrue(condition.sync ? condition.sync(frame) : yield* condition.task(frame))) return undefined;
      if (!(yield* runBody(block, frame, node.label))) return undefined;
      if (iterate?.sync) iterate.sync(frame);
      else if (iterate) yield* iterate.task(frame);
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
      if (!(yield* runBody(block, frame, node.label))) break;
    }
    if (usesEnumerator) frame.scope.put('foreach', null);
    return undefined;
  });
};
