import type { Expression } from '../../../powershell/expression-tree.ts';
import { runMethod } from '../classes/run-method.ts';
import { classOf, overloadsOf, type ScriptClass } from '../classes/script-class.ts';
import { collapse, enumerate } from '../conversion/items.ts';
import { toText } from '../conversion/to-text.ts';
import type { Frame } from '../frame.ts';
import { Hashtable } from '../hashtable.ts';
import { spendOn } from '../limit.ts';
import { decimal, double, int64, typeLiteral } from '../make.ts';
import { callMethod } from '../members/call-method.ts';
import { getMember } from '../members/get-member.ts';
import { getIndex } from '../members/index-access.ts';
import { callStatic, getStatic } from '../members/statics.ts';
import { raise } from '../raise.ts';
import type { Value } from '../value.ts';
import { begin, Waiting } from '../waiting.ts';
import type { Code } from './code.ts';
import { isTask, lift, lift2, liftAll, soon, sync, valuesOf } from './code.ts';
import { compileCast } from './compile-cast.ts';
import { compileBinary, compileUnary } from './compile-operator.ts';
import { compileIncrement } from './compile-target.ts';
import { compileVariable } from './compile-variable.ts';
import type { Compiler } from './compiler.ts';
import { makeScriptBlock } from './script-blocks.ts';

type Node<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

const compileNumber = ({ value }: Node<'number'>): Code => {
  let constant: Value;
  if ('integer' in value) constant = value.type === 'Int32' ? Number(value.integer) : int64(value.integer);
  else constant = value.type === 'Double' ? double(value.float) : decimal(value.unscaled, value.scale);
  return sync(() => constant);
};

const compileExpandable = (compiler: Compiler, node: Node<'expandable'>): Code => {
  const parts = node.parts.map((part) => (typeof part === 'string' ? sync(() => part) : compiler.expression(part)));
  return liftAll(parts, (values, frame) => {
    const text = values.map((value) => (typeof value === 'string' ? value : toText(value, frame.session))).join('');
    spendOn(text);
    return text;
  });
};

const compileArray = (compiler: Compiler, node: Node<'array'>): Code =>
  liftAll(
    node.items.map((item) => compiler.expression(item)),
    (values) => values.map((value) => value ?? null),
  );

/** `@( … )`: always an array; one array inside stays as it is, copied. */
const compileArrayExpression = (compiler: Compiler, node: Node<'arrayExpression'>): Code => {
  const [only, second] = node.block.statements;
  const element = only?.kind === 'pipeline' && only.elements.length === 1 ? only.elements[0] : undefined;
  if (!second && element?.kind === 'expressionCommand' && element.redirections.length === 0) {
    return lift(compiler.expression(element.expression), (value) =>
      element.expression.kind === 'array' ? value : [...enumerate(value)],
    );
  }
  return compiler.collect(node.block);
};

const compileHash = (compiler: Compiler, node: Node<'hash'>): Code => {
  const codes = node.entries.flatMap(({ key, value }) => [compiler.expression(key), compiler.value(value)]);
  return liftAll(codes, (values, frame) => {
    const table = new Hashtable();
    for (let i = 0; i < values.length; i += 2) {
      const key = values[i];
      if (key === null || key === undefined)
        raise({ id: 'InvalidNullKey', message: 'A null key is not allowed in a hash literal.' });
      if (table.has(key))
        raise({
          id: 'DuplicateKeyInHashLiteral',
          message: `Duplicate keys '${toText(key, frame.session)}' are not allowed in hash literals.`,
        });
      table.set(key, values[i + 1] ?? null);
    }
    return table;
  });
};

const compileMember = (compiler: Compiler, node: Node<'member'>): Code => {
  const target = compiler.expression(node.target);
  if (node.name.kind === 'string') {
    const name = node.name.value;
    return lift(
      target,
      node.isStatic ? (value, frame) => getStatic(value, name, frame) : (value, frame) => getMember(value, name, frame),
    );
  }
  return lift2(target, compiler.expression(node.name), (value, name, frame) =>
    node.isStatic
      ? getStatic(value, toText(name, frame.session), frame)
      : getMember(value, toText(name, frame.session), frame),
  );
};

