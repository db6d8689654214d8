import type { Block, Span, TrapStatement } from '../../../powershell/syntax-tree.ts';
import { PowerShellError } from '../define.ts';
import { noteFaultPlace } from '../errors/fault-place.ts';
import { normalizeError } from '../errors/normalize.ts';
import { errorPreference } from '../errors/preference.ts';
import { emitError, locate } from '../errors/report.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { LoopSignal } from '../signals.ts';
import { CollectingPipe } from '../streams.ts';
import type { Code } from './code.ts';
import { run, task } from './code.ts';
import { matchesCatch, withCaught } from './compile-try.ts';
import type { Compiler } from './compiler.ts';

type Trap = { readonly type: ((frame: Frame) => string) | undefined; readonly code: Code };

function* runTrap(
  error: PowerShellError,
  traps: readonly Trap[],
  frame: Frame,
): Task<'continue' | 'report' | undefined> {
  const trap = traps.find(({ type }) => !type || matchesCatch(error.record, type(frame), frame) !== undefined);
  if (!trap) return undefined;
  frame.session.remember(error.record);
  // A trap sees the exception at the bottom of the one that PowerShell made of it.
  const { inner } = error.record.exception;
  const seen = inner ? { ...error.record, exception: inner } : error.record;
  try {
    yield* withCaught(frame, seen, () => run(trap.code, frame));
  } catch (signal) {
    if (signal instanceof LoopSignal && signal.kind === 'continue') return 'continue';
    if (signal instanceof LoopSignal) throw error;
    throw signal;
  }
  return 'report';
}

/** What becomes of an error that a statement threw: up to a `try`, or reported and the next statement runs. */
function* handleError(thrown: unknown, frame: Frame, span: Span, traps: readonly Trap[]): Task<void> {
  const error = normalizeError(thrown);
  if (!(error instanceof PowerShellError)) {
    if (error instanceof Error) noteFaultPlace(error, frame.call, span);
    throw error;
  }
  const { session } = frame;
  locate(error.record, frame, span);
  session.ok = false;
  if (traps.length > 0) {
    const outcome = yield* runTrap(error, traps, frame);
    if (outcome === 'continue') return;
    if (outcome === 'report') {
      const work = emitError(frame, error.record);
      if (work) yield* work;
      return;
    }
  }
  if (session.guarded > 0) throw error;
  const action = errorPreference(frame.scope);
  if (action === 'Ignore') return;
  if (action === 'SilentlyContinue') {
    const silent = emitError(frame, error.record, true);
    if (silent) yield* silent;
    return;
  }
  if (error.endsScript) throw error;
  if (action === 'Stop') throw new PowerShellError(error.record, true);
  const work = emitError(frame, error.record);
  if (work) yield* work;
}

const compileTraps = (compiler: Compiler, node: Block): Trap[] =>
  node.statements
    .filter((statement): statement is TrapStatement => statement.kind === 'trap')
    .map((trap) => ({ type: trap.type && compiler.type(trap.type), code: compileBlock(compiler, trap.block) }));

/** Statements in order; the error of one does not end the others unless something around says so. */
export const compileBlock = (compiler: Compiler, node: Block): Code => {
  const traps = compileTraps(compiler, node);
  const parts = node.statements.map((statement) => ({ code: compiler.statement(statement), span: statement }));
  return task(function* (frame) {
    const { session, call } = frame;
    if (traps.length > 0) session.guarded++;
    try {
      for (const { code, span } of parts) {
        session.frame = frame;
        call.at = span;
        try {
          if (session.tick()) yield undefined;
          if (code.sync) code.sync(frame);
          else yield* code.task(frame);
        } catch (error) {
          if (traps.length > 0) session.guarded--;
          try {
            yield* handleError(error, frame, span, traps);
          } finally {
            if (traps.length > 0) session.guarded++;
          }
        }
      }
    } finally {
      if (traps.length > 0) session.guarded--;
    }
    return undefined;
  });
};

/** The values that statements write, as array. */
export const compileCollect = (compiler: Compiler, node: Block): Code => {
  const block = compiler.block(node);
  return task(function* (frame) {
    const pipe = new CollectingPipe();
    yield* run(block, frame.withOutput(pipe));
    return pipe.items;
  });
};
