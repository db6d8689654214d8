import { isTask } from '../compile/code.ts';
import { convert } from '../conversion/convert.ts';
import { enumerate } from '../conversion/items.ts';
import { isTrue } from '../conversion/truth.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { list } from '../make.ts';
import { resolveTypeText } from '../type-names.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { findMethod } from './definitions.ts';
import { getMember } from './get-member.ts';
import { isUniversal } from './universal-methods.ts';

/** How a method of an element is called. */
type Call = (target: Value, name: string, args: Value[], frame: Frame) => Value | Task<Value>;

const modes = ['Default', 'First', 'Last', 'SkipUntil', 'Until', 'Split'] as const;

const collection = (items: Value[]): Value =>
  list(items, 'System.Collections.ObjectModel.Collection', 'System.Management.Automation.PSObject');

const pick = (mode: (typeof modes)[number], items: Value[], truths: boolean[], count: number): Value => {
  const matching = items.filter((_item, i) => truths[i]);
  const at = truths.indexOf(true);
  switch (mode) {
    case 'Default':
      return collection(count > 0 ? matching.slice(0, count) : matching);
    case 'First':
      return collection(matching.slice(0, Math.max(1, count)));
    case 'Last':
      return collection(matching.slice(-Math.max(1, count)));
    case 'Until':
      return collection(at === -1 ? items : items.slice(0, at));
    case 'SkipUntil':
      return collection(at === -1 ? [] : items.slice(at));
    case 'Split':
      return [collection(matching), collection(items.filter((_item, i) => !truths[i]))];
  }
};

function* where(target: Value, args: Value[], frame: Frame): Task<Value> {
  const [script, modeArgument, countArgument] = args;
  const mode =
    modes.find((name) => name.toLowerCase() === frame.context.text(modeArgument ?? 'Default').toLowerCase()) ??
    'Default';
  const count = countArgument === undefined ? 0 : Number(convert(countArgument, 'System.Int32', frame.session));
  const items = enumerate(target);
  const truths: boolean[] = [];
  const stopsEarly = mode === 'First' || mode === 'Until' || mode === 'SkipUntil';
  let found = 0;
  for (const item of items) {
    if (isBoxed(script) && script.kind === 'scriptblock') {
      const output = yield* frame.context.invoke(script, [item], { underscore: item });
      truths.push(isTrue(output.length > 1 ? output : output[0]));
    } else truths.push(isTrue(getMember(item, frame.context.text(script), frame)));
    if (truths.at(-1)) found++;
    if (stopsEarly && found >= Math.max(1, count)) break;
  }
  return pick(mode, items, truths, count);
}

function* forEach(target: Value, args: Value[], frame: Frame, call: Call): Task<Value> {
  const [action, ...rest] = args;
  const output: Value[] = [];
  for (const item of enumerate(target)) {
    if (isBoxed(action) && action.kind === 'scriptblock')
      output.push(...(yield* frame.context.invoke(action, rest, { underscore: item })));
    else if (isBoxed(action) && action.kind === 'type') output.push(convert(item, action.name, frame.session));
    else {
      const name = frame.context.text(action);
      const type = resolveTypeText(frame.session.registry, name);
      if (type !== undefined && /^\[|\./.test(name)) output.push(convert(item, type, frame.session));
      else if (
        rest.length > 0 ||
        isUniversal(name.toLowerCase()) ||
        findMethod(frame.session.registry, item, name.toLowerCase())
      ) {
        const result = call(item, name, rest, frame);
        output.push(...enumerate(isTask(result) ? yield* result : result));
      } else output.push(getMember(item, name, frame));
    }
  }
  return collection(output);
}

/** `.Where(…)` and `.ForEach(…)`; undefined for other names. */
export const collectionMethod = (
  target: Value,
  lower: string,
  args: Value[],
  frame: Frame,
  call: Call,
): Task<Value> | undefined => {
  if (lower === 'where') return where(target, args, frame);
  if (lower === 'foreach') return forEach(target, args, frame, call);
  return undefined;
};
