import type { Expression } from '../../powershell/expression-tree.ts';
import type { Command } from '../../powershell/syntax-tree.ts';
import type { CimClass } from '../windows/cim/cim-class.ts';
import { classNamed } from '../windows/cim/find-class.ts';
import { readQuery, WqlError } from '../windows/cim/wql.ts';
import type { CallArguments } from './call-arguments.ts';
import type { Findings } from './findings.ts';

type Named = { readonly className: string; readonly properties: readonly string[] };

const texts = (value: Expression | undefined): string[] => {
  if (value?.kind === 'string') return [value.value];
  if (value?.kind === 'array') return value.items.flatMap(texts);
  return [];
};

/** What the text of a query names; undefined where it is no query of the lab's. */
const namedBy = (query: string): Named | undefined => {
  try {
    return readQuery(query);
  } catch (error) {
    if (error instanceof WqlError) return undefined;
    throw error;
  }
};

/** Whether the lab lacks a property that the real class has. */
export const isOutsideProperty = (one: CimClass, property: string): boolean =>
  (one.outside ?? '').toLowerCase().split(/\s+/).includes(property.toLowerCase());

/** The class that a call of a CIM cmdlet names, with its namespace; undefined where it stands not in the script. */
export const classOf = (call: CallArguments): { readonly namespace: string; readonly named: Named } | undefined => {
  const value = (name: string): Expression | undefined => call.given.find(({ spec }) => spec?.name === name)?.value;
  const namespace = value('Namespace');
  if (namespace && namespace.kind !== 'string') return undefined;
  const [className] = texts(value('ClassName'));
  const [query] = texts(value('Query'));
  const named =
    className === undefined
      ? query === undefined
        ? undefined
        : namedBy(query)
      : { className, properties: texts(value('Property')) };
  return named && { namespace: texts(namespace)[0] ?? 'root/cimv2', named };
};

/** Checks the class, its properties and its method that a call of a CIM cmdlet names. */
export const checkClass = (call: CallArguments, node: Command, findings: Findings): void => {
  const value = (name: string): Expression | undefined => call.given.find(({ spec }) => spec?.name === name)?.value;
  const found = classOf(call);
  if (!found) {
    // An instance that is handed on was got somewhere else in the script.
    if (value('ClassName') ?? value('Query')) findings.leaveOpen('a CIM class that is named when it runs', node.start);
    return;
  }
  const { namespace, named } = found;
  const one = classNamed(namespace, named.className);
  const shown = typeof one === 'string' ? `${namespace}:${named.className}` : one.name;
  // A class that Windows has not is answered as Windows does.
  findings.note('class', shown, node.start, one === 'lacking' ? 'outside' : true);
  if (typeof one === 'string') return;
  for (const property of named.properties)
    if (isOutsideProperty(one, property)) findings.note('class', `${one.name}.${property}`, node.start, 'outside');
  for (const method of texts(value('MethodName'))) {
    const known = Object.keys(one.methods ?? {}).some((name) => name.toLowerCase() === method.toLowerCase());
    findings.note('class', `${one.name}.${method}()`, node.start, known ? true : 'outside');
  }
};
