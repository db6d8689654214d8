import { textOf } from '../../../powershell/source.ts';
import type { Command, CommandElement, Pipeline } from '../../../powershell/syntax-tree.ts';
import type { Argument } from '../binding/signature.ts';
import { itemsOf } from '../conversion/items.ts';
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
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { Waiting } from '../waiting.ts';
import type { Code } from './code.ts';
import { run, soon, sync, task } from './code.ts';
import { compileRange } from './compile-range.ts';
import type { Redirect, Redirected } from './compile-redirections.ts';
import { compileRedirections } from './compile-redirections.ts';
import type { Compiler } from './compiler.ts';
import { writeEnumerated, writeItems, writeOutput } from './write-output.ts';

type MakeArguments = (frame: Frame, into: Argument[]) => Task<void> | undefined;

const splat = (value: Value, into: Argument[], frame: Frame): void => {
  if (isBoxed(value) && value.kind === 'hashtable') {
    for (const [key, item] of value.entries())
      into.push({ name: toText(key, frame.session), value: item, hasValue: true, splatted: true });
    return;
  }
  for (const item of itemsOf(value) ?? (value === null || value === undefined ? [] : [value])) {
    const dashed = typeof item === 'string' ? /^-([A-Za-z_]\w*):?$/.exec(item) : null;
    if (dashed) into.push({ name: dashed[1] ?? '', value: undefined, hasValue: false, text: dashed[0] });
    else into.push({ value: item, hasValue: true });
  }
};

/** Evaluates one argument. */
const pushing = (code: Code, argumentOf: (value: Value) => Argument): MakeArguments => {
  const direct = code.sync;
  if (direct)
    return (frame, into) => {
      into.push(argumentOf(direct(frame)));
      return undefined;
    };
  return (frame, into) => {
    const value = code.soon(frame);
    if (value instanceof Waiting) return value.after((late) => void into.push(argumentOf(late))).task;
    into.push(argumentOf(value));
    return undefined;
  };
};

const compileElement = (compiler: Compiler, element: CommandElement, isFirstEnd: boolean): MakeArguments => {
  if (element.kind === 'commandParameter') {
    const { name } = element;
    if (!element.argument) {
      return (_frame, into) => {
        into.push({ name, value: undefined, hasValue: false, text: `-${name}` });
        return undefined;
      };
    }
    return pushing(compiler.expression(element.argument), (value) => ({
      name,
      value,
      hasValue: true,
      text: `-${name}:`,
    }));
  }
  const { value } = element;
  if (value.kind === 'variable' && value.splat) {
    const code = compiler.expression({ ...value, splat: false });
    return (frame, into) => {
      const value = code.soon(frame);
      if (value instanceof Waiting) return value.after((late) => splat(late, into, frame)).task;
      splat(value, into, frame);
      return undefined;
    };
  }
  if (value.kind === 'string' && value.bare && value.value.startsWith('--%'))
    return compiler.unsupportedWhenRun('the verbatim argument --%', value.start);
  if (isFirstEnd)
    return (_frame, into) => {
      into.push({ value: '--', hasValue: true, text: '--', endsParameters: true });
      return undefined;
    };
  const code = compiler.expression(value);
  const isLiteral = value.kind === 'number' || (value.kind === 'unary' && value.operand.kind === 'number');
  const text = isLiteral ? textOf(compiler.source, value) : undefined;
  return pushing(code, (result) =>
    text === undefined ? { value: result, hasValue: true } : { value: result, hasValue: true, text },
  );
};

type Stage = {
  readonly node: Command;
  readonly name: Code;
  readonly args: readonly MakeArguments[];
  readonly redirect: Redirect | undefined;
  /** Written as `name(a, b)`. */
  readonly likeMethod: boolean;
};

const isLikeMethod = ({ name, elements }: Command): boolean => {
  const [only] = elements;
  if (elements.length !== 1 || only?.kind !== 'argument' || only.start !== name.end) return false;
  if (only.value.kind !== 'parenthesis' || only.value.inner.kind !== 'pipeline') return false;
  const [element] = only.value.inner.elements;
  return element?.kind === 'expressionCommand' && element.expression.kind === 'array';
};

const calledLikeMethod = (): never =>
  raise({
    id: 'StrictModeFunctionCallWithParens',
    message:
      'The function or command was called as if it were a method. Parameters should be separated by spaces. For information about parameters, see the about_Parameters Help topic.',
  });

const isEnd = (element: CommandElement): boolean =>
  element.kind === 'argument' && element.value.kind === 'string' && element.value.bare && element.value.value === '--';

const compileStage = (compiler: Compiler, node: Command): Stage => ({
  node,
  name:
    node.name.kind === 'string'
      ? sync(() => (node.name.kind === 'string' ? node.name.value : ''))
      : compiler.expression(node.name),
  args: node.elements.map((element, i) => compileElement(compiler, element, i === node.elements.findIndex(isEnd))),
  redirect: compileRedirections(compiler, node.redirections),
  likeMethod: isLikeMethod(node),
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

type Done = undefined | Waiting<undefined>;

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

const runStages = (stages: readonly Stage[], feed: Feed | undefined, frame: Frame): Done => {
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

const runOn = (stages: readonly Stage[], input: Value, frame: Frame): Done =>
  runStages(stages, (accept) => writeOutput({ write: accept }, input), frame);

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

/** A pipeline with commands, or an expression with redirections. */
export const compilePipeline = (compiler: Compiler, node: Pipeline): Code => {
  const [head] = node.elements;
  const expression = head?.kind === 'expressionCommand' ? head : undefined;
  const stages = node.elements
    .filter((element) => element.kind === 'command')
    .map((element) => compileStage(compiler, element));
  const source = expression && compiler.expression(expression.expression);
  const range = stages.length > 0 ? compileRange(compiler, expression?.expression) : undefined;
  const sourceRedirect = expression && compileRedirections(compiler, expression.redirections);
  if (stages.length === 0)
    return task(function* (frame) {
      const redirected = sourceRedirect ? yield* sourceRedirect(frame, frame.out) : undefined;
      const place = redirected ? frame.withOutput(redirected.out, redirected.streams) : frame;
      if (source) yield* writeEnumerated(place.out, yield* run(source, place));
      if (redirected?.finish) yield* redirected.finish();
      return undefined;
    });
  if (range)
    return task(function* (frame) {
      const items = yield* range(frame);
      const done = runStages(stages, (accept) => writeItems({ write: accept }, items), frame);
      return done && (yield* done.task);
    });
  if (!source) return soon((frame) => runStages(stages, undefined, frame));
  return soon((frame) => {
    // The expression is evaluated before the commands are set up, as PowerShell does.
    const input = source.soon(frame);
    return input instanceof Waiting ? input.after((late) => runOn(stages, late, frame)) : runOn(stages, input, frame);
  });
};
