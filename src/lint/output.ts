import type { Expression } from '../powershell/expression-tree.ts';
import type { Block, Command, FunctionDefinition, ScriptBody, Statement } from '../powershell/syntax-tree.ts';
import { gives, plainText } from './call.ts';
import { commandName } from './lint-script.ts';

/** Functions whose output is known or can be told. */
export type OutputTerms = {
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  readonly kit: ReadonlyMap<string, { readonly givesOutput: boolean }>;
};

/** Methods that give something back wherever they are found; of all others the script alone does not tell. */
const givingMethods =
  /^(?:append|appendline|appendformat|clone|contains|containskey|dequeue|endswith|equals|getenumerator|gethashcode|gettype|isinrole|getvalue|indexof|insert|lastindexof|padleft|padright|peek|pop|replace|split|startswith|substring|toarray|tolower|tolowerinvariant|tostring|toupper|toupperinvariant|trim|trimend|trimstart)$/i;

/** Static methods without a value. */
const silentStatics =
  /^(?:writealltext|writeallbytes|writealllines|appendalltext|delete|move|copy|setattributes|clear|sort|reverse|setvalue|collect|sleep|load(?:withpartialname)?)$/i;

/** Verbs of cmdlets that leave a value behind. */
const givingVerbs = new Set(
  [
    'compare convert convertfrom convertto find format get group join measure new read receive resolve search select sort split',
    'test where',
  ]
    .join(' ')
    .split(' '),
);
const giving = new Set([
  'write-output',
  'import-csv',
  'import-clixml',
  'import-powershelldatafile',
  'invoke-restmethod',
]);
const silent = new Set(['new-variable', 'new-alias', 'new-event']);

/** Statements of a body whose value falls into the pipeline, in order; the last one of the body is among them. */
export function loudStatements(body: ScriptBody, terms: OutputTerms): readonly Statement[] {
  return [body.begin, body.process, body.finish].flatMap((block) => loudIn(block, terms, new Set()));
}

/** Whether a body gives anything, by a statement or by `return`. */
export const givesOutput = (body: ScriptBody, terms: OutputTerms): boolean => bodyGives(body, terms, new Set());

const bodyGives = (body: ScriptBody, terms: OutputTerms, seen: Set<string>): boolean =>
  [body.begin, body.process, body.finish].some((block) => loudIn(block, terms, seen).length > 0);

type Seen = Set<string>;

const loudIn = (block: Block | undefined, terms: OutputTerms, seen: Seen): readonly Statement[] =>
  (block?.statements ?? []).flatMap((each) => loudOf(each, terms, seen));

function loudOf(statement: Statement, terms: OutputTerms, seen: Seen): readonly Statement[] {
  switch (statement.kind) {
    case 'pipeline':
      return isLoud(statement.elements.at(-1), terms, seen) ? [statement] : [];
    case 'if':
      return [...statement.clauses.map(({ block }) => block), statement.otherwise].flatMap((block) =>
        loudIn(block, terms, seen),
      );
    case 'while':
    case 'doWhile':
    case 'doUntil':
    case 'for':
    case 'foreach':
      return loudIn(statement.block, terms, seen);
    case 'switch':
      return [...statement.clauses.map(({ block }) => block), statement.otherwise].flatMap((block) =>
        loudIn(block, terms, seen),
      );
    case 'try':
      return [statement.block, ...statement.catches.map(({ block }) => block), statement.finally].flatMap((block) =>
        loudIn(block, terms, seen),
      );
    case 'trap':
      return loudIn(statement.block, terms, seen);
    case 'return':
      return statement.value && loudOf(statement.value, terms, seen).length > 0 ? [statement] : [];
    default:
      return [];
  }
}

type Element = Extract<Statement, { kind: 'pipeline' }>['elements'][number];

function isLoud(last: Element | undefined, terms: OutputTerms, seen: Seen): boolean {
  if (!last) return false;
  // Whatever goes to a file or to nothing is no output.
  if (last.redirections.some(({ from, merge }) => (from === 1 || from === 0) && !merge)) return false;
  return last.kind === 'command' ? isLoudCommand(last, terms, seen) : isLoudExpression(last.expression);
}

function isLoudCommand(node: Command, terms: OutputTerms, seen: Seen): boolean {
  const name = commandName(node);
  if (name === null)
    return node.invocation === '&' && node.name.kind !== 'scriptBlock' && node.name.kind !== 'variable';
  const own = terms.functions.get(name);
  if (own) {
    if (seen.has(name)) return false;
    return bodyGives(own.body, terms, new Set([...seen, name]));
  }
  const kit = terms.kit.get(name);
  if (kit) return kit.givesOutput;
  if (name === 'foreach-object')
    return node.elements.some(
      (element) =>
        element.kind === 'argument' &&
        (element.value.kind === 'scriptBlock'
          ? bodyGives(element.value.body, terms, seen)
          : element.value.kind === 'string'),
    );
  if (name.endsWith('.exe')) return true;
  if (silent.has(name)) return false;
  if (giving.has(name) || gives(node, 'passthru')) return true;
  const [verb = '', noun] = name.split('-');
  return noun !== undefined && givingVerbs.has(verb);
}

function isLoudExpression(value: Expression): boolean {
  switch (value.kind) {
    case 'increment':
      return false;
    case 'cast':
      return value.type?.name.toLowerCase() !== 'void';
    case 'variable':
      return value.name.toLowerCase() !== 'null';
    case 'call': {
      const method = plainText(value.name) ?? '';
      return value.isStatic ? !silentStatics.test(method) : givingMethods.test(method);
    }
    default:
      return true;
  }
}
