import { textOf } from '../../../powershell/source.ts';
import type { Command, CommandElement, Pipeline } from '../../../powershell/syntax-tree.ts';
import type { Argument } from '../binding/signature.ts';
import { itemsOf } from '../conversion/items.ts';
import { toText } from '../conversion/to-text.ts';
import type { Frame } from '../frame.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { Waiting } from '../waiting.ts';
import type { Code } from './code.ts';
import { run, soon, sync, task } from './code.ts';
import { compileRange } from './compile-range.ts';
import { compileRedirections } from './compile-redirections.ts';
import type { Compiler } from './compiler.ts';
import { type Done, type MakeArguments, runStages, type Stage } from './run-stages.ts';
import { writeEnumerated, writeItems, writeOutput } from './write-output.ts';

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

const isLikeMethod = ({ name, elements }: Command): boolean => {
  const [only] = elements;
  if (elements.length !== 1 || only?.kind !== 'argument' || only.start !== name.end) return false;
  if (only.value.kind !== 'parenthesis' || only.value.inner.kind !== 'pipeline') return false;
  const [element] = only.value.inner.elements;
  return element?.kind === 'expressionCommand' && element.expression.kind === 'array';
};

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

const runOn = (stages: readonly Stage[], input: Value, frame: Frame): Done =>
  runStages(stages, (accept) => writeOutput({ write: accept }, input), frame);

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
