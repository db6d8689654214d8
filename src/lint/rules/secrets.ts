import type { Expression } from '../../powershell/expression-tree.ts';
import { nodesOf } from '../../powershell/walk.ts';
import { givenArguments, gives, plainText } from '../call.ts';
import { commandName, type LintScript } from '../lint-script.ts';
import { programOf } from '../programs.ts';
import type { Hit, ScriptRule } from '../rule.ts';

/** Names of variables that hold a secret or its text, in lower case: secret parameters, and whatever is made of them. */
function secretVariables(script: LintScript): ReadonlySet<string> {
  const names = new Set(script.terms.secrets);
  for (const node of script.nodes)
    if (node.kind === 'parameter' && node.types.some(({ name }) => /(?:^|\.)securestring$/i.test(name)))
      names.add(node.name.toLowerCase());
  for (let before = -1; before !== names.size; ) {
    before = names.size;
    for (const node of script.nodes) {
      if (node.kind !== 'assignment') continue;
      const target = node.target.kind === 'cast' ? node.target.operand : node.target;
      if (target.kind === 'variable' && mentions(node.value, names)) names.add(target.name.toLowerCase());
    }
  }
  return names;
}

const mentions = (value: unknown, names: ReadonlySet<string>): boolean =>
  [...nodesOf(value)].some((node) => node.kind === 'variable' && names.has(node.name.toLowerCase()));

/** Parameters of commands whose values other processes, logs or reports show. */
const shown: Readonly<Record<string, RegExp>> = {
  'invoke-ktprogram': /^(?:arguments|rawarguments|undoarguments|irreversible|leaves)$/,
  'start-process': /^argumentlist$/,
  'new-scheduledtaskaction': /^argument$/,
  'write-ktprogress': /^text$/,
};

function secretArguments(script: LintScript): readonly Hit[] {
  const names = secretVariables(script);
  if (names.size === 0) return [];
  return script.nodes.flatMap((node) => {
    if (node.kind !== 'command') return [];
    const name = commandName(node) ?? '';
    const places = shown[name];
    const isWriting = /^write-(?:host|output|verbose|warning|information|error|debug)$/.test(name);
    const isProgram = programOf(node) !== null;
    return givenArguments(node).flatMap((given) => {
      const counts =
        isProgram || isWriting || (places !== undefined && (given.name === null || places.test(given.name)));
      const variable = counts ? firstOf(given.value, names) : null;
      return variable === null ? [] : [{ at: given.at, what: `$${variable}` }];
    });
  });
}

const firstOf = (value: Expression | null, names: ReadonlySet<string>): string | null => {
  for (const node of nodesOf(value))
    if (node.kind === 'variable' && names.has(node.name.toLowerCase())) return node.name;
  return null;
};

/** Secrets where others can read them. */
export const secretRules: readonly ScriptRule[] = [
  {
    on: 'script',
    id: 'secret-argument',
    severity: 'error',
    title: { en: 'Secret in arguments', ja: '引数に含まれる秘密情報' },
    message: {
      en: 'the secret `{}` is put on a command line or into a text that is shown: every process of the host, and its logs, can read it',
      ja: '秘密情報 `{}` がコマンドラインや表示される文字列に渡されています。ホストのすべてのプロセスとログから読み取れます',
    },
    remedy: {
      en: 'hand it as [securestring] or credential to a command that takes one, or over a file that only SYSTEM and administrators read',
      ja: '[securestring] や資格情報を受け取るコマンドに渡すか、SYSTEM と管理者だけが読めるファイルで渡してください',
    },
    bad: {
      kind: 'apply',
      text: "param([securestring] $Password)\n$text = [System.Net.NetworkCredential]::new('', $Password).Password\n$run = Invoke-KtProgram -File 'C:\\Tools\\enroll.exe' -Arguments '/key', $text -Irreversible 'enrolled' -Leaves 'C:\\Tools'",
    },
    good: {
      kind: 'detect',
      text: "param([securestring] $Password)\n$credential = New-Object -TypeName 'System.Management.Automation.PSCredential' -ArgumentList 'ops', $Password\n@{ needed = $null -eq (Get-Item -LiteralPath 'C:\\Tools' -ErrorAction SilentlyContinue); possible = $null -ne $credential }",
    },
    find: secretArguments,
  },
  {
    on: 'script',
    id: 'secret-in-script',
    severity: 'error',
    title: { en: 'Secret in the text of a script', ja: 'スクリプトに書かれた秘密情報' },
    message: {
      en: '`{}` makes a secret of a text that stands in the script: it travels with every plan and lies in every copy',
      ja: '`{}` はスクリプトに書かれた文字列から秘密情報を作っています。計画とともに配布され、すべてのコピーに残ります',
    },
    remedy: {
      en: 'declare a parameter of type secret in action.yaml, and give it by reference (env:NAME, file:path)',
      ja: 'action.yaml に secret 型のパラメーターを宣言し、参照(env:NAME、file:path)で渡してください',
    },
    bad: {
      kind: 'detect',
      text: "$secret = ConvertTo-SecureString -String 'Passw0rd' -AsPlainText -Force\n@{ needed = $null -eq (Get-Item -LiteralPath 'C:\\Tools'); possible = $null -ne $secret }",
    },
    good: {
      kind: 'detect',
      text: "param([securestring] $Secret)\n@{ needed = $null -eq (Get-Item -LiteralPath 'C:\\Tools'); possible = $null -ne $Secret }",
    },
    find: (script) =>
      script.nodes.flatMap((node) => {
        if (node.kind !== 'command' || commandName(node) !== 'convertto-securestring' || !gives(node, 'asplaintext'))
          return [];
        const literal = givenArguments(node, (name) => name.startsWith('a') || name.startsWith('f')).some(
          ({ value }) => plainText(value) !== null,
        );
        return literal ? [{ at: node.start, what: 'ConvertTo-SecureString' }] : [];
      }),
  },
];