/** `([Base]$object).Method()` means the method of that very class, whatever the object's own class makes of it. */
const compileBase = (
  compiler: Compiler,
  target: Expression,
): ((frame: Frame) => ScriptClass | undefined) | undefined => {
  let node = target;
  while (node.kind === 'parenthesis' && node.inner.kind === 'pipeline') {
    const [element] = node.inner.elements;
    if (element?.kind !== 'expressionCommand') return undefined;
    node = element.expression;
  }
  if (node === target || node.kind !== 'cast' || !node.type) return undefined;
  const type = compiler.type(node.type);
  return (frame) => classOf(frame.session.registry.types.get(type(frame).toLowerCase()));
};

const compileCall = (compiler: Compiler, node: Node<'call'>): Code => {
  const codes = [
    compiler.expression(node.target),
    compiler.expression(node.name),
    ...node.arguments.map((argument) => compiler.expression(argument)),
  ];
  const baseOf = compileBase(compiler, node.target);
  const cast = node.arguments.find((argument) => argument.kind === 'cast');
  const castType = cast?.type && compiler.type(cast.type);
  const call = ([target, nameValue, ...args]: Value[], frame: Frame): Value | Waiting<Value> => {
    const name = toText(nameValue, frame.session);
    const base = baseOf?.(frame);
    const overloads = base ? overloadsOf(base, name.toLowerCase()) : [];
    if (overloads.length > 0) return begin(runMethod(overloads, name, target, args, frame));
    if (castType) frame.session.argumentType = castType(frame);
    const result = node.isStatic ? callStatic(target, name, args, frame) : callMethod(target, name, args, frame);
    if (castType) frame.session.argumentType = undefined;
    return isTask(result) ? begin(result) : result;
  };
  return soon((frame) => {
    const values = valuesOf(codes, frame);
    return values instanceof Waiting ? values.after((late) => call(late, frame)) : call(values, frame);
  });
};

const compileParenthesis = (compiler: Compiler, node: Node<'parenthesis'>): Code => {
  // An assignment in parentheses passes its value on.
  if (node.inner.kind === 'assignment') {
    const assign = compiler.value(node.inner);
    return assign;
  }
  return compiler.value(node.inner);
};

const compileSub = (compiler: Compiler, node: Node<'subExpression'>): Code => {
  // Without a statement it is null, not nothing.
  if (node.block.statements.length === 0) return sync(() => null);
  const code = compiler.collect(node.block);
  return lift(code, (items) => collapse(Array.isArray(items) ? items : []));
};

/** Compiles an expression. */
export const compileExpression = (compiler: Compiler, node: Expression): Code => {
  switch (node.kind) {
    case 'number':
      return compileNumber(node);
    case 'string': {
      const { value } = node;
      return sync(() => value);
    }
    case 'expandable':
      return compileExpandable(compiler, node);
    case 'variable':
      return compileVariable(compiler, node);
    case 'array':
      return compileArray(compiler, node);
    case 'arrayExpression':
      return compileArrayExpression(compiler, node);
    case 'subExpression':
      return compileSub(compiler, node);
    case 'parenthesis':
      return compileParenthesis(compiler, node);
    case 'hash':
      return compileHash(compiler, node);
    case 'scriptBlock': {
      const body = compiler.body(node.body);
      return sync((frame) => makeScriptBlock(compiler.source, node.body, body, frame));
    }
    case 'member':
      return compileMember(compiler, node);
    case 'call':
      return compileCall(compiler, node);
    case 'index':
      return lift2(compiler.expression(node.target), compiler.expression(node.index), (target, index, frame) =>
        getIndex(target, index, frame),
      );
    case 'type': {
      const type = compiler.type(node.type);
      return sync((frame) => typeLiteral(type(frame)));
    }
    case 'cast':
      return compileCast(compiler, node);
    case 'unary':
      return compileUnary(compiler, node);
    case 'binary':
      return compileBinary(compiler, node);
    case 'increment':
      return compileIncrement(compiler, node);
  }
};
