import { netError } from '../define.ts';

/** Axes of XPath 1.0. */
export type Axis =
  | 'child'
  | 'descendant'
  | 'descendant-or-self'
  | 'parent'
  | 'ancestor'
  | 'ancestor-or-self'
  | 'self'
  | 'attribute'
  | 'following-sibling'
  | 'preceding-sibling'
  | 'following'
  | 'preceding';

/** One step of a path; the test is a name (`*`, `p:name`) or a node type. */
export type PathStep = {
  readonly axis: Axis;
  readonly test: string;
  readonly isType: boolean;
  readonly predicates: readonly PathExpression[];
};

/** An expression of XPath 1.0. */
export type PathExpression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'negative'; readonly operand: PathExpression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: PathExpression;
      readonly right: PathExpression;
    }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly PathExpression[] }
  | {
      readonly kind: 'path';
      /** What the steps start from; undefined: the context node, or the root. */
      readonly start: PathExpression | undefined;
      readonly startPredicates: readonly PathExpression[];
      readonly fromRoot: boolean;
      readonly steps: readonly PathStep[];
    };

const token =
  /\s*(?:("[^"]*"|'[^']*')|(\d+(?:\.\d*)?|\.\d+)|(::|\/\/|\.\.|!=|<=|>=|[/|()[\]@,+\-=<>*.])|([\p{L}_][\p{L}\p{Nd}._-]*(?::(?!:)(?:[\p{L}_][\p{L}\p{Nd}._-]*|\*))?)|(\$))/uy;

const levels = [['or'], ['and'], ['=', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', 'div', 'mod']];
const nodeTypes = new Set(['node', 'text', 'comment', 'processing-instruction']);
const axes = new Set<string>([
  'child',
  'descendant',
  'descendant-or-self',
  'parent',
  'ancestor',
  'ancestor-or-self',
  'self',
  'attribute',
  'following-sibling',
  'preceding-sibling',
  'following',
  'preceding',
]);
const anyNode: PathStep = { axis: 'descendant-or-self', test: 'node', isType: true, predicates: [] };

class PathReader {
  readonly #path: string;
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(path: string) {
    this.#path = path;
    token.lastIndex = 0;
    while (token.lastIndex < path.trimEnd().length) {
      const match = token.exec(path);
      if (!match || match[5] !== undefined) this.#fail();
      this.#tokens.push(match?.[0].trim() ?? '');
    }
  }

  #fail(): never {
    throw netError('System.Xml.XPath.XPathException', `'${this.#path}' has an invalid token.`);
  }

  #peek(ahead = 0): string {
    return this.#tokens[this.#at + ahead] ?? '';
  }

  #take(text: string): boolean {
    if (this.#peek() !== text) return false;
    this.#at++;
    return true;
  }

  read(): PathExpression {
    const expression = this.#binary(0);
    if (this.#at < this.#tokens.length) this.#fail();
    return expression;
  }

  #binary(level: number): PathExpression {
    const operators = levels[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    while (operators.includes(this.#peek())) {
      const operator = this.#peek();
      this.#at++;
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #unary(): PathExpression {
    if (this.#take('-')) return { kind: 'negative', operand: this.#unary() };
    let left = this.#path_();
    while (this.#take('|')) left = { kind: 'binary', operator: '|', left, right: this.#path_() };
    return left;
  }

  #isFilter(): boolean {
    const next = this.#peek();
    if (/^["'(]/.test(next) || /^\.?\d/.test(next)) return true;
    return this.#peek(1) === '(' && /^[\p{L}_]/u.test(next) && !nodeTypes.has(next);
  }

  #path_(): PathExpression {
    if (this.#isFilter()) {
      const start = this.#primary();
      const startPredicates = this.#predicates();
      const steps = this.#peek().startsWith('/') ? this.#steps() : [];
      if (steps.length === 0 && startPredicates.length === 0) return start;
      return { kind: 'path', start, startPredicates, fromRoot: false, steps };
    }
    const fromRoot = this.#peek().startsWith('/');
    if (this.#peek() === '/' && !this.#startsStep(1)) {
      this.#at++;
      return { kind: 'path', start: undefined, startPredicates: [], fromRoot, steps: [] };
    }
    const steps = fromRoot ? this.#steps() : [this.#step(), ...this.#steps()];
    return { kind: 'path', start: undefined, startPredicates: [], fromRoot, steps };
  }

  #startsStep(ahead: number): boolean {
    return /^([\p{L}_]|\.|@|\*)/u.test(this.#peek(ahead));
  }

  #steps(): PathStep[] {
    const steps: PathStep[] = [];
    for (;;) {
      if (this.#take('//')) steps.push(anyNode);
      else if (!this.#take('/')) return steps;
      steps.push(this.#step());
    }
  }

  #predicates(): PathExpression[] {
    const found: PathExpression[] = [];
    while (this.#take('[')) {
      found.push(this.#binary(0));
      if (!this.#take(']')) this.#fail();
    }
    return found;
  }

  #step(): PathStep {
    if (this.#take('.')) return { axis: 'self', test: 'node', isType: true, predicates: this.#predicates() };
    if (this.#take('..')) return { axis: 'parent', test: 'node', isType: true, predicates: this.#predicates() };
    let axis: Axis = 'child';
    if (this.#take('@')) axis = 'attribute';
    else if (this.#peek(1) === '::') {
      if (!axes.has(this.#peek())) this.#fail();
      axis = this.#peek() as Axis;
      this.#at += 2;
    }
    const test = this.#peek();
    if (!/^([\p{L}_]|\*)/u.test(test)) this.#fail();
    this.#at++;
    const isType = nodeTypes.has(test) && this.#peek() === '(';
    if (isType) {
      this.#at++;
      while (!this.#take(')')) {
        if (this.#at >= this.#tokens.length) this.#fail();
        this.#at++;
      }
    }
    return { axis, test, isType, predicates: this.#predicates() };
  }

  #primary(): PathExpression {
    const next = this.#peek();
    this.#at++;
    if (next === '(') {
      const inner = this.#binary(0);
      if (!this.#take(')')) this.#fail();
      return inner;
    }
    if (/^["']/.test(next)) return { kind: 'text', value: next.slice(1, -1) };
    if (/^[.\d]/.test(next)) return { kind: 'number', value: Number(next) };
    if (!this.#take('(')) this.#fail();
    const given: PathExpression[] = [];
    while (!this.#take(')')) {
      if (given.length > 0 && !this.#take(',')) this.#fail();
      given.push(this.#binary(0));
    }
    return { kind: 'call', name: next, arguments: given };
  }
}

/**
 * Parses an expression of XPath 1.0.
 * @throws NetError System.Xml.XPath.XPathException
 */
export const parseXPath = (path: string): PathExpression => new PathReader(path).read();
