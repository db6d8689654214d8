import type { Command } from '../../../powershell/syntax-tree.ts';
import type { Argument } from '../binding/signature.ts';
import { toText } from '../conversion/to-text.ts';
import { PowerShellError } from '../define.ts';
import { invocationAt } from '../errors/report.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { raise } from '../raise.ts';
import { makeProcessor } from '../run/make-processor.ts';
import type { Processor } from '../run/processor.ts';
import type { Feed } from '../run/run-pipeline.ts';
import { runProcessors } from '../run/run-pipeline.ts';
import type { Pipe } from '../streams.ts';
import type { Value } from '../value.ts';
import { Waiting } from '../waiting.ts';
import type { Code } from './code.ts';
import type { Redirect, Redirected } from './compile-redirections.ts';

/** Evaluates one argument of a call. */
export type MakeArguments = (frame: Frame, into: Argument[]) => Task<void> | undefined;

/** A command of a pipeline as it is written. */
export type Stage = {
  readonly node: Command;
  readonly name: Code;
  readonly args: readonly MakeArguments[];
  readonly redirect: Redirect | undefined;
  /** Written as `name(a, b)`. */
  readonly likeMethod: boolean;
};

const calledLikeMethod = (): never =>
  raise({
    id: 'StrictModeFunctionCallWithParens',
    message:
      'The function or command was called as if it were a method. Parameters should be separated by spaces. For information about parameters, see the about_Parameters Help topic.',
  });

/** A pipe into the next command; values wait until that one has begun. */
class StagePipe implements Pipe {
  target: Processor | undefined;

  write(value: Value): Task<void> | undefined {
    return this.target?.process(value);
  }
}

/** A command that is not found is told at its name. */
const whereNamed = <T>({ node }: Stage, frame: Frame, make: () => T): T => {
  try {
    return make();
  } catch (error) {
    if (error instanceof PowerShellError && error.record.id === 'CommandNotFoundException')
      error.record.invocation ??= {
        ...invocationAt(frame.call, node.name),
        commandName: toText(error.record.exception.properties['CommandName'], frame.session),
      };
    throw error;
  }
};

/** A pipeline that is being set up. */
type SetUp = {
  readonly stages: readonly Stage[];
  readonly frame: Frame;
  readonly hasInput: boolean;
  readonly status: { failed: boolean };
  readonly processors: Processor[];
  readonly finishers: (() => Task<void>)[];
  pipe: StagePipe | undefined;
};

/** The arguments of a stage, from one on. */
const argumentsFrom = (
  stage: Stage,
  first: number,
  frame: Frame,
  into: Argument[],
): Argument[] | Waiting<Argument[]> => {
  const { args } = stage;
  for (let i = first; i < args.length; i++) {
    const work = args[i]?.(frame, into);
    if (work) return new Waiting(work).after(() => argumentsFrom(stage, i + 1, frame, into));
  }
  return into;
};

/** Nothing, or what is left to be done. */
export type Done = undefined | Waiting<undefined>;

/** Sets up the stages from one on. */
const setUpFrom = (setUp: SetUp, first: number): Done => {
  const { stages, frame } = setUp;
  for (let i = first; i < stages.length; i++) {
    const stage = stages[i];
    if (stage === undefined) break;
    const name = stage.name.soon(frame);
    const done =
      name instanceof Waiting ? name.after((late) => giveArguments(setUp, i, late)) : giveArguments(setUp, i, name);
    if (done) return done.after(() => setUpFrom(setUp, i + 1));
  }
  return undefined;
};

const giveArguments = (setUp: SetUp, at: number, command: Value): Done => {
  const { stages, frame } = setUp;
  const stage = stages[at];
  if (stage === undefined) return undefined;
  if (stage.likeMethod && frame.scope.strictVersion >= 2) calledLikeMethod();
  const args = argumentsFrom(stage, 0, frame, []);
  return args instanceof Waiting
    ? args.after((late) => redirectStage(setUp, at, command, late))
    : redirectStage(setUp, at, command, args);
};

const redirectStage = (setUp: SetUp, at: number, command: Value, args: Argument[]): Done => {
  const { stages, frame } = setUp;
  const next = at === stages.length - 1 ? undefined : new StagePipe();
  const redirect = stages[at]?.redirect;
  if (!redirect) return setUpStage(setUp, at, command, args, next, undefined);
  return new Waiting(redirect(frame, next ?? frame.out)).after((redirected) =>
    setUpStage(setUp, at, command, args, next, redirected),
  );
};

const setUpStage = (
  setUp: SetUp,
  at: number,
  command: Value,
  args: Argument[],
  next: StagePipe | undefined,
  redirected: Redirected | undefined,
): undefined => {
  const { stages, frame, hasInput, status, processors, finishers } = setUp;
  const stage = stages[at];
  if (stage === undefined) return;
  if (redirected?.finish) finishers.push(redirected.finish);
  const processor = whereNamed(stage, frame, () =>
    makeProcessor(
      command,
      {
        frame,
        args,
        out: redirected?.out ?? next ?? frame.out,
        streams: redirected?.streams ?? frame.streams,
        expectsInput: hasInput || at > 0,
        span: stage.node,
        length: stages.length + (hasInput ? 1 : 0),
        position: at + 1 + (hasInput ? 1 : 0),
        status,
        writtenName:
          typeof command !== 'string' ? undefined : stage.node.invocation === '' ? command : stage.node.invocation,
      },
      stage.node.invocation === '.',
    ),
  );
  if (setUp.pipe) setUp.pipe.target = processor;
  setUp.pipe = next;
  processors.push(processor);
};

/** Sets up the commands of a pipeline and runs them. */
export const runStages = (stages: readonly Stage[], feed: Feed | undefined, frame: Frame): Done => {
  const setUp: SetUp = {
    stages,
    frame,
    hasInput: feed !== undefined,
    status: { failed: false },
    processors: [],
    finishers: [],
    pipe: undefined,
  };
  const isSetUp = setUpFrom(setUp, 0);
  return isSetUp ? isSetUp.after(() => runSetUp(setUp, feed)) : runSetUp(setUp, feed);
};

const runSetUp = ({ processors, frame, status, finishers }: SetUp, feed: Feed | undefined): Done => {
  const work = runProcessors(processors, frame, feed, status);
  if (!work && finishers.length === 0) return undefined;
  return new Waiting(finishAfter(work, finishers));
};

function* finishAfter(work: Task<void> | undefined, finishers: readonly (() => Task<void>)[]): Task<undefined> {
  if (work) yield* work;
  for (const finish of finishers) yield* finish();
  return undefined;
}
