import { classOf } from '../classes/script-class.ts';
import { isTask } from '../compile/code.ts';
import { itemsOf } from '../conversion/items.ts';
import { NetError, PowerShellError } from '../define.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { spendOn } from '../limit.ts';
import { toValue } from '../make.ts';
import { raise, runtimeError } from '../raise.ts';
import { genericParts, typeChain } from '../type-names.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';
import { takesCount } from './arities.ts';
import { collectionMethod } from './collection-methods.ts';
import { definitionOf, findMethod, findProperty, membersOf, stateOfValue, takes } from './definitions.ts';
import { getIndex, setIndex } from './index-access.ts';
import { callUniversal, isUniversal, overload } from './universal-methods.ts';
import { isFullyKnown, isUnsimulated } from './unsimulated.ts';

// An argument that does not convert is a fault of the call.
const isCast = ({ record }: PowerShellError): boolean =>
  record.category === 'InvalidArgument' && /^(InvalidCast|ConvertToFinal|nullTo)/.test(record.id);

/** Turns what a .NET method throws into PowerShell's MethodInvocationException. */
export const wrapNet = (error: unknown, name: string, count: number): unknown => {
  if (error instanceof PowerShellError && isCast(error)) {
    return runtimeError({
      id: 'MethodArgumentConversionInvalidCastArgument',
      message: `Cannot convert an argument for "${name}": "${error.message}"`,
      category: 'NotSpecified',
      type: 'System.Management.Automation.MethodException',
      inner: error.record.exception,
    });
  }
  if (!(error instanceof NetError)) return error;
  const inner = error.exception;
  return runtimeError({
    id: inner.type.slice(inner.type.lastIndexOf('.') + 1),
    message: `Exception calling "${name}" with "${count}" argument(s): "${inner.message}"`,
    category: 'NotSpecified',
    type: 'System.Management.Automation.MethodInvocationException',
    inner,
  });
};

/** Runs a method body, wrapping what it throws. */
export function* guardNet(work: Task<Value>, name: string, count: number): Task<Value> {
  try {
    return toValue(yield* work);
  } catch (error) {
    throw wrapNet(error, name, count);
  }
}

/** Calls and wraps: a plain result stays plain. */
export const guarded = (call: () => Value | Task<Value>, name: string, count: number): Value | Task<Value> => {
  try {
    const result = call();
    if (isTask(result)) return guardNet(result, name, count);
    const value = toValue(result);
    spendOn(value);
    return value;
  } catch (error) {
    throw wrapNet(error, name, count);
  }
};

/** Methods that go through all items of what they belong to. */
const wholesale =
  /^(?:sort|reverse|indexof|lastindexof|contains|remove|removeat|insert|insertrange|toarray|clone|copyto)$/;

/** Counts the work of a method by the size of what it works on. */
const spendOnTarget = (target: Value, lower: string): void => {
  if (typeof target === 'string') spendOn(target);
  else if (typeof target === 'object' && wholesale.test(lower))
    spendOn(target instanceof Uint8Array ? target : itemsOf(target));
};

/** "does not contain a method named". */
export const methodNotFound = (type: string, name: string): never =>
  raise({
    id: 'MethodNotFound',
    message: `Method invocation failed because [${type}] does not contain a method named '${name}'.`,
  });

function* callOnEach(items: readonly Value[], name: string, args: Value[], frame: Frame): Task<Value> {
  const results: Value[] = [];
  for (const item of items) {
    const result = callMethod(item, name, args, frame);
    const value = isTask(result) ? yield* result : result;
    if (value !== undefined) results.push(...(itemsOf(value) ?? [value]));
  }
  return results.length === 0 ? undefined : results.length === 1 ? results[0] : results;
}

function* firstOf(work: Task<Value[]>): Task<Value> {
  const output = yield* work;
  return output.length > 1 ? output : output[0];
}

