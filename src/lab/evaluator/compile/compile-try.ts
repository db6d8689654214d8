import type { TryStatement } from '../../../powershell/syntax-tree.ts';
import { PowerShellError } from '../define.ts';
import { normalizeError } from '../errors/normalize.ts';
import { locate } from '../errors/report.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { isOfType } from '../type-names.ts';
import type { ErrorRecord, Value } from '../value.ts';
import { begin, Waiting } from '../waiting.ts';
import type { Code } from './code.ts';
import { run, soon, task } from './code.ts';
import type { Compiler } from './compiler.ts';

const runtimeException = 'System.Management.Automation.RuntimeException';

/**
 * The record that a catch of this type sees; undefined if it does not match. What PowerShell itself made around a .NET exception (that
 * of a method, of a division) is caught by the type of the inner one too; an exception's own inner exception counts for nothing.
 */
export const matchesCatch = (record: ErrorRecord, type: string, frame: Frame): ErrorRecord | undefined =>
  facesOf(record, frame).find(({ exception }) => isOfType(frame.session.registry, exception, type));

/** What is looked at for a catch, in this order. */
const facesOf = (record: ErrorRecord, frame: Frame): ErrorRecord[] => {
  const { exception } = record;
  return exception.inner && isOfType(frame.session.registry, exception, runtimeException)
    ? [{ ...record, exception: exception.inner }, record]
    : [record];
};

/** Runs something with `$_` set to the caught error. */
export function* withCaught(frame: Frame, record: ErrorRecord, work: () => Task<Value>): Task<Value> {
  const { scope } = frame;
  const before = scope.own('_')?.value;
  const had = scope.own('_') !== undefined;
  const outer = scope.own('__caught')?.value;
  scope.put('_', record);
  scope.put('__caught', record);
  try {
    return yield* work();
  } finally {
    if (had) scope.put('_', before);
    else scope.remove('_');
    if (outer === undefined) scope.remove('__caught');
    else scope.put('__caught', outer);
  }
}

type Catch = { readonly types: readonly ((frame: Frame) => string)[]; readonly code: Code };

const findCatch = (
  catches: readonly Catch[],
  record: ErrorRecord,
  frame: Frame,
): { code: Code; record: ErrorRecord } | undefined => {
  const { registry } = frame.session;
  for (const face of facesOf(record, frame)) {
    const found = catches.find(({ types }) => types.some((type) => isOfType(registry, face.exception, type(frame))));
    if (found) return { code: found.code, record: face };
  }
  // Whatever is thrown travels as a RuntimeException.
  const last = catches.find(
    ({ types }) => types.length === 0 || types.some((type) => type(frame) === runtimeException),
  );
  return last && { code: last.code, record };
};

/** What a session counted when a `try` began. */
type Before = { readonly guarded: number; readonly depth: number };

/** `try … catch … finally`. */
export const compileTry = (compiler: Compiler, node: TryStatement): Code => {
  const block = compiler.block(node.block);
  const catches: Catch[] = node.catches.map((one) => ({
    types: one.types.map((type) => compiler.type(type)),
    code: compiler.block(one.block),
  }));
  const last = node.finally && compiler.block(node.finally);
  const guards = catches.length > 0;
  const caught = function* (thrown: unknown, before: Before, frame: Frame): Task<undefined> {
    const { session } = frame;
    session.guarded = before.guarded;
    session.depth = before.depth;
    const error = normalizeError(thrown);
    if (!(error instanceof PowerShellError)) throw error;
    locate(error.record, frame, node.block);
    session.remember(error.record);
    session.frame = frame;
    const found = findCatch(catches, error.record, frame);
    if (!found) throw error;
    // An error in a catch ends it and the whole statement.
    session.guarded++;
    try {
      yield* withCaught(frame, found.record, () => run(found.code, frame));
    } finally {
      session.guarded = before.guarded;
    }
    return undefined;
  };
  const goOn = function* (work: Task<Value>, before: Before, frame: Frame): Task<undefined> {
    try {
      yield* work;
    } catch (thrown) {
      yield* caught(thrown, before, frame);
    } finally {
      frame.session.guarded = before.guarded;
    }
    return undefined;
  };
  const body = (frame: Frame): Value | Waiting<Value> => {
    const { session } = frame;
    const before = { guarded: session.guarded, depth: session.depth };
    session.guarded++;
    try {
      const done = block.soon(frame);
      if (done instanceof Waiting) return new Waiting(goOn(done.task, before, frame));
    } catch (thrown) {
      return begin(caught(thrown, before, frame));
    }
    session.guarded = before.guarded;
    return undefined;
  };
  if (!last) return soon(body);
  const guardedBody = guards ? soon(body) : block;
  return task(function* (frame) {
    const { session } = frame;
    const { guarded } = session;
    try {
      yield* run(guardedBody, frame);
    } finally {
      session.guarded = guarded;
      session.frame = frame;
      yield* run(last, frame);
    }
    return undefined;
  });
};
