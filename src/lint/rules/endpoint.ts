import type { Command } from '../../powershell/syntax-tree.ts';
import { gives, plainText, textShape } from '../call.ts';
import { callsOf, type LintScript } from '../lint-script.ts';
import type { Hit, ScriptRule } from '../rule.ts';

/** Commands that ask a person or open a window. */
const asksPeople = new Set(['read-host', 'get-credential', 'out-gridview', 'show-command', 'pause', 'show-eventlog']);

/** Commands that go on to another computer, for which a virtual account has no rights. */
const goesOn = new Set(['enter-pssession', 'new-pssession', 'connect-pssession', 'new-cimsession', 'invoke-wmimethod']);

/** Variables that tell where a script lies: it lies nowhere. */
const ownPlace = /^(?:psscriptroot|pscommandpath)$/i;

function refusedCalls(script: LintScript): readonly Hit[] {
  return callsOf(script).flatMap(({ node, name }): readonly Hit[] => {
    if (script.functions.has(name)) return [];
    if (asksPeople.has(name) || goesOn.has(name)) return [{ at: node.start, what: name }];
    if (gives(node, 'computername') && !/^(?:localhost|\.|127\.0\.0\.1)$/i.test(computer(node) ?? ''))
      return [{ at: node.start, what: `${name} -ComputerName` }];
    if (name === 'add-type' && !gives(node, 'assemblyname')) return [{ at: node.start, what: 'Add-Type' }];
    if (
      name === 'import-module' &&
      node.elements.some((each) => each.kind === 'argument' && isPath(textShape(each.value)))
    )
      return [{ at: node.start, what: 'Import-Module' }];
    return [];
  });
}

/** Whether a call runs a script that lies in a file. */
const callsFile = (node: Command): boolean =>
  (node.invocation === '.' && node.name.kind !== 'scriptBlock') || /\.ps1$/i.test(textShape(node.name) ?? '');

const isPath = (text: string | null): boolean => text !== null && /[\\/]|\.(?:psm1|psd1|dll)$/i.test(text);

const computer = (node: ReturnType<typeof callsOf>[number]['node']): string | null => {
  const at = node.elements.findIndex((each) => each.kind === 'commandParameter' && /^computername$/i.test(each.name));
  const next = node.elements[at + 1];
  return next?.kind === 'argument' ? plainText(next.value) : null;
};

/** What hosts without language refuse. */
export const endpointRules: readonly ScriptRule[] = [
  {
    on: 'script',
    id: 'constrained-endpoint',
    severity: 'warning',
    title: { en: 'Refused by a constrained endpoint', ja: '制限されたエンドポイントで拒否される処理' },
    message: {
      en: '`{}` is refused by a constrained endpoint (JEA), where the script is a function of a module and runs as a virtual account',
      ja: '`{}` は制限されたエンドポイント(JEA)では拒否されます。スクリプトはモジュールの関数として仮想アカウントで動きます',
    },
    remedy: {
      en: 'no `using`, #Requires, dot-sourcing, own path or own types; ask nobody; reach no other computer or share',
      ja: '`using`、#Requires、ドットソース、スクリプト自身のパス、独自の型を使わず、入力を求めず、ほかのコンピューターや共有に接続しないでください',
    },
    bad: {
      kind: 'detect',
      text: "$folder = Join-Path -Path $PSScriptRoot -ChildPath 'tools'\n@{ needed = -not (Test-Path -LiteralPath $folder); possible = $true }",
    },
    good: {
      kind: 'detect',
      text: '$folder = "$env:ProgramData\\Example"\n@{ needed = -not (Test-Path -LiteralPath $folder); possible = $true }',
    },
    find: (script) => [
      ...refusedCalls(script),
      ...script.nodes.flatMap((node): readonly Hit[] => {
        if (node.kind === 'command')
          return callsFile(node) ? [{ at: node.start, what: textShape(node.name) ?? '.' }] : [];
        if (node.kind === 'using') return [{ at: node.start, what: 'using' }];
        if (node.kind === 'class' || node.kind === 'enum') return [{ at: node.start, what: node.kind }];
        if (node.kind === 'variable' && ownPlace.test(node.name)) return [{ at: node.start, what: `$${node.name}` }];
        const text = node.kind === 'string' || node.kind === 'expandable' ? textShape(node) : null;
        return text !== null && /^\\\\[\w*][^\\]*\\[^\\]/.test(text) ? [{ at: node.start, what: text }] : [];
      }),
      ...requires(script),
    ],
  },
];

const requires = ({ source }: LintScript): readonly Hit[] => {
  const found = /^\s*#requires\s/im.exec(source.text);
  return found ? [{ at: found.index, what: '#Requires' }] : [];
};
