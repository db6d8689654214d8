import type { ScriptBody } from '../../../src/powershell/syntax-tree.ts';

/** A node of the syntax tree, whichever. */
export type Node = { readonly kind: string; readonly start: number; readonly end: number } & Readonly<
  Record<string, unknown>
>;

/** All nodes of a script in no particular order; the fields of the tree are visited whatever they are called. */
export function* nodesOf(body: ScriptBody): Generator<Node> {
  const waiting: unknown[] = [body];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) waiting.push(...next);
    else if (isRecord(next)) {
      if (isNode(next)) yield next;
      waiting.push(...Object.values(next));
    }
  }
}

/** The nodes of one kind. */
export function nodesOfKind(body: ScriptBody, kind: string): Node[] {
  return [...nodesOf(body)].filter((node) => node.kind === kind);
}

/** Names of all commands that a script calls by a bare name. */
export function commandNames(body: ScriptBody): string[] {
  return nodesOfKind(body, 'command').flatMap((node) => {
    const name = node['name'];
    return isRecord(name) && name['kind'] === 'string' && typeof name['value'] === 'string' ? [name['value']] : [];
  });
}

/** Names of all members that a script reads or calls. */
export function memberNames(body: ScriptBody): string[] {
  return [...nodesOfKind(body, 'member'), ...nodesOfKind(body, 'call')].flatMap((node) => {
    const name = node['name'];
    return isRecord(name) && typeof name['value'] === 'string' ? [name['value']] : [];
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isNode(value: Readonly<Record<string, unknown>>): value is Node {
  return typeof value['kind'] === 'string' && typeof value['start'] === 'number' && typeof value['end'] === 'number';
}
