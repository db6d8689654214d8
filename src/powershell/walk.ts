import type { Expression } from './expression-tree.ts';
import type {
  Argument,
  Attribute,
  Block,
  ClassMember,
  Command,
  CommandParameter,
  ExpressionCommand,
  Parameter,
  Redirection,
  ScriptBody,
  Statement,
  TypeName,
} from './syntax-tree.ts';

/** Any node of a syntax tree. */
export type SyntaxNode =
  | Statement
  | Expression
  | ScriptBody
  | Block
  | Attribute
  | TypeName
  | Parameter
  | Command
  | ExpressionCommand
  | CommandParameter
  | Argument
  | Redirection
  | ClassMember;

const isNode = (value: object): value is SyntaxNode => 'kind' in value && 'start' in value && 'end' in value;

/** A node and all below it, in the order of the text. */
export function* nodesOf(value: unknown): Generator<SyntaxNode> {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) yield value;
  for (const part of Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value)) yield* nodesOf(part);
}
