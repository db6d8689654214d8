import type { FlowStatement, FunctionDefinition, Pipeline, Statement } from '../../../powershell/syntax-tree.ts';
import { collapse } from '../conversion/items.ts';
import { toText } from '../conversion/to-text.ts';
import { errorRecord, PowerShellError } from '../define.ts';
import type { Frame } from '../frame.ts';
import { exception } from '../make.ts';
import { ownRecordOf } from '../raise.ts';
import type { Scope } from '../scope.ts';
import { ExitSignal, LoopSignal, ReturnSignal } from '../signals.ts';
import { CollectingPipe } from '../streams.ts';
import { isOfType } from '../type-names.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { Waiting } from '../waiting.ts';
import type { Code } from './code.ts';
import { lift, run, soon, sync, task } from './code.ts';
import { compileAssignment } from './compile-assignment.ts';
import { compileFor, compileForEach, compileIf, compileLoop } from './compile-loops.ts';
import { compilePipeline } from './compile-pipeline.ts';
import { compileSwitch } from './compile-switch.ts';
import { compileTry } from './compile-try.ts';
import type { Compiler } from './compiler.ts';
import { writeEnumerated, writeOutput } from './write-output.ts';

/** The expression of a pipeline that is nothing but one. */
export const loneExpression = (node: Statement): Pipeline['elements'][number] | undefined => {
  if (node.kind !== 'pipeline' || node.elements.length !== 1) return undefined;
  const [element] = node.elements;
  return element?.kind === 'expressionCommand' && element.redirections.length === 0 ? element : undefined;
};

/** The error record that `throw value` throws. */
export const recordOfThrown = (value: Value, frame: Frame): PowerShellError => {
  if (isBoxed(value) && value.kind === 'error') return new PowerShellError(value, true);
  if (isBoxed(value) && value.kind === 'exception') {
    // PowerShell's own exceptions bring their record with them.
    const own = isOfType(frame.session.registry, value, 'System.Management.Automation.RuntimeException');
    const brought = ownRecordOf(value);
    const record = errorRecord({
      id: brought?.id ?? (own ? 'RuntimeException' : value.message),
      message: value.message,
      category: brought?.category ?? (own ? 'NotSpecified' : 'OperationStopped'),
      target: brought?.target ?? null,
      exception: value,
    });
    return new PowerShellError(record, true);
  }
  const text = toText(value, frame.session);
  const message = value === null || value === undefined || text === '' ? 'ScriptHalted' : text;
  const thrown = exception('System.Management.Automation.RuntimeException', message);
  return new PowerShellError(
    errorRecord({ id: message, message, category: 'OperationStopped', target: value ?? null, exception: thrown }),
    true,
  );
};

const compileThrow = (compiler: Compiler, node: FlowStatement): Code => {
  if (!node.value) {
    return sync((frame) => {
      const current = frame.scope.find('__caught')?.value;
      throw isBoxed(current) && current.kind === 'error'
        ? new PowerShellError(current, true)
        : recordOfThrown(null, frame);
    });
  }
  return lift(compiler.value(node.value), (value, frame) => {
    throw recordOfThrown(value, frame);
  });
};

const returned = new ReturnSignal();

const compileReturn = (compiler: Compiler, node: FlowStatement): Code => {
  if (!node.value) {
    return sync(() => {
      throw returned;
    });
  }
  const { value: given } = node;
  const statement = compiler.statement(given);
  let value: Code | undefined;
  return soon((frame) => {
    const { returns } = frame;
    if (returns) value ??= compiler.value(given);
    const result = (returns && value ? value : statement).soon(frame);
    const leave = (late: Value): never => {
      if (returns) returns.value = late;
      throw returned;
    };
    return result instanceof Waiting ? result.after(leave) : leave(result);
  });
};

const compileExit = (compiler: Compiler, node: FlowStatement): Code => {
  const value = node.value ? compiler.value(node.value) : sync(() => 0);
  return lift(value, (code, frame) => {
    throw new ExitSignal(Number(frame.context.convert(code ?? 0, 'System.Int32')));
  });
};

const compileFlow = (compiler: Compiler, node: FlowStatement): Code => {
  switch (node.kind) {
    case 'throw':
      return compileThrow(compiler, node);
    case 'return':
      return compileReturn(compiler, node);
    case 'exit':
      return compileExit(compiler, node);
    case 'break':
    case 'continue': {
      const { kind } = node;
      const label = node.label ? compiler.expression(node.label) : sync(() => undefined);
      return lift(label, (value, frame) => {
        throw new LoopSignal(kind, value === undefined ? undefined : toText(value, frame.session).toLowerCase());
      });
    }
  }
};

