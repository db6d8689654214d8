/** The syntax tree of Windows PowerShell 5.1. Every node has the offsets of its text in the source (`end` is exclusive). */

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

/** A `data` section. */
export type DataStatement = Span & {
  readonly kind: 'data';
  readonly variable: string | undefined;
  readonly block: Block;
};

/** `using namespace X`. */
export type UsingStatement = Span & { readonly kind: 'using'; readonly what: string; readonly name: string };

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
