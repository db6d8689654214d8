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
import type { Code } from './code.ts';
import { run, sync, task } from './code.ts';
import { compileRange } from './compile-range.ts';
import type { Redirect } from './compile-redirections.ts';
import { compileRedirections } from './compile-redirections.ts';
import type { Compiler } from './compiler.ts';
import { writeEnumerated, writeItems, writeOutput } from './write-output.ts';

type MakeArguments = (frame: Frame, into: Argument[]) => Task<void> | void;

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
    };
  return function* (frame, into) {
    into.push(argumentOf(yield* code.task(frame)));
  };
};

const compileElement = (compiler: Compiler, element: CommandElement, isFirstEnd: boolean): MakeArguments => {
  if (element.kind === 'commandParameter') {
    const { name } = element;
    if (!element.argument) {
      return (_frame, into) => {
        into.push({ name, value: undefined, hasValue: false, text: `-${name}` });
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
    return function* (frame, into) {
      splat(yield* run(code, frame), into, frame);
    };
  }
  if (value.kind === 'string' && value.bare && value.value.startsWith('--%'))
    return compiler.unsupportedWhenRun('the verbatim argument --%', value.start);
  if (isFirstEnd)
    return (_frame, into) => {
      into.push({ value: '--', hasValue: true, text: '--', endsParameters: true });
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

function* setUp(
  stages: readonly Stage[],
  frame: Frame,
  hasInput: boolean,
  status: { failed: boolean },
  finishers: (() => Task<void>)[],
): Task<Processor[]> {
  const processors: Processor[] = [];
  let pipe: StagePipe | undefined;
  for (const [i, stage] of stages.entries()) {
    const isLast = i === stages.length - 1;
    const next = isLast ? undefined : new StagePipe();
    const args: Argument[] = [];
    const command = stage.name.sync ? stage.name.sync(frame) : yield* stage.name.task(frame);
    if (stage.likeMethod && frame.scope.strictVersion >= 2) calledLikeMethod();
    for (const make of stage.args) {
      const work = make(frame, args);
      if (work) yield* work;
    }
    const redirected = stage.redirect ? yield* stage.redirect(frame, next ?? frame.out) : undefined;
    if (redirected?.finish) finishers.push(redirected.finish);
    const processor = whereNamed(stage, frame, () =>
      makeProcessor(
        command,
        {
          frame,
          args,
          out: redirected?.out ?? next ?? frame.out,
          streams: redirected?.streams ?? frame.streams,
          expectsInput: hasInput || i > 0,
          span: stage.node,
          length: stages.length + (hasInput ? 1 : 0),
          position: i + 1 + (hasInput ? 1 : 0),
          status,
          ...(typeof command === 'string'
            ? { writtenName: stage.node.invocation === '' ? command : stage.node.invocation }
            : {}),
        },
        stage.node.invocation === '.',
      ),
    );
    if (pipe) pipe.target = processor;
    pipe = next;
    processors.push(processor);
  }
  return processors;
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
  return task(function* (frame) {
    const status = { failed: false };
    const finishers: (() => Task<void>)[] = [];
    if (stages.length === 0) {
      const redirected = sourceRedirect ? yield* sourceRedirect(frame, frame.out) : undefined;
      const place = redirected ? frame.withOutput(redirected.out, redirected.streams) : frame;
      if (source) yield* writeEnumerated(place.out, yield* run(source, place));
      if (redirected?.finish) yield* redirected.finish();
      return undefined;
    }
    // The expression is evaluated before the commands are set up, as PowerShell does.
    const items = range && (yield* range(frame));
    const input = items ? undefined : source?.sync ? source.sync(frame) : source && (yield* source.task(frame));
    const processors = yield* setUp(stages, frame, source !== undefined, status, finishers);
    const feed: Feed | undefined = items
      ? (accept) => writeItems({ write: accept }, items)
      : source && ((accept) => writeOutput({ write: accept }, input));
    yield* runProcessors(processors, frame, feed, status);
    for (const finish of finishers) yield* finish();
    return undefined;
  });
};