const missing = (target: Value, name: string, args: Value[], frame: Frame): Value | Task<Value> => {
  const type = typeNameOf(target) ?? '';
  const chain = typeChain(frame.session.registry, type).map((one) => genericParts(one).name);
  if (isUnsimulated(chain, name.toLowerCase())) return frame.context.unsupported(`the method ${type}.${name}()`);
  const items = itemsOf(target);
  if (items && items.length > 0) return callOnEach(items, name, args, frame);
  // A simulated object may lack what the real one has.
  const isOwn = classOf(definitionOf(frame.session.registry, target)) !== undefined;
  if (isBoxed(target) && target.kind === 'instance' && !isFullyKnown(type) && !isOwn)
    return frame.context.unsupported(`[${type}].${name}()`);
  return methodNotFound(type, name);
};

/** `get_Name()` and `set_Name(value)` of a property, and `Item(index)` of an indexer; undefined for other calls. */
const accessor = (
  target: Value,
  lower: string,
  args: Value[],
  frame: Frame,
): { readonly result: Value } | undefined => {
  if (/^(get_)?(item|chars)$/.test(lower) && args.length === 1 && hasIndexer(target))
    return { result: getIndex(target, args[0], frame) ?? null };
  if (lower === 'set_item' && args.length === 2 && hasIndexer(target)) {
    setIndex(target, args[0], args[1], frame);
    return { result: undefined };
  }
  const property = /^[gs]et_./.test(lower) ? findProperty(frame.session.registry, target, lower.slice(4)) : undefined;
  if (!property) return undefined;
  const [, definition] = property;
  if (lower.startsWith('get_') && args.length === 0)
    return { result: toValue(definition.get(stateOfValue(target), frame.context)) ?? null };
  if (!lower.startsWith('set_') || args.length !== 1 || !definition.set) return undefined;
  definition.set(stateOfValue(target), args[0], frame.context);
  return { result: undefined };
};

const hasIndexer = (target: Value): boolean =>
  typeof target === 'string' ||
  (isBoxed(target) &&
    (target.kind === 'list' || target.kind === 'hashtable' || (target.kind === 'instance' && !!target.type.getItem)));

/** `$target.name(args)`. */
export const callMethod = (target: Value, name: string, args: Value[], frame: Frame): Value | Task<Value> => {
  if (target === null || target === undefined) {
    const nothing = collectionMethod([], name.toLowerCase(), args, frame, callMethod);
    if (nothing !== undefined && /^(?:where|foreach)$/i.test(name)) return nothing;
    return raise({ id: 'InvokeMethodOnNull', message: 'You cannot call a method on a null-valued expression.' });
  }
  const lower = name.toLowerCase();
  const member = membersOf(target)?.get(lower);
  if (member?.kind === 'scriptMethod') return firstOf(frame.context.invoke(member.script, args, { this: target }));
  const method = findMethod(frame.session.registry, target, lower);
  if (method) {
    if (classOf(definitionOf(frame.session.registry, target))) return method(stateOfValue(target), args, frame.context);
    const type = genericParts(typeNameOf(target) ?? '').name;
    if (!takes(method, args.length) || !takesCount(type, lower, args.length)) return overload(name, args.length);
    spendOnTarget(target, lower);
    return guarded(() => method(stateOfValue(target), args, frame.context), name, args.length);
  }
  if (isBoxed(target) && target.kind === 'exception' && lower === 'getbaseexception') {
    let inner = target;
    while (inner.inner) inner = inner.inner;
    return inner;
  }
  const accessed = accessor(target, lower, args, frame);
  if (accessed) return accessed.result;
  spendOnTarget(target, lower);
  const collection = collectionMethod(target, lower, args, frame, callMethod);
  if (collection !== undefined) return collection;
  if (isUniversal(lower)) return guarded(() => callUniversal(target, lower, args, frame.session), name, args.length);
  return missing(target, name, args, frame);
};
