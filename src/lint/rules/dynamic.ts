import type { Expression } from '../../powershell/expression-tree.ts';
import { nodesOf } from '../../powershell/walk.ts';
import { plainText, textShape, valueOf } from '../call.ts';
import { callsOf, type LintScript } from '../lint-script.ts';
import { programOf } from '../programs.ts';
import type { Hit, ScriptRule } from '../rule.ts';

/** Variables that hold script blocks: assigned one, or declared so. */
const blockVariables = ({ nodes }: LintScript): ReadonlySet<string> =>
  new Set(
    nodes.flatMap((node) => {
      if (node.kind === 'parameter' && node.types.some(({ name }) => /scriptblock$/i.test(name)))
        return [node.name.toLowerCase()];
      if (node.kind !== 'assignment' || node.target.kind !== 'variable') return [];
      const [first] = nodesOf(node.value.kind === 'pipeline' ? node.value.elements : []);
      const isBlock = first?.kind === 'expressionCommand' && first.expression.kind === 'scriptBlock';
      return isBlock ? [node.target.name.toLowerCase()] : [];
    }),
  );

/** Interpreters that take a command line apart once more. */
const interpreter = /(?:^|\\)(?:cmd|powershell|pwsh|wscript|cscript|mshta|bash)(?:\.exe)?$/i;

/** Whether a text is put together of parts of which one comes from elsewhere than the environment. */
function isBuilt(value: Expression | null): boolean {
  return [...nodesOf(value)].some(
    (node) =>
      (node.kind === 'expandable' &&
        node.parts.some((part) => typeof part !== 'string' && !(part.kind === 'variable' && part.scope === 'env'))) ||
      (node.kind === 'binary' && (node.operator === '+' || node.operator === 'f')),
  );
}

function builtCommands(script: LintScript): readonly Hit[] {
  const blocks = blockVariables(script);
  return script.nodes.flatMap((node): readonly Hit[] => {
    if (node.kind !== 'command') return [];
    const { name, invocation } = node;
    if (
      invocation !== '' &&
      name.kind !== 'scriptBlock' &&
      name.kind !== 'string' &&
      programOf(node) === null &&
      !/\.ps1$/i.test(textShape(name) ?? '')
    ) {
      const isBlock = name.kind === 'variable' && blocks.has(name.name.toLowerCase());
      return isBlock ? [] : [{ at: node.start, what: script.source.text.slice(node.start, name.end) }];
    }
    if (name.kind !== 'string' || name.value.toLowerCase() !== 'invoke-ktprogram') return [];
    const raw = valueOf(node, 'rawarguments');
    if (raw !== null && plainText(raw) === null) return [{ at: raw.start, what: '-RawArguments' }];
    const values = valueOf(node, 'arguments');
    const isRead = interpreter.test(textShape(valueOf(node, 'file')) ?? '');
    return isRead && values !== null && isBuilt(values) ? [{ at: values.start, what: '-Arguments' }] : [];
  });
}

/** Text that becomes code. */
export const dynamicRules: readonly ScriptRule[] = [
  {
    on: 'script',
    id: 'invoke-expression',
    severity: 'error',
    title: { en: 'Text run as code', ja: '文字列のコード実行' },
    message: {
      en: '`{}` runs a text as code: what runs is not what was signed, and a value can become a command',
      ja: '`{}` は文字列をコードとして実行します。署名された内容と異なるものが動き、値がコマンドになり得ます',
    },
    remedy: {
      en: 'write the call itself; give what varies as parameters, by splatting (`@table`) where names vary',
      ja: '呼び出しを直接書き、変わる部分はパラメーター(名前が変わる場合はスプラッティング `@table`)で渡してください',
    },
    bad: {
      kind: 'detect',
      text: "$state = Invoke-Expression -Command 'Get-Service -Name bits'\n@{ needed = $null -eq $state; possible = $true }",
    },
    good: {
      kind: 'detect',
      text: "$state = Get-Service -Name 'bits'\n@{ needed = $null -eq $state; possible = $true }",
    },
    find: (script) => [
      ...callsOf(script).flatMap(({ node, name }) =>
        name === 'invoke-expression' ? [{ at: node.start, what: 'Invoke-Expression' }] : [],
      ),
      ...script.nodes.flatMap((node) => {
        if (node.kind !== 'call') return [];
        const method = plainText(node.name) ?? '';
        const isBlock = node.isStatic && node.target.kind === 'type' && /scriptblock$/i.test(node.target.type.name);
        const isScript = /^(?:invokescript|newscriptblock|addscript|expandstring)$/i.test(method);
        return (isBlock && /^create$/i.test(method)) || isScript ? [{ at: node.start, what: `${method}()` }] : [];
      }),
    ],
  },
  {
    on: 'script',
    id: 'built-command',
    severity: 'error',
    title: { en: 'Command put together of texts', ja: '文字列から組み立てたコマンド' },
    message: {
      en: '`{}` is put together when it runs: a value with a quote, a blank or `&` becomes another command',
      ja: '`{}` は実行時に組み立てられます。引用符、空白、`&` を含む値が別のコマンドになり得ます',
    },
    remedy: {
      en: 'name the command in the script, and give each value as an argument of its own (-Arguments quotes them)',
      ja: 'コマンド名をスクリプトに書き、値は 1 つずつ引数として渡してください(-Arguments が引用符を付けます)',
    },
    bad: {
      kind: 'detect',
      text: 'param([string] $Name)\n$run = Invoke-KtProgram -File "$env:windir\\System32\\cmd.exe" -Arguments \'/c\', "sc query $Name" -ReadOnly\n@{ needed = $run.ExitCode -ne 0; possible = $true }',
    },
    good: {
      kind: 'detect',
      text: 'param([string] $Name)\n$run = Invoke-KtProgram -File "$env:windir\\System32\\sc.exe" -Arguments \'query\', $Name -ReadOnly\n@{ needed = $run.ExitCode -ne 0; possible = $true }',
    },
    find: builtCommands,
  },
];
