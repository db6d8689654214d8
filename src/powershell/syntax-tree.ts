/** The syntax tree of Windows PowerShell 5.1. Every node has the offsets of its text in the source (`end` is exclusive). */

import type { Expression, Variable } from './expression-tree.ts';

/** Offsets of a node. */
export type Span = { readonly start: number; readonly end: number };

/** A whole script, or what stands between the braces of a script block or function. */
export type ScriptBody = Span & {
  readonly kind: 'body';
  readonly attributes: readonly Attribute[];
  readonly parameters: readonly Parameter[] | undefined;
  readonly begin: Block | undefined;
  readonly process: Block | undefined;
  /** The `end` block, or all statements where no block is named. */
  readonly finish: Block | undefined;
  readonly dynamicParameters: Block | undefined;
};

/** Statements in order. */
export type Block = Span & { readonly kind: 'block'; readonly statements: readonly Statement[] };

/** `[Name(positional, name = value)]`. */
export type Attribute = Span & {
  readonly kind: 'attribute';
  readonly name: string;
  readonly positional: readonly Expression[];
  readonly named: readonly { readonly name: string; readonly value: Expression | undefined }[];
};

/** A type as it is written: `System.Collections.Generic.List[object]`, `int[]`. */
export type TypeName = Span & {
  readonly kind: 'typeName';
  readonly name: string;
  readonly arguments: readonly TypeName[];
  /** Number of dimensions for each pair of brackets behind the name, inner first. */
  readonly ranks: readonly number[];
};

/** One parameter of a `param()` block or function head. */
export type Parameter = Span & {
  readonly kind: 'parameter';
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly types: readonly TypeName[];
  readonly defaultValue: Expression | undefined;
};

/** Any statement. */
export type Statement =
  | Pipeline
  | Assignment
  | IfStatement
  | LoopStatement
  | ForStatement
  | ForEachStatement
  | SwitchStatement
  | TryStatement
  | TrapStatement
  | FlowStatement
  | FunctionDefinition
  | ClassDefinition
  | EnumDefinition
  | DataStatement
  | UsingStatement;

/** `a | b | c`; a lone expression is a pipeline of one. */
export type Pipeline = Span & {
  readonly kind: 'pipeline';
  readonly elements: readonly (Command | ExpressionCommand)[];
};

/** An expression in a pipeline. */
export type ExpressionCommand = Span & {
  readonly kind: 'expressionCommand';
  readonly expression: Expression;
  readonly redirections: readonly Redirection[];
};

/** A command call. */
export type Command = Span & {
  readonly kind: 'command';
  /** `&`, `.`, or none. */
  readonly invocation: '&' | '.' | '';
  readonly name: Expression;
  readonly elements: readonly CommandElement[];
  readonly redirections: readonly Redirection[];
};

/** What may follow a command name. */
export type CommandElement = CommandParameter | Argument;

/** `-Name` or `-Name:value`. */
export type CommandParameter = Span & {
  readonly kind: 'commandParameter';
  readonly name: string;
  readonly argument: Expression | undefined;
};

/** A positional argument, or the value of the parameter before it; `@name` is a variable with `splat`. */
export type Argument = Span & { readonly kind: 'argument'; readonly value: Expression };

/** `2>&1`, `> file`, `*> $null`. Stream 0 stands for all. */
export type Redirection = Span & {
  readonly kind: 'redirection';
  readonly from: number;
  readonly merge: boolean;
  readonly append: boolean;
  readonly target: Expression | undefined;
};

/** `target op= value`; the value is a statement (`$x = if …`). */
export type Assignment = Span & {
  readonly kind: 'assignment';
  readonly operator: '=' | '+=' | '-=' | '*=' | '/=' | '%=';
  readonly target: Expression;
  readonly value: Statement;
};

/** `if` with its clauses and the block of `else`. */
export type IfStatement = Span & {
  readonly kind: 'if';
  readonly clauses: readonly { readonly condition: Statement; readonly block: Block }[];
  readonly otherwise: Block | undefined;
};

/** `while`, `do … while` and `do … until`. */
export type LoopStatement = Span & {
  readonly kind: 'while' | 'doWhile' | 'doUntil';
  readonly label: string | undefined;
  readonly condition: Statement;
  readonly block: Block;
};

/** `for` with its three parts. */
export type ForStatement = Span & {
  readonly kind: 'for';
  readonly label: string | undefined;
  readonly initial: Statement | undefined;
  readonly condition: Statement | undefined;
  readonly iterate: Statement | undefined;
  readonly block: Block;
};

/** `foreach` over a collection. */
export type ForEachStatement = Span & {
  readonly kind: 'foreach';
  readonly label: string | undefined;
  readonly variable: Variable;
  readonly source: Statement;
  readonly block: Block;
};

/** `switch` with its flags and clauses. */
export type SwitchStatement = Span & {
  readonly kind: 'switch';
  readonly label: string | undefined;
  readonly match: 'exact' | 'wildcard' | 'regex';
  readonly caseSensitive: boolean;
  /** `-File path` instead of a value. */
  readonly file: Expression | undefined;
  readonly source: Statement | undefined;
  readonly clauses: readonly { readonly condition: Expression; readonly block: Block }[];
  readonly otherwise: Block | undefined;
};

/** `try` with typed `catch` blocks and `finally`. */
export type TryStatement = Span & {
  readonly kind: 'try';
  readonly block: Block;
  readonly catches: readonly { readonly types: readonly TypeName[]; readonly block: Block }[];
  readonly finally: Block | undefined;
};

/** `trap`, with or without a type. */
export type TrapStatement = Span & {
  readonly kind: 'trap';
  readonly type: TypeName | undefined;
  readonly block: Block;
};

/** `return`, `throw`, `exit` with an optional value; `break` and `continue` with an optional label. */
export type FlowStatement = Span & {
  readonly kind: 'return' | 'throw' | 'exit' | 'break' | 'continue';
  readonly value: Statement | undefined;
  readonly label: Expression | undefined;
};

/** `function` or `filter`. */
export type FunctionDefinition = Span & {
  readonly kind: 'function';
  readonly name: string;
  readonly filter: boolean;
  readonly body: ScriptBody;
};

/** `class Name : Base { … }`. */
export type ClassDefinition = Span & {
  readonly kind: 'class';
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly bases: readonly TypeName[];
  readonly members: readonly ClassMember[];
};

/** What every member of a class can have before its name. */
type MemberHead = {
  readonly attributes: readonly Attribute[];
  readonly type: TypeName | undefined;
  readonly isStatic: boolean;
  readonly isHidden: boolean;
};

/** A property, or a method; a method with the name of its class is a constructor. */
export type ClassMember = Span &
  MemberHead &
  (
    | { readonly kind: 'property'; readonly name: string; readonly value: Expression | undefined }
    | {
        readonly kind: 'method';
        readonly name: string;
        readonly parameters: readonly Parameter[];
        /** Arguments of `: base(…)`. */
        readonly base: readonly Expression[] | undefined;
        readonly body: Block;
      }
  );

/** `enum Name { … }`. */
export type EnumDefinition = Span & {
  readonly kind: 'enum';
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly underlying: TypeName | undefined;
  readonly members: readonly { readonly name: string; readonly value: Expression | undefined }[];
};

/** A `data` section. */
export type DataStatement = Span & {
  readonly kind: 'data';
  readonly variable: string | undefined;
  readonly block: Block;
};

/** `using namespace X`. */
export type UsingStatement = Span & { readonly kind: 'using'; readonly what: string; readonly name: string };
