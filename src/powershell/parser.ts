import type { Expression } from './expression-tree.ts';
import { plainForm } from './plain-form.ts';
import type { Source } from './source.ts';
import { SyntaxFault } from './source.ts';
import type {
  Block,
  ClassDefinition,
  EnumDefinition,
  Pipeline,
  ScriptBody,
  Statement,
  TypeName,
} from './syntax-tree.ts';

/** The rules that call each other across files. */
export type Grammar = {
  /** A statement, or undefined at the end of a block. */
  statement(parser: Parser): Statement | undefined;
  /** `{ statements }`. */
  block(parser: Parser): Block;
  /** Statements up to a closing character, which is consumed. */
  statementsUntil(parser: Parser, close: string, start: number): Block;
  /** A pipeline or assignment. */
  pipeline(parser: Parser): Statement | undefined;
  /** An expression with binary operators. */
  expression(parser: Parser): Expression;
  /** Like `expression`, but a comma ends it (method arguments, attributes, parameter defaults). */
  expressionNoComma(parser: Parser): Expression;
  /** An operand with the unary operators before it. */
  unary(parser: Parser): Expression;
  /** A primary with its member accesses, as in command arguments. */
  primary(parser: Parser): Expression;
  /** What follows `{` up to and with `}`. */
  scriptBody(parser: Parser, start: number, close: string): ScriptBody;
  typeName(parser: Parser): TypeName;
  /** The rest of a command whose name comes next. */
  command(parser: Parser): Pipeline['elements'][number];
};

const blank = /[\t\v\f \u0085\u00a0]/;

/** The reading position in a script. It has no tokens: PowerShell's tokens depend on where they stand. */
export class Parser {
  readonly source: Source;
  /** The script in its plain form; what becomes a value is taken from the source, as it is written. */
  readonly text: string;
  readonly grammar: Grammar;
  at = 0;
  /** In method arguments and attributes a comma separates, it does not make an array. */
  commaEnds = false;
  /** Classes and enums read so far: they exist before the script runs, wherever they stand. */
  readonly types: (ClassDefinition | EnumDefinition)[] = [];
  readonly #onRule: () => void;
  #depth = 0;

  /**
   * @param source the script
   * @param grammar the rules
   * @param onRule is told of every statement and expression that begins, and may end the reading by throwing
   */
  constructor(source: Source, grammar: Grammar, onRule: () => void = () => undefined) {
    this.#onRule = onRule;
    this.source = source;
    this.text = plainForm(source.text);
    this.grammar = grammar;
  }

  /** The character at the position (plus an offset); empty at the end. */
  peek(ahead = 0): string {
    return this.text[this.at + ahead] ?? '';
  }

  /** Whether the text goes on with this. */
  sees(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** Consumes this text if it comes next. */
  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }

  /** Matches a sticky pattern here without consuming. */
  look(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  /** The script from an offset up to the position, as it is written. */
  written(from: number): string {
    return this.source.text.slice(from, this.at);
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** Skips blanks, comments and line continuations, but no line ends. */
  skipBlanks(): void {
    for (;;) {
      const c = this.peek();
      if (c === ' ' || (c !== '' && blank.test(c))) this.at++;
      else if (c === '`' && this.look(/`\r?\n/y)) this.at += this.peek(1) === '\r' ? 3 : 2;
      else if (c === '#') this.#skipLine();
      else if (c === '<' && this.peek(1) === '#') this.#skipBlockComment();
      else return;
    }
  }

  /** Skips blanks, comments and line ends. */
  skipLines(): void {
    for (;;) {
      this.skipBlanks();
      if (this.peek() === '\n' || this.peek() === '\r') this.at++;
      else return;
    }
  }

  /** Skips blanks, comments, line ends and semicolons. */
  skipSeparators(): void {
    for (;;) {
      this.skipLines();
      if (!this.take(';')) return;
    }
  }

  /** Consumes `text` after blanks (and line ends if `lines`), or fails. */
  expect(text: string, id: string, reason: string, lines = true): void {
    if (lines) this.skipLines();
    else this.skipBlanks();
    if (!this.take(text)) this.fail(id, reason);
  }

  /** A keyword or name at the position, lower case, if it is a whole word: `return$x`, `if.` and `if"x"` are other words. */
  word(): string | undefined {
    return this.look(/[A-Za-z_]\w*(?=[\s&(),;{|}\u0085\u00a0]|$)/y)?.[0].toLowerCase();
  }

  /** Consumes a word before a member of a class, which a type may follow at once. */
  takeModifier(word: string): boolean {
    if (this.look(/[A-Za-z]+(?=[\s[$])/y)?.[0].toLowerCase() !== word) return false;
    this.at += word.length;
    return true;
  }

  /** Consumes a whole word without regard to case. */
  takeWord(word: string): boolean {
    if (this.word() !== word) return false;
    this.at += word.length;
    return true;
  }

  /** Ends parsing with a fault. */
  fail(id: string, reason: string, offset = this.at): never {
    throw new SyntaxFault(this.source, Math.min(offset, this.text.length), id, reason);
  }

  /** Ends parsing because only PowerShell 7 knows the construct. */
  refuse(construct: string, offset = this.at): never {
    this.fail(
      'powershell-7-syntax',
      `${construct} is PowerShell 7 syntax; Windows PowerShell 5.1 does not know it`,
      offset,
    );
  }

  /** Runs a rule one level deeper, so that absurd nesting is a fault and not a crash. */
  nested<T>(rule: () => T): T {
    this.#onRule();
    if (++this.#depth > 500) this.fail('ScriptTooComplicated', 'the script is nested too deeply');
    try {
      return rule();
    } finally {
      this.#depth--;
    }
  }

  /** Runs a rule with the comma as separator or as operator. */
  withComma<T>(commaEnds: boolean, rule: () => T): T {
    const before = this.commaEnds;
    this.commaEnds = commaEnds;
    try {
      return rule();
    } finally {
      this.commaEnds = before;
    }
  }

  #skipLine(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end === -1 ? this.text.length : end;
  }

  #skipBlockComment(): void {
    const end = this.text.indexOf('#>', this.at + 2);
    if (end === -1) this.fail('MissingTerminatorMultiLineComment', "the block comment has no closing '#>'");
    this.at = end + 2;
  }
}
