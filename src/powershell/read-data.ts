import type { Expression, HashLiteral } from './expression-tree.ts';
import { parseScript } from './parse-script.ts';
import { describePlace, type Source } from './source.ts';
import type { Block, Statement } from './syntax-tree.ts';

/** A value of a data file; hashtables keep the case of their keys. */
export type Data = string | number | boolean | null | readonly Data[] | { readonly [key: string]: Data };

/** A data file (.psd1, .psrc, .pssc): one hashtable. */
export type DataTable = { readonly [key: string]: Data };

/**
 * Reads a PowerShell data file without running anything: one hashtable of texts, numbers, `$true`, `$false`, `$null`, lists and hashtables.
 * @param file name for messages
 * @throws SyntaxFault where it is not valid PowerShell; RangeError, with the place, where it holds something else than data
 */
export function readPowerShellData(text: string, file?: string): DataTable {
  const { source, body } = parseScript(text, file);
  const [statement, ...more] = body.finish?.statements ?? [];
  if (statement === undefined || more.length > 0) throw new RangeError(`${file ?? 'text'}: expected one hashtable`);
  const value = valueOf(source, statement);
  if (typeof value !== 'object' || value === null || isList(value))
    throw new RangeError(`${describePlace(source, statement.start)}: expected a hashtable`);
  return value;
}

const isList = (value: Data): value is readonly Data[] => Array.isArray(value);

/** The value of a statement that is one expression. */
function valueOf(source: Source, statement: Statement): Data {
  const element = statement.kind === 'pipeline' && statement.elements.length === 1 ? statement.elements[0] : undefined;
  if (element?.kind !== 'expressionCommand') return refuse(source, statement.start);
  return dataOf(source, element.expression);
}

function dataOf(source: Source, expression: Expression): Data {
  switch (expression.kind) {
    case 'string':
      return expression.value;
    case 'number': {
      const { value } = expression;
      if (value.type === 'Decimal') return refuse(source, expression.start);
      return value.type === 'Double' ? value.float : Number(value.integer);
    }
    case 'variable':
      return constant(source, expression.name, expression.start);
    case 'array':
      return expression.items.map((item) => dataOf(source, item));
    case 'arrayExpression':
      return listOf(source, expression.block);
    case 'parenthesis':
      return valueOf(source, expression.inner);
    case 'hash':
      return tableOf(source, expression);
    default:
      return refuse(source, expression.start);
  }
}

function constant(source: Source, name: string, at: number): boolean | null {
  switch (name.toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    default:
      return refuse(source, at);
  }
}

function listOf(source: Source, { statements }: Block): readonly Data[] {
  return statements.flatMap((statement) => {
    const value = valueOf(source, statement);
    return isList(value) ? value : [value];
  });
}

function tableOf(source: Source, { entries }: HashLiteral): DataTable {
  return Object.fromEntries(
    entries.map(({ key, value }) => {
      const name = dataOf(source, key);
      return typeof name === 'string' || typeof name === 'number'
        ? [String(name), valueOf(source, value)]
        : refuse(source, key.start);
    }),
  );
}

function refuse(source: Source, at: number): never {
  throw new RangeError(`${describePlace(source, at)}: expected data, not something that is to be run`);
}
