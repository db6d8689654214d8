import type { Expression } from '../../../powershell/expression-tree.ts';
import type { Attribute } from '../../../powershell/syntax-tree.ts';
import { compileValidator } from '../binding/validation.ts';
import { convertStrict } from '../conversion/convert.ts';
import { enumerate } from '../conversion/items.ts';
import { toText } from '../conversion/to-text.ts';
import { PowerShellError } from '../define.ts';
import type { Frame } from '../frame.ts';
import { getMember } from '../members/get-member.ts';
import { getIndex, setIndex } from '../members/index-access.ts';
import { setMember } from '../members/set-member.ts';
import { getStatic, setStatic } from '../members/statics.ts';
import { increment } from '../operators/arithmetic.ts';
import { raise, runtimeError } from '../raise.ts';
import type { Value } from '../value.ts';
import type { Code } from './code.ts';
import { liftAll } from './code.ts';
import { referenceTo } from './compile-cast.ts';
import { compileVariable, setVariable } from './compile-variable.ts';
import type { Compiler } from './compiler.ts';

/** What can be assigned to: its operands are evaluated once, then it is read and written. */
export type AssignTarget = {
  readonly operands: readonly Code[];
  read(operands: readonly Value[], frame: Frame): Value;
  write(operands: readonly Value[], value: Value, frame: Frame): void;
};

/** The conversion error of a typed variable. */
export const convertForVariable = (value: Value, type: string, frame: Frame): Value => {
  try {
    return convertStrict(value, type, frame.session);
  } catch (error) {
    if (!(error instanceof PowerShellError)) throw error;
    throw runtimeError({
      id: 'RuntimeException',
      message: error.message,
      category: 'MetadataError',
      type: 'System.Management.Automation.ArgumentTransformationMetadataException',
      inner: error.record.exception,
    });
  }
};

const variableTarget = (compiler: Compiler, node: Extract<Expression, { kind: 'variable' }>): AssignTarget => {
  const { name, scope } = node;
  const lower = name.toLowerCase();
  const reader = compileVariable(compiler, node);
  return {
    operands: [],
    // Compound assignment to something unset starts from null, unless strict mode forbids it.
    read: (_operands, frame) => reader.sync?.(frame),
    write: (_operands, value, frame) => {
      if (scope === undefined) {
        const own = frame.scope.own(lower);
        if (own && own.option === 'None' && !own.constraint) {
          own.value = value;
          return;
        }
      }
      setVariable(frame, scope, name, value);
    },
  };
};

const typedVariable = (compiler: Compiler, node: Extract<Expression, { kind: 'cast' }>): AssignTarget => {
  const types: ((frame: Frame) => string)[] = [];
  const attributes: Attribute[] = [];
  let inner: Expression = node;
  while (inner.kind === 'cast') {
    if (inner.type) types.push(compiler.type(inner.type));
    if (inner.attribute) attributes.push(inner.attribute);
    inner = inner.operand;
  }
  // `[ref]$x = …` makes a reference of the value.
  if (types.length === 1 && node.type?.name.toLowerCase() === 'ref' && node.type.ranks.length === 0) {
    const plain = compileTarget(compiler, inner);
    return { ...plain, write: (operands, value, frame) => plain.write(operands, referenceTo(value), frame) };
  }
  const base = compileTarget(compiler, inner);
  const validators = attributes
    .map((attribute) => compileValidator(compiler, attribute))
    .filter((one) => one !== undefined);
  const convertAll = (value: Value, frame: Frame): Value => {
    let converted = value;
    for (const type of types.toReversed()) converted = convertForVariable(converted, type(frame), frame);
    for (const validate of validators) {
      validate(converted, frame, () =>
        raise({
          id: 'ValidateSetFailure',
          message: `The variable cannot be validated because the value ${toText(converted, frame.session)} is not a valid value for the ${inner.kind === 'variable' ? inner.name : ''} variable.`,
          category: 'MetadataError',
          type: 'System.Management.Automation.ValidationMetadataException',
        }),
      );
    }
    return converted;
  };
  const variable = inner.kind === 'variable' ? inner : undefined;
  return {
    operands: base.operands,
    read: (operands, frame) => base.read(operands, frame),
    write: (operands, value, frame) => {
      const converted = convertAll(value, frame);
      const known = variable && frame.scope.own(variable.name.toLowerCase());
      if (known) delete known.constraint;
      base.write(operands, converted, frame);
      const made = variable && frame.scope.find(variable.name.toLowerCase());
      if (made) made.constraint = (next) => convertAll(next, frame);
    },
  };
};

const arrayTarget = (compiler: Compiler, items: readonly Expression[]): AssignTarget => {
  const targets = items.map((item) => compileTarget(compiler, item));
  const offsets: number[] = [];
  let total = 0;
  for (const target of targets) {
    offsets.push(total);
    total += target.operands.length;
  }
  const part = (operands: readonly Value[], i: number): readonly Value[] => {
    const start = offsets[i] ?? 0;
    return operands.slice(start, start + (targets[i]?.operands.length ?? 0));
  };
  return {
    operands: targets.flatMap((target) => target.operands),
    read: (operands, frame) => targets.map((target, i) => target.read(part(operands, i), frame)),
    write: (operands, value, frame) => {
      const values = enumerate(value);
      for (const [i, target] of targets.entries()) {
        const isLast = i === targets.length - 1;
        const rest = values.slice(i);
        target.write(part(operands, i), isLast && rest.length > 1 ? rest : (rest[0] ?? null), frame);
      }
    },
  };
};

/** Compiles the left side of an assignment. */
export const compileTarget = (compiler: Compiler, node: Expression): AssignTarget => {
  switch (node.kind) {
    case 'variable':
      return variableTarget(compiler, node);
    case 'cast':
      return typedVariable(compiler, node);
    case 'member':
      return {
        operands: [compiler.expression(node.target), compiler.expression(node.name)],
        read: ([target, name], frame) =>
          node.isStatic
            ? getStatic(target, toText(name, frame.session), frame)
            : getMember(target, toText(name, frame.session), frame),
        write: ([target, name], value, frame) => {
          if (node.isStatic) setStatic(target, toText(name, frame.session), value, frame);
          else setMember(target, toText(name, frame.session), value, frame);
        },
      };
    case 'index':
      return {
        operands: [compiler.expression(node.target), compiler.expression(node.index)],
        read: ([target, index], frame) => getIndex(target, index, frame),
        write: ([target, index], value, frame) => setIndex(target, index, value, frame),
      };
    case 'array':
      return arrayTarget(compiler, node.items);
    case 'parenthesis': {
      const element = node.inner.kind === 'pipeline' ? node.inner.elements[0] : undefined;
      if (element?.kind === 'expressionCommand') return compileTarget(compiler, element.expression);
      return compiler.unsupported('an assignment to this expression', node.start);
    }
    default:
      return compiler.unsupported('an assignment to this expression', node.start);
  }
};

/** `$x++`, `--$x`. */
export const compileIncrement = (compiler: Compiler, node: Extract<Expression, { kind: 'increment' }>): Code => {
  const target = compileTarget(compiler, node.target);
  const apply = (operands: readonly Value[], frame: Frame): Value => {
    const before = target.read(operands, frame);
    const after = increment(before, node.by, frame.session);
    target.write(operands, after, frame);
    return node.prefix ? after : (before ?? 0);
  };
  return liftAll(target.operands, apply);
};
