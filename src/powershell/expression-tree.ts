import type { Attribute, Block, ScriptBody, Span, Statement, TypeName } from './syntax-tree.ts';

/** Any expression. */
export type Expression =
  | Binary
  | Unary
  | Increment
  | Cast
  | TypeExpression
  | Variable
  | NumberLiteral
  | StringLiteral
  | ExpandableString
  | ArrayLiteral
  | ArrayExpression
  | SubExpression
  | Parenthesis
  | HashLiteral
  | ScriptBlockExpression
  | MemberAccess
  | MethodCall
  | IndexAccess;

/** Binary operator; names are lower case without dash, `c`/`i` prefix split off (`eq`, `match`, `+`, `..`, `f`, `and`). */
export type Binary = Span & {
  readonly kind: 'binary';
  readonly operator: string;
  readonly caseSensitive: boolean;
  readonly left: Expression;
  readonly right: Expression;
  /** Offset of the operator. */
  readonly at: number;
};

/** `-not`, `!` (as `not`), `-bnot`, `-`, `+`, `,`, `-join`, `-split`. */
export type Unary = Span & {
  readonly kind: 'unary';
  readonly operator: string;
  readonly caseSensitive: boolean;
  readonly operand: Expression;
};

/** `++` or `--` before or behind a target. */
export type Increment = Span & {
  readonly kind: 'increment';
  readonly by: 1 | -1;
  readonly prefix: boolean;
  readonly target: Expression;
};

/** `[type]value`; on the left of `=` it types the variable. `attributes` are those written like types (`[ValidateSet(…)]$x`). */
export type Cast = Span & {
  readonly kind: 'cast';
  readonly type: TypeName | undefined;
  readonly attribute: Attribute | undefined;
  readonly operand: Expression;
};

/** A `[type]` that stands as a value. */
export type TypeExpression = Span & { readonly kind: 'type'; readonly type: TypeName };

/** A variable, with its scope or drive. */
export type Variable = Span & {
  readonly kind: 'variable';
  /** Without scope or drive. */
  readonly name: string;
  /** `global`, `script`, `local`, `private`, `using`, or a drive such as `env` (lower case). */
  readonly scope: string | undefined;
  readonly splat: boolean;
};

/** A number as written, with its suffixes read. */
export type NumberLiteral = Span & {
  readonly kind: 'number';
  readonly value:
    | { readonly type: 'Int32' | 'Int64'; readonly integer: bigint }
    | { readonly type: 'Double'; readonly float: number }
    | { readonly type: 'Decimal'; readonly unscaled: bigint; readonly scale: number };
};

/** A string without expansion. `bare` is a word of a command line. */
export type StringLiteral = Span & {
  readonly kind: 'string';
  readonly value: string;
  readonly bare: boolean;
};

/** A string with `$` expansion. */
export type ExpandableString = Span & {
  readonly kind: 'expandable';
  readonly parts: readonly (string | Expression)[];
  readonly bare: boolean;
};

/** Values joined by commas. */
export type ArrayLiteral = Span & { readonly kind: 'array'; readonly items: readonly Expression[] };
/** `@( … )`. */
export type ArrayExpression = Span & { readonly kind: 'arrayExpression'; readonly block: Block };
/** `$( … )`. */
export type SubExpression = Span & { readonly kind: 'subExpression'; readonly block: Block };
/** `( … )`. */
export type Parenthesis = Span & { readonly kind: 'parenthesis'; readonly inner: Statement };
/** `@{ … }`. */
export type HashLiteral = Span & {
  readonly kind: 'hash';
  readonly entries: readonly { readonly key: Expression; readonly value: Statement }[];
};
/** A `{ … }` that stands as a value. */
export type ScriptBlockExpression = Span & { readonly kind: 'scriptBlock'; readonly body: ScriptBody };
/** `a.b` or `[t]::b`. */
export type MemberAccess = Span & {
  readonly kind: 'member';
  readonly target: Expression;
  readonly name: Expression;
  readonly isStatic: boolean;
};
/** `a.b(…)` or `[t]::b(…)`. */
export type MethodCall = Span & {
  readonly kind: 'call';
  readonly target: Expression;
  readonly name: Expression;
  readonly arguments: readonly Expression[];
  readonly isStatic: boolean;
};
/** `a[…]`. */
export type IndexAccess = Span & { readonly kind: 'index'; readonly target: Expression; readonly index: Expression };
