import type { Expression } from '../../powershell/expression-tree.ts';
import { sevenOnlyCommands, sevenOnlyParameters } from '../../powershell/seven-only.ts';
import type { Command, ExpressionCommand, ScriptBody } from '../../powershell/syntax-tree.ts';
import { nodesOf } from '../../powershell/walk.ts';
import type { CmdletDefinition, Program } from '../evaluator/host.ts';
import type { Registry } from '../evaluator/registry.ts';
import { isOutside } from '../windows/programs/outside-programs.ts';
import { programNamed, toLanguageProgram } from '../windows/programs/programs.ts';
import { type CallArguments, readCall } from './call-arguments.ts';
import { checkCall, literalText } from './check-call.ts';
import { checkClass } from './check-class.ts';
import { checkFormatting } from './check-formatting.ts';
import { checkNewObject } from './check-new-object.ts';
import type { CoverageGap, Findings } from './findings.ts';
import { type HashTables, readTables } from './hash-tables.ts';
import { type NamedProgram, programNameOf } from './program-name.ts';

type Place = { readonly registry: Registry; readonly findings: Findings; readonly usings: readonly string[] };

const literal = (value: Expression | undefined): string | undefined =>
  value?.kind === 'string' ? value.value : undefined;

/** The value of a parameter by its whole name. */
const valueOf = (call: CallArguments, name: string): Expression | undefined =>
  call.given.find(({ spec }) => spec?.name === name)?.value;

/** Aliases that the script makes with names that stand in it. */
const ownAliases = (root: ScriptBody, registry: Registry, tables: HashTables): Map<string, string> => {
  const aliases = new Map<string, string>();
  for (const node of nodesOf(root)) {
    if (node.kind !== 'command' || node.name.kind !== 'string') continue;
    const cmdlet = registry.cmdlets.get(node.name.value.toLowerCase());
    if (cmdlet?.name !== 'Set-Alias' && cmdlet?.name !== 'New-Alias') continue;
    const call = readCall(cmdlet, node, tables);
    const [name, value] = [literal(valueOf(call, 'Name')), literal(valueOf(call, 'Value'))];
    if (name !== undefined && value !== undefined) aliases.set(name.toLowerCase(), value);
  }
  return aliases;
};

const unknownParameter = (cmdlet: CmdletDefinition, name: string): CoverageGap['why'] =>
  sevenOnlyParameters.get(cmdlet.name.toLowerCase())?.has(name.toLowerCase()) === true ? 'seven' : 'unknown';

const checkParameters = (cmdlet: CmdletDefinition, call: CallArguments, { findings }: Place): void => {
  for (const { name, spec, at } of call.given) {
    // Common parameters are the language's own.
    if (spec && !Object.hasOwn(cmdlet.parameters, spec.name)) continue;
    const verdict = spec ? (cmdlet.outside?.includes(spec.name) ? 'outside' : true) : unknownParameter(cmdlet, name);
    findings.note('parameter', `${cmdlet.name} -${spec?.name ?? name}`, at, verdict);
  }
  for (const at of call.open) findings.leaveOpen(`parameters that are splatted to ${cmdlet.name}`, at);
};

const isNull = (target: Expression): boolean => target.kind === 'variable' && target.name.toLowerCase() === 'null';

/** A file that output is written to gets it as text, as from Out-File. */
const checkRedirections = (node: Command | ExpressionCommand, place: Place): void => {
  for (const { from, merge, target, start } of node.redirections)
    if (from === 1 && !merge && target && !isNull(target)) checkFormatting(node, '>', start, place);
};

/** What stands before each command in its pipeline. */
const inputsOf = (root: ScriptBody): ReadonlyMap<Command, Command | ExpressionCommand> => {
  const inputs = new Map<Command, Command | ExpressionCommand>();
  for (const node of nodesOf(root)) {
    if (node.kind !== 'pipeline') continue;
    for (const [index, element] of node.elements.entries()) {
      const before = node.elements[index - 1];
      if (before && element.kind === 'command') inputs.set(element, before);
    }
  }
  return inputs;
};

/** Arguments of a program that all stand in the script. */
const argumentsOf = (node: Command): readonly string[] | undefined => {
  const texts = node.elements.map((element) =>
    element.kind === 'argument'
      ? literalText(element.value)
      : element.kind === 'commandParameter' && !element.argument
        ? `-${element.name}`
        : undefined,
  );
  return texts.every((text) => text !== undefined) ? texts : undefined;
};