const compileFunction = (compiler: Compiler, node: FunctionDefinition): Code => {
  const body = compiler.body(node.body);
  const qualified = /^(global|script|local|private):(.+)$/i.exec(node.name);
  const name = qualified?.[2] ?? node.name;
  const where = qualified?.[1]?.toLowerCase();
  // `[Alias('x')]` at the parameters names the function too.
  const aliases = node.body.attributes
    .filter((attribute) => /^alias$/i.test(attribute.name))
    .flatMap(({ positional }) => positional.flatMap((one) => (one.kind === 'string' ? [one.value] : [])));
  return sync((frame) => {
    const scope: Scope =
      where === 'global' ? frame.scope.global : where === 'script' ? frame.scope.script : frame.scope;
    scope.putFunction({ kind: 'script-function', name, body, filter: node.filter, module: frame.scope.module });
    for (const alias of aliases) scope.putAlias(alias, name);
    return undefined;
  });
};

/** Writes the value of an expression that stands as a statement. */
const show = (value: Value, frame: Frame): undefined | Waiting<undefined> => {
  frame.session.ok = true;
  const work = writeOutput(frame.out, value);
  return work && new Waiting(work).after(() => undefined);
};

/** Runs a statement; its output goes to the frame's pipe. */
export const compileStatement = (compiler: Compiler, node: Statement): Code => {
  switch (node.kind) {
    case 'pipeline': {
      const lone = loneExpression(node);
      if (!lone || lone.kind !== 'expressionCommand') return compilePipeline(compiler, node);
      const code = compiler.expression(lone.expression);
      // `$i++` as a statement shows nothing.
      if (lone.expression.kind === 'increment') return succeed(code);
      return soon((frame) => {
        const value = code.soon(frame);
        return value instanceof Waiting ? value.after((late) => show(late, frame)) : show(value, frame);
      });
    }
    case 'assignment':
      return endsInCommand(node.value) ? compileAssignment(compiler, node) : succeed(compileAssignment(compiler, node));
    case 'if':
      return compileIf(compiler, node);
    case 'while':
    case 'doWhile':
    case 'doUntil':
      return compileLoop(compiler, node);
    case 'for':
      return compileFor(compiler, node);
    case 'foreach':
      return compileForEach(compiler, node);
    case 'switch':
      return compileSwitch(compiler, node);
    case 'try':
      return compileTry(compiler, node);
    case 'trap':
      return sync(() => undefined);
    case 'return':
    case 'throw':
    case 'exit':
    case 'break':
    case 'continue':
      return compileFlow(compiler, node);
    case 'function':
      return compileFunction(compiler, node);
    case 'class':
    case 'enum':
      // Types are defined before the script begins.
      return sync(() => undefined);
    case 'using':
      if (node.what !== 'namespace') return compiler.unsupported(`using ${node.what}`, node.start);
      compiler.usings.push(node.name);
      return sync(() => undefined);
    case 'data': {
      const code = compiler.collect(node.block);
      const { variable } = node;
      return task(function* (frame) {
        const items = yield* run(code, frame);
        const value = collapse(Array.isArray(items) ? items : []);
        if (variable === undefined) yield* writeEnumerated(frame.out, value);
        else frame.scope.put(variable, value);
        return undefined;
      });
    }
  }
};

const endsInCommand = (node: Statement): boolean =>
  node.kind === 'pipeline'
    ? node.elements.some((element) => element.kind === 'command')
    : node.kind === 'assignment' && endsInCommand(node.value);

const succeed = (code: Code): Code =>
  lift(code, (_value, frame) => {
    frame.session.ok = true;
    return undefined;
  });

/** The value of a statement. */
export const compileValue = (compiler: Compiler, node: Statement): Code => {
  if (node.kind === 'assignment') return compileAssignment(compiler, node);
  const lone = loneExpression(node);
  if (lone?.kind === 'expressionCommand') return compiler.expression(lone.expression);
  const statement = compiler.statement(node);
  return soon((frame) => {
    const pipe = new CollectingPipe();
    const done = statement.soon(frame.withOutput(pipe));
    return done instanceof Waiting ? done.after(() => collapse(pipe.items)) : collapse(pipe.items);
  });
};
