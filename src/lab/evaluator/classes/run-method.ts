import { run } from '../compile/code.ts';
import { convertForVariable } from '../compile/compile-target.ts';
import { convert } from '../conversion/convert.ts';
import { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { Scope } from '../scope.ts';
import { ReturnSignal } from '../signals.ts';
import { nullPipe } from '../streams.ts';
import type { Value } from '../value.ts';
import { chooseOverload, convertArguments } from './choose-overload.ts';
import type { ClassMethod } from './script-class.ts';

/**
 * Runs something in the scope of a method: errors of its statements go up to the caller, what it writes goes nowhere.
 * @param self `$this`; undefined for a static method
 */
export function* insideMethod(
  method: Pick<ClassMethod, 'name' | 'parameters' | 'source'>,
  self: Value,
  values: readonly Value[],
  caller: Frame,
  work: (frame: Frame) => Task<unknown>,
): Task<Value> {
  const { session } = caller;
  const scope = new Scope(caller.scope);
  const call = { name: method.name, source: method.source, invocation: undefined, caller: caller.call, at: undefined };
  const returns: { value: Value } = { value: null };
  const frame = new Frame(session, scope, nullPipe, caller.streams, call, returns);
  for (const [i, { name, type }] of method.parameters.entries()) {
    const variable = scope.put(name, values[i] ?? null);
    if (type !== undefined && type !== 'System.Object')
      variable.constraint = (next) => convertForVariable(next, type, frame);
  }
  if (self !== undefined) scope.put('this', self);
  const before = session.frame;
  const { guarded } = session;
  session.enter();
  session.guarded++;
  try {
    yield* work(frame);
  } catch (signal) {
    if (!(signal instanceof ReturnSignal)) throw signal;
  } finally {
    session.leave();
    session.guarded = guarded;
    session.frame = before;
  }
  return returns.value;
}

/** Calls the overload of a method that fits the arguments. */
export function* runMethod(
  overloads: readonly ClassMethod[],
  name: string,
  self: Value,
  args: readonly Value[],
  caller: Frame,
): Task<Value> {
  const method = chooseOverload(overloads, name, args, caller.session);
  const values = convertArguments(method, name, args, caller.session);
  const value = yield* insideMethod(method, self, values, caller, (frame) => run(method.body, frame));
  if (method.returns === undefined) return undefined;
  return convert(value, method.returns, caller.session);
}
