import type { Cast } from '../../../powershell/expression-tree.ts';
import { convert } from '../conversion/convert.ts';
import { toText } from '../conversion/to-text.ts';
import { Hashtable } from '../hashtable.ts';
import { customObject } from '../make.ts';
import { isBoxed } from '../types-of.ts';
import type { Reference, Value } from '../value.ts';
import type { Code } from './code.ts';
import { lift, sync } from './code.ts';
import { setVariable } from './compile-variable.ts';
import type { Compiler } from './compiler.ts';

const compileOrdered = (compiler: Compiler, node: Cast): Code =>
  lift(compiler.expression(node.operand), (value) => {
    if (!(isBoxed(value) && value.kind === 'hashtable')) return value;
    const ordered = new Hashtable('System.Collections.Specialized.OrderedDictionary');
    for (const [key, item] of value.entries()) ordered.set(key, item);
    return ordered;
  });

const compileCustom = (compiler: Compiler, node: Cast): Code =>
  lift(compiler.expression(node.operand), (value, frame) => {
    if (!(isBoxed(value) && value.kind === 'hashtable')) return value;
    const names: string[] = [];
    const entries: [string, Value][] = [];
    for (const [key, item] of value.entries()) {
      const name = toText(key, frame.session);
      if (name.toLowerCase() === 'pstypename') names.push(toText(item, frame.session));
      else entries.push([name, item]);
    }
    return customObject(entries, names);
  });

/** A reference that holds its value itself. */
export const referenceTo = (initial: Value): Reference => {
  let held = initial;
  return {
    kind: 'ref',
    get: () => held,
    set: (value) => {
      held = value;
    },
  };
};

const compileRef = (compiler: Compiler, node: Cast): Code => {
  let operand = node.operand;
  while (operand.kind === 'parenthesis' && operand.inner.kind === 'pipeline') {
    const [element] = operand.inner.elements;
    if (element?.kind !== 'expressionCommand') break;
    operand = element.expression;
  }
  if (operand.kind === 'variable') {
    const { name, scope } = operand;
    return sync((frame) => {
      const found = frame.scope.find(name.toLowerCase());
      if (!found) setVariable(frame, scope, name, null);
      const variable = found ?? frame.scope.find(name.toLowerCase());
      const reference: Reference = {
        kind: 'ref',
        get: () => variable?.value,
        set: (value) => {
          if (variable) variable.value = variable.constraint ? variable.constraint(value) : value;
        },
      };
      return reference;
    });
  }
  return lift(compiler.expression(operand), referenceTo);
};

/** `[type]value`. */
export const compileCast = (compiler: Compiler, node: Cast): Code => {
  if (!node.type) return compiler.expression(node.operand);
  const name = node.type.name.toLowerCase();
  if (node.type.ranks.length === 0) {
    if (name === 'ordered') return compileOrdered(compiler, node);
    if (name === 'pscustomobject' && node.operand.kind === 'hash') return compileCustom(compiler, node);
    if (name === 'ref') return compileRef(compiler, node);
  }
  const type = compiler.type(node.type);
  return lift(compiler.expression(node.operand), (value, frame) => convert(value, type(frame), frame.session));
};
