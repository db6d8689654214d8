import { type ASTNode, Environment } from '@marcbachmann/cel-js';

/** What became of a condition: an answer, or why there is none. */
export type ConditionOutcome =
  | { readonly kind: 'told'; readonly holds: boolean }
  | { readonly kind: 'cannot-tell'; readonly reason: string };

/** Something that a condition speaks of, as `facts.os.build` → `['facts', 'os', 'build']`; `offset` counts characters from its start. */
export type ConditionReference = { readonly path: readonly string[]; readonly offset: number };

/** A condition that has passed the parser and the type check. */
export type Condition = {
  readonly text: string;
  readonly references: readonly ConditionReference[];
  readonly run: (scope: Record<string, unknown>) => unknown;
};

/** The roots that a condition can speak of. */
const conditionRoots = ['facts', 'host', 'params', 'steps'] as const;

const environment = conditionRoots.reduce(
  (built, root) => built.registerVariable(root, 'map'),
  new Environment({
    limits: { maxAstNodes: 500, maxDepth: 50, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 },
  }),
);

/** Parses and type-checks a CEL condition. On a fault, `offset` is the character where it lies. */
export function compileCondition(
  text: string,
):
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly message: string; readonly offset: number } {
  try {
    const run = environment.parse(text);
    const check = run.check();
    if (!check.valid) return refusal(check.error);
    if (check.type !== 'bool' && check.type !== 'dyn') {
      return { ok: false, message: `the condition gives ${check.type}, expected true or false`, offset: 0 };
    }
    const references: ConditionReference[] = [];
    collectReferences(run.ast, references);
    return { ok: true, condition: { text, references, run: (scope) => run(scope) } };
  } catch (error) {
    return refusal(error);
  }
}

/** Evaluates a condition. What the scope lacks, and a value that is not true or false, gives `cannot-tell`; nothing is thrown. */
export function evaluateCondition(condition: Condition, scope: Record<string, unknown>): ConditionOutcome {
  try {
    const answer = condition.run(celValue(scope) as Record<string, unknown>);
    if (typeof answer === 'boolean') return { kind: 'told', holds: answer };
    return { kind: 'cannot-tell', reason: `\`${condition.text}\` gave ${describe(answer)}, expected true or false` };
  } catch (error) {
    return { kind: 'cannot-tell', reason: `\`${condition.text}\`: ${summaryOf(error)}` };
  }
}

/** CEL keeps whole numbers and fractions apart: whole JavaScript numbers become CEL integers, so that `n + 1` and `n % 2` work. */
function celValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(celValue);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, each]) => [key, celValue(each)]));
}

function describe(answer: unknown): string {
  return answer === null ? 'null' : typeof answer === 'bigint' ? 'a number' : `a ${typeof answer}`;
}

function summaryOf(error: unknown): string {
  const summary = error instanceof Error && 'summary' in error ? error.summary : null;
  if (typeof summary === 'string') return summary.charAt(0).toLowerCase() + summary.slice(1);
  return error instanceof Error ? error.message : String(error);
}

function refusal(error: unknown): { ok: false; message: string; offset: number } {
  const range = error instanceof Error && 'range' in error ? error.range : undefined;
  const start = typeof range === 'object' && range !== null && 'start' in range ? range.start : 0;
  return { ok: false, message: summaryOf(error), offset: typeof start === 'number' ? start : 0 };
}

/** Walks the tree and notes every longest chain of names that begins at a root. */
function collectReferences(node: unknown, found: ConditionReference[]): void {
  if (Array.isArray(node)) {
    for (const each of node) collectReferences(each, found);
    return;
  }
  if (!isNode(node)) return;
  const chain = chainOf(node);
  if (chain !== null) {
    found.push(chain);
    return;
  }
  collectReferences(node.args, found);
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

/** The chain of names of `a.b["c"]`; stops being one at a computed index. */
function chainOf(node: ASTNode): ConditionReference | null {
  if (node.op === 'id') {
    return (conditionRoots as readonly string[]).includes(node.args) ? { path: [node.args], offset: node.start } : null;
  }
  if (node.op === '.') {
    const before = chainOf(node.args[0]);
    return before === null ? null : { path: [...before.path, node.args[1]], offset: before.offset };
  }
  if (node.op === '[]' && node.args[1].op === 'value' && typeof node.args[1].args === 'string') {
    const before = chainOf(node.args[0]);
    return before === null ? null : { path: [...before.path, node.args[1].args], offset: before.offset };
  }
  return null;
}