const checkProgram = (program: Program, node: Command, written: string, findings: Findings): void => {
  findings.note('program', written, node.start, program.isOutside ? 'outside' : true);
  const args = argumentsOf(node);
  const lack = args && program.outsideCall?.(args);
  if (lack !== undefined) findings.note('call', lack, node.start, 'outside');
};

const checkCmdlet = (
  cmdlet: CmdletDefinition,
  { node, input }: { readonly node: Command; readonly input: Command | ExpressionCommand | undefined },
  tables: HashTables,
  place: Place,
): void => {
  const { findings } = place;
  findings.note('command', cmdlet.name, node.start, true);
  const call = readCall(cmdlet, node, tables);
  checkParameters(cmdlet, call, place);
  checkCall(cmdlet, call, { at: node.start, isPiped: input !== undefined, findings });
  if ((cmdlet.name === 'Out-String' || cmdlet.name === 'Out-File') && input)
    checkFormatting(input, cmdlet.name, node.start, place);
  if (cmdlet.name.endsWith('-CimInstance') || cmdlet.name === 'Invoke-CimMethod') checkClass(call, node, findings);
  if (cmdlet.name === 'New-Object') checkNewObject(call, place);
  if (cmdlet.name === 'Invoke-Expression') findings.leaveOpen('the text that Invoke-Expression runs', node.start);
};

const nameOf = (node: Command, findings: Findings): NamedProgram | undefined => {
  if (node.name.kind === 'scriptBlock') return undefined;
  const named = programNameOf(node.name);
  if (named === undefined) findings.leaveOpen('a command whose name is made when it runs', node.start);
  return named;
};

/** A program in a folder that only a run knows: told by its own name. */
const checkLeaf = (leaf: string, node: Command, findings: Findings): void => {
  if (/\.ps1$/i.test(leaf)) return findings.leaveOpen(`the script ${leaf}`, node.start);
  const program = programNamed(leaf);
  if (program) return checkProgram(toLanguageProgram(program), node, leaf, findings);
  findings.note('program', leaf, node.start, isOutside(leaf) ? 'outside' : 'unknown');
};

/**
 * Finds commands, their parameters, CIM classes and native programs, and what the lab has not of them.
 * @param functions lower-case names of functions that the script can call beside its own
 */
export const findCommands = (root: ScriptBody, place: Place, functions: ReadonlySet<string>): void => {
  const { registry, findings } = place;
  const tables = readTables(root);
  const aliases = ownAliases(root, registry, tables);
  const inputs = inputsOf(root);
  const own = new Set(functions);
  for (const node of nodesOf(root))
    if (node.kind === 'function') own.add(node.name.toLowerCase().replace(/^(global|script|local|private):/, ''));
  for (const node of nodesOf(root)) {
    if (node.kind === 'command' || node.kind === 'expressionCommand') checkRedirections(node, place);
    if (node.kind !== 'command') continue;
    const named = nameOf(node, findings);
    if (named === undefined) continue;
    const written = named.text;
    if (!named.isWhole) {
      checkLeaf(written, node, findings);
      continue;
    }
    const plain = written.replace(/^[\w.]+\\(?=\w+-\w+$)/, '').toLowerCase();
    const target = aliases.get(plain) ?? registry.aliases.get(plain) ?? plain;
    if (own.has(plain) || own.has(target.toLowerCase())) continue;
    const cmdlet = registry.cmdlets.get(target.toLowerCase());
    const use = { node, input: inputs.get(node) };
    if (cmdlet) checkCmdlet(cmdlet, use, tables, place);
    else if (/\.ps1$/i.test(target)) findings.leaveOpen(`the script ${written}`, node.start);
    else {
      const program = registry.resolveProgram(written);
      const getter = program ? undefined : registry.cmdlets.get(`get-${target.toLowerCase()}`);
      if (program) checkProgram(program, node, written, findings);
      else if (getter) checkCmdlet(getter, use, tables, place);
      else if (/[\\/]/.test(written)) findings.note('program', written, node.start, 'unknown');
      else {
        const isSeven = sevenOnlyCommands.has(target.toLowerCase());
        findings.note(
          'command',
          written,
          node.start,
          isSeven ? 'seven' : registry.isKnownCommand(target) ? 'outside' : 'unknown',
        );
      }
    }
  }
};
