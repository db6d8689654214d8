import type { Expression, HashLiteral } from '../../powershell/expression-tree.ts';
import type { ScriptBody, Statement } from '../../powershell/syntax-tree.ts';
import { nodesOf } from '../../powershell/walk.ts';
import { loneExpression } from '../evaluator/compile/compile-statement.ts';

/** A key of a table and its value, where that is an expression. */
type TableKey = { readonly name: string; readonly value: Expression | undefined };

/** The tables that a script writes down in variables, for splatting. */
export type HashTables = {
  /** Keys of all tables that the variable may hold; undefined where the script does not tell. */
  keysOf(variable: string): readonly TableKey[] | undefined;
};

/** The expression that a statement is, if it is nothing else. */
export const expressionOf = (statement: Statement): Expression | undefined => {
  const lone = loneExpression(statement);
  return lone?.kind === 'expressionCommand' ? lone.expression : undefined;
};

const textOf = (key: Expression): string | undefined => (key.kind === 'string' ? key.value : undefined);

const keysOfLiteral = (table: HashLiteral): TableKey[] | undefined => {
  const keys = table.entries.map(({ key, value }) => ({ name: textOf(key), value: expressionOf(value) }));
  return keys.every((key): key is TableKey => key.name !== undefined) ? keys : undefined;
};

/** A table, also behind `[ordered]`. */
const literalOf = (value: Expression | undefined): HashLiteral | undefined =>
  value?.kind === 'hash' ? value : value?.kind === 'cast' ? literalOf(value.operand) : undefined;

/** Reads the tables of a script: literals in assignments, and what is added to them by key. */
export const readTables = (root: ScriptBody): HashTables => {
  const found = new Map<string, TableKey[] | undefined>([
    ['psboundparameters', undefined],
    ['args', undefined],
  ]);
  const add = (variable: string, keys: readonly TableKey[] | undefined): void => {
    const name = variable.toLowerCase();
    const before = found.has(name) ? found.get(name) : [];
    found.set(name, before && keys ? [...before, ...keys] : undefined);
  };
  for (const node of nodesOf(root)) {
    if (node.kind === 'parameter') add(node.name, undefined);
    if (node.kind !== 'assignment') continue;
    const { target } = node;
    const value = expressionOf(node.value);
    if (target.kind === 'variable') {
      const table = literalOf(value);
      add(target.name, table && keysOfLiteral(table));
    } else if ((target.kind === 'member' || target.kind === 'index') && target.target.kind === 'variable') {
      const name = textOf(target.kind === 'member' ? target.name : target.index);
      if (name !== undefined && found.has(target.target.name.toLowerCase())) add(target.target.name, [{ name, value }]);
    }
  }
  return { keysOf: (variable) => found.get(variable.toLowerCase()) };
};
