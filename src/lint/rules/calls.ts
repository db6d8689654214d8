import { nearest } from '../../kernel/suggestion.ts';
import { sevenOnlyCommands } from '../../powershell/seven-only.ts';
import type { Command } from '../../powershell/syntax-tree.ts';
import { givenArguments, isSplatted, plainText } from '../call.ts';
import type { KitFunction, KitParameter } from '../kit-surface.ts';
import { callsOf, type LintScript } from '../lint-script.ts';
import { isWindowsCommand, programOf } from '../programs.ts';
import type { Hit, ScriptRule } from '../rule.ts';

const isKitName = /^[\w]+-kt\w+$/;

/** Parameters that every advanced function has. */
const common =
  /^(?:verbose|vb|debug|db|erroraction|ea|warningaction|wa|informationaction|infa|errorvariable|ev|warningvariable|wv|informationvariable|iv|outvariable|ov|outbuffer|ob|pipelinevariable|pv)$/;

/** A parameter by its name, or by the beginning of it where no other begins so. */
function parameterOf(name: string, kit: KitFunction): KitParameter | null {
  const exact = kit.parameters.find((each) => each.name.toLowerCase() === name);
  const begins = kit.parameters.filter((each) => each.name.toLowerCase().startsWith(name));
  return exact ?? (begins.length === 1 ? (begins[0] ?? null) : null);
}

function kitCallHits(node: Command, kit: KitFunction): readonly Hit[] {
  const given = givenArguments(node, (name) => parameterOf(name, kit)?.isSwitch === true);
  const hits: Hit[] = [];
  const used = new Set<KitParameter>();
  for (const { name, value, at } of given) {
    if (name === null || common.test(name)) continue;
    const parameter = parameterOf(name, kit);
    if (parameter === null) {
      const near = nearest(
        name,
        kit.parameters.map((each) => each.name),
        1,
      )[0];
      hits.push({ at, what: `${kit.name} has no parameter -${name}${near === undefined ? '' : ` (-${near}?)`}` });
      continue;
    }
    used.add(parameter);
    const text = plainText(value);
    if (!parameter.isSwitch && value === null) hits.push({ at, what: `${kit.name} -${parameter.name} has no value` });
    if (
      text !== null &&
      parameter.values &&
      !parameter.values.some((each) => each.toLowerCase() === text.toLowerCase())
    )
      hits.push({ at, what: `${kit.name} -${parameter.name} takes ${parameter.values.join(', ')}, not '${text}'` });
  }
  const byPlace = given.filter(({ name }) => name === null).length;
  const free = kit.parameters.filter((each) => !each.isSwitch && !used.has(each));
  if (isSplatted(node)) return hits;
  if (byPlace > free.length)
    hits.push({ at: node.start, what: `${kit.name} takes no more values than ${free.length} by their place` });
  for (const each of free.slice(0, byPlace)) used.add(each);
  for (const parameter of kit.parameters)
    if (parameter.isNeeded && !used.has(parameter))
      hits.push({ at: node.start, what: `${kit.name} lacks -${parameter.name}` });
  return [...hits, ...setHits(node, kit, used)];
}

/** Of functions with sets of parameters exactly one must be chosen. */
function setHits(node: Command, kit: KitFunction, used: ReadonlySet<KitParameter>): readonly Hit[] {
  const choosing = kit.parameters.filter((each) => each.chooses);
  if (choosing.length === 0) return [];
  const ways = choosing.map((each) => `-${each.name}`).join(', ');
  const chosen = new Set(Array.from(used, (each) => each.set).filter((set) => set !== null));
  if (chosen.size > 1) return [{ at: node.start, what: `${kit.name} takes only one of ${ways}` }];
  const [set] = chosen;
  const isChosen = choosing.some((each) => used.has(each) && each.set === set);
  return isChosen ? [] : [{ at: node.start, what: `${kit.name} lacks one of ${ways}` }];
}

function unknownCommands(script: LintScript): readonly Hit[] {
  return callsOf(script).flatMap(({ node, name }) => {
    if (script.functions.has(name) || script.kit.has(name) || isWindowsCommand(name) || sevenOnlyCommands.has(name))
      return [];
    // Whatever has a path or an ending is a program.
    if (programOf(node) !== null || node.invocation === '.' || name.endsWith('.ps1')) return [];
    const candidates = isKitName.test(name)
      ? Array.from(script.kit.values(), (each) => each.name)
      : [...script.functions.values()].map((each) => each.name);
    const near = nearest(name, candidates, 1)[0];
    const written = node.name.kind === 'string' ? node.name.value : name;
    return [{ at: node.start, what: near === undefined ? written : `${written} (${near}?)` }];
  });
}

/** Calls that end with an error wherever they run. */
export const callRules: readonly ScriptRule[] = [
  {
    on: 'script',
    id: 'kit-call',
    severity: 'error',
    title: { en: 'Wrong call of the host kit', ja: 'ホストキットの誤った呼び出し' },
    message: { en: '{}', ja: 'ホストキットの呼び出しが誤っています: {}' },
    remedy: {
      en: 'docs/host-kit.md has each function with its parameters and the values that they take',
      ja: '各関数のパラメーターと値は docs/host-kit.md にあります',
    },
    bad: {
      kind: 'apply',
      text: "Set-KtServiceStartType -Name 'bits' -StartType Auto\n@{ changed = $true; rebootRequired = $false }",
    },
    good: {
      kind: 'apply',
      text: "Set-KtServiceStartType -Name 'bits' -StartType Automatic\n@{ changed = $true; rebootRequired = $false }",
    },
    find: (script) =>
      callsOf(script).flatMap(({ node, name }) => {
        const kit = script.functions.has(name) ? undefined : script.kit.get(name);
        return kit ? kitCallHits(node, kit) : [];
      }),
  },
  {
    on: 'script',
    id: 'unknown-command',
    severity: 'error',
    title: { en: 'Unknown command', ja: '不明なコマンド' },
    message: {
      en: '`{}` is no function of the host kit or of the script, and no command of Windows that is known',
      ja: '`{}` はホストキットやスクリプトの関数でも、既知の Windows コマンドでもありません',
    },
    remedy: {
      en: 'check its spelling; a command of a module that Windows has not is not there on the hosts',
      ja: '綴りを確かめてください。Windows に含まれないモジュールのコマンドはホストにはありません',
    },
    bad: {
      kind: 'detect',
      text: "$state = Get-KtServise -Name 'bits'\n@{ needed = $null -eq $state; possible = $true }",
    },
    good: {
      kind: 'detect',
      text: "$state = Get-KtService -Name 'bits'\n@{ needed = -not $state.Exists; possible = $true }",
    },
    find: unknownCommands,
  },
];
