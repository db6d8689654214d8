import type { Block, Span, TrapStatement } from '../../../powershell/syntax-tree.ts';
import { PowerShellError } from '../define.ts';
import { noteFaultPlace } from '../errors/fault-place.ts';
import { normalizeError } from '../errors/normalize.ts';
import { errorPreference } from '../errors/preference.ts';
import { emitError, locate } from '../errors/report.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { LoopSignal, ReturnSignal } from '../signals.ts';
import { CollectingPipe } from '../streams.ts';
import { beginWork, Waiting } from '../waiting.ts';
import type { Code } from './code.ts';
import { pauseBefore, run, soon, task } from './code.ts';
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
  if (traps.length > 0) return withTraps(parts, traps);
  return soon((frame) => {
    const stop = runFrom(parts, 0, frame);
    return stop && new Waiting(goOn(parts, stop, frame));
  });
};

type Part = { readonly code: Code; readonly span: Span };

/** Where statements came to a wait: how many of them were begun, and what is left of the last. */
type Stop = {
  readonly begun: number;
  readonly work: Task<unknown>;
  readonly span: Span;
  /** The work is that of an error's report: its own errors go up. */
  readonly isReport?: true;
};

/** Runs statements from one on, up to the first wait. */
const runFrom = (parts: readonly Part[], first: number, frame: Frame): Stop | undefined => {
  const { session, call } = frame;
  for (let i = first; i < parts.length; i++) {
    const part = parts[i];
    if (part === undefined) break;
    const { code, span } = part;
    session.frame = frame;
    call.at = span;
    try {
      if (session.tick()) return { begun: i + 1, work: pauseBefore(code, frame), span };
      const done = code.soon(frame);
      if (done instanceof Waiting) return { begun: i + 1, work: done.task, span };
    } catch (error) {
      // What leaves the block by `return`, `break` or `continue` is no error.
      if (error instanceof ReturnSignal || error instanceof LoopSignal) throw error;
      const work = beginWork(handleError(error, frame, span, noTraps));
      if (work) return { begun: i + 1, work, span, isReport: true };
    }
  }
  return undefined;
};

const noTraps: readonly Trap[] = [];

function* goOn(parts: readonly Part[], stop: Stop, frame: Frame): Task<undefined> {
  for (let at: Stop | undefined = stop; at; at = runFrom(parts, at.begun, frame)) {
    const { work, span, isReport } = at;
    try {
      yield* work;
    } catch (error) {
      if (isReport) throw error;
      yield* handleError(error, frame, span, noTraps);
    }
  }
  return undefined;
}

/** Statements whose errors go to a `trap` of their block first. */
const withTraps = (parts: readonly Part[], traps: readonly Trap[]): Code =>
  task(function* (frame) {
    const { session, call } = frame;
    session.guarded++;
    try {
      for (const { code, span } of parts) {
        session.frame = frame;
        call.at = span;
        try {
          if (session.tick()) yield undefined;
          yield* run(code, frame);
        } catch (error) {
          session.guarded--;
          try {
            yield* handleError(error, frame, span, traps);
          } finally {
            session.guarded++;
          }
        }
      }
    } finally {
      session.guarded--;
    }
    return undefined;
  });

/** The values that statements write, as array. */
export const compileCollect = (compiler: Compiler, node: Block): Code => {
  const block = compiler.block(node);
  return soon((frame) => {
    const pipe = new CollectingPipe();
    const done = block.soon(frame.withOutput(pipe));
    return done instanceof Waiting ? done.after(() => pipe.items) : pipe.items;
  });
};
