import { textOf } from '../../../powershell/source.ts';
import type { SwitchStatement } from '../../../powershell/syntax-tree.ts';
import { itemsOf } from '../conversion/items.ts';
import { toText } from '../conversion/to-text.ts';
import { isTrue } from '../conversion/truth.ts';
import { PowerShellError } from '../define.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { like } from '../matching/wildcard.ts';
import { equals } from '../operators/compare.ts';
import { makeRegex } from '../operators/regex.ts';
import { matchFrom } from '../operators/regex-use.ts';
import { matchTable } from '../operators/text-operators.ts';
import { raise } from '../raise.ts';
import { LoopSignal, meansLoop } from '../signals.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import type { Code } from './code.ts';
import { run, task } from './code.ts';
import type { Compiler } from './compiler.ts';
import { currentOf, enumeratorOf, enumeratorValue, moveNext } from './enumerator.ts';

type Options = Pick<SwitchStatement, 'match' | 'caseSensitive'>;

function* clauseMatches(condition: Value, item: Value, frame: Frame, { match, caseSensitive }: Options): Task<boolean> {
  if (isBoxed(condition) && condition.kind === 'scriptblock') {
    const output = yield* frame.context.invoke(condition, [item], { underscore: item });
    return isTrue(output.length > 1 ? output : output[0]);
  }
  const text = toText(item, frame.session);
  if (match === 'wildcard') return like(text, toText(condition, frame.session), caseSensitive);
  if (match === 'regex') {
    const regex = makeRegex(toText(condition, frame.session), { ignoreCase: !caseSensitive });
    const found = matchFrom(regex, text, 0);
    if (found) frame.scope.put('Matches', matchTable(regex, found));
    return found !== null;
  }
  // Both are compared as texts, whatever they are.
  return equals(text, toText(condition, frame.session), frame.session, { caseSensitive });
}

type Clause = { readonly condition: Code; readonly block: Code };

/** Runs all clauses that fit; false ends the switch. */
function* runClauses(
  clauses: readonly Clause[],
  otherwise: Code | undefined,
  item: Value,
  frame: Frame,
  options: Options,
  label: string | undefined,
): Task<boolean> {
  try {
    let matched = false;
    for (const { condition, block } of clauses) {
      if (!(yield* clauseMatches(yield* run(condition, frame), item, frame, options))) continue;
      matched = true;
      frame.scope.put('_', item);
      yield* run(block, frame);
    }
    if (!matched && otherwise) yield* run(otherwise, frame);
    return true;
  } catch (signal) {
    if (!(signal instanceof LoopSignal) || !meansLoop(signal, label)) throw signal;
    return signal.kind === 'continue';
  }
}

/** The lines of the file of `switch -File`, read as Get-Content reads them. */
const linesOf = (file: Code): Code =>
  task(function* (frame) {
    const path = toText(yield* run(file, frame), frame.session);
    try {
      return yield* frame.context.call('Get-Content', { Path: path, ErrorAction: 'Stop' });
    } catch (error) {
      if (!(error instanceof PowerShellError) || !error.record.id.startsWith('PathNotFound')) throw error;
      return raise({
        id: 'PathNotFound',
        message: error.record.exception.message,
        category: 'ObjectNotFound',
        target: path,
        type: 'System.Management.Automation.ItemNotFoundException',
      });
    }
  });

/** `switch`. */
export const compileSwitch = (compiler: Compiler, node: SwitchStatement): Code => {
  const source = node.file ? linesOf(compiler.expression(node.file)) : node.source && compiler.value(node.source);
  if (!source) return compiler.unsupported('a switch without a value', node.start);
  const clauses = node.clauses.map(({ condition, block }) => ({
    condition: compiler.expression(condition),
    block: compiler.block(block),
  }));
  const usesEnumerator = /\$\{?switch\b/i.test(textOf(compiler.source, node));
  const otherwise = node.otherwise && compiler.block(node.otherwise);
  return task(function* (frame) {
    const value: Value = yield* run(source, frame);
    const items = value === undefined ? [] : (itemsOf(value) ?? [value]);
    const { scope } = frame;
    const had = scope.own('_') !== undefined;
    const before = scope.own('_')?.value;
    try {
      const enumerator = enumeratorOf(value, items);
      if (usesEnumerator) scope.put('switch', enumeratorValue(enumerator));
      while (moveNext(enumerator)) {
        const item = currentOf(enumerator);
        if (frame.session.tick()) yield undefined;
        scope.put('_', item);
        if (!(yield* runClauses(clauses, otherwise, item, frame, node, node.label))) return undefined;
      }
    } finally {
      if (had) scope.put('_', before);
      else scope.remove('_');
    }
    return undefined;
  });
};
