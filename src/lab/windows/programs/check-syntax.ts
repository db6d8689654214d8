import { type ProgramSyntax, type Switches, syntaxTable } from './syntax-table.ts';

const leafOf = (path: string): string =>
  path
    .replace(/^.*\\/, '')
    .replace(/\.exe$/i, '')
    .toLowerCase();

/** What a program takes, by its path; `undefined` for one that no row of the table describes. */
export const syntaxOf = (path: string): ProgramSyntax | undefined => syntaxTable[leafOf(path)];

const words = (text: string | undefined): string[] => (text ?? '').split(' ').filter(Boolean);

const includes = (names: string | undefined, name: string, value: string): boolean =>
  words(names).some((one) =>
    one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name || one === `${name}:${value.toLowerCase()}`,
  );

const withoutMark = (arg: string): string => arg.toLowerCase().replace(/^[/-]/, '');

/** The verb of a call: up to three words. */
const verbOf = (verbs: Readonly<Record<string, Switches>>, args: readonly string[]): string | undefined => {
  const spoken = args.map(withoutMark);
  return [3, 2, 1].map((count) => spoken.slice(0, count).join(' ')).find((one) => Object.hasOwn(verbs, one));
};

type Option = { readonly name: string; readonly value: string };

const optionOf = (syntax: ProgramSyntax, arg: string): Option | undefined => {
  const found = (syntax.hasEqualsOptions ? /^(\w+)=(.*)$/s : /^[/-]([^:=]+)(?:[:=](.*))?$/s).exec(arg);
  return found?.[1] === undefined ? undefined : { name: found[1].toLowerCase(), value: found[2] ?? '' };
};

/** What is not right about a call: it has what the lab does not simulate, or a switch that the program does not know. */
export type SyntaxProblem =
  | { readonly kind: 'outside'; readonly construct: string }
  | { readonly kind: 'wrong'; readonly option: string; readonly wrong: NonNullable<ProgramSyntax['wrong']> };

const outside = (construct: string): SyntaxProblem => ({ kind: 'outside', construct: construct.trim() });

const checkOptions = (
  syntax: ProgramSyntax,
  switches: Switches,
  args: readonly string[],
  called: string,
): SyntaxProblem | undefined => {
  for (let at = 0; at < args.length; at++) {
    const option = optionOf(syntax, args[at] ?? '');
    if (!option) continue;
    const { name, value } = option;
    const isSimulated =
      includes(switches.simulated, name, value) || includes(switches.simulated, `${name}:${value}`, '');
    if (!isSimulated) {
      if (includes(switches.known, name, value) || includes(switches.known, `${name}:${value}`, ''))
        return outside(`${called} ${args[at] ?? ''}`);
      if (syntax.wrong) return { kind: 'wrong', option: name, wrong: syntax.wrong };
    }
    if (value === '' && includes(switches.valued, name, '')) at++;
  }
  return undefined;
};

/** Compares a call with what the program takes; `undefined` where nothing is wrong with it, or where the program itself has to say so. */
export const checkSyntax = (path: string, args: readonly string[]): SyntaxProblem | undefined => {
  const syntax = syntaxOf(path);
  const program = leafOf(path);
  if (!syntax) return undefined;
  if (args.length === 0) return syntax.needArguments ? outside(`${program} without arguments`) : undefined;
  const first = withoutMark(args[0] ?? '');
  if (args.some((arg) => arg === '/?') || /^[/-]help$/i.test(args[0] ?? '')) return outside(`the help of ${program}`);
  const verb = syntax.verbs && verbOf(syntax.verbs, args);
  if (verb === undefined) {
    if (program === 'sc' && first.startsWith('\\\\')) return outside(`sc ${args[0] ?? ''}`);
    if (includes(syntax.knownVerbs, first.split(/[:=]/)[0] ?? '', ''))
      return outside(`${program} ${args.slice(0, 2).join(' ')}`);
    return syntax.switches && checkOptions(syntax, syntax.switches, args, program);
  }
  const rest = args.slice(verb.split(' ').length);
  if (rest.length === 0 && words(syntax.needName).includes(verb)) return outside(`${program} ${verb} without a name`);
  return checkOptions(syntax, syntax.verbs?.[verb] ?? {}, rest, `${program} ${verb}`);
};

/** What of a call the lab does not simulate; `undefined` where it simulates all, or the program refuses it. */
export const outsideOf = (path: string, args: readonly string[]): string | undefined => {
  const problem = checkSyntax(path, args);
  return problem?.kind === 'outside' ? problem.construct : undefined;
};
