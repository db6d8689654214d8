import { sevenOnlyCommands, sevenOnlyParameters } from '../../powershell/seven-only.ts';
import { callsOf } from '../lint-script.ts';
import type { Hit, ScriptRule } from '../rule.ts';

/** What the PowerShell of the hosts does not read or have. */
export const versionRules: readonly ScriptRule[] = [
  {
    on: 'script',
    id: 'syntax',
    severity: 'error',
    title: { en: 'Syntax that is not read', ja: '読み取れない構文' },
    message: { en: '{}', ja: '構文エラー: {}' },
    remedy: {
      en: 'mend it; what stands behind it may not have been looked at',
      ja: '修正してください。以降の部分は検査されていない場合があります',
    },
    bad: { kind: 'detect', text: 'if ($true) { $a = 1' },
    good: { kind: 'detect', text: 'if ($true) { $a = 1 }' },
    find: ({ faults }) =>
      faults.flatMap(({ id, offset, reason }) =>
        id === 'powershell-7-syntax' || id === 'unsupported-syntax' ? [] : [{ at: offset, what: reason }],
      ),
  },
  {
    on: 'script',
    id: 'powershell-7',
    severity: 'error',
    title: { en: 'Only in PowerShell 7', ja: 'PowerShell 7 だけの機能' },
    message: {
      en: '{}: Windows PowerShell 5.1, which runs the scripts, does not have it',
      ja: '{}: スクリプトを実行する Windows PowerShell 5.1 にはありません',
    },
    remedy: {
      en: 'write it as Windows PowerShell 5.1 knows it: `if`/`else` instead of `?:` and `??`, two statements instead of `&&`',
      ja: 'Windows PowerShell 5.1 の書き方にしてください。`?:` と `??` の代わりに `if`/`else`、`&&` の代わりに 2 つの文を使います',
    },
    bad: {
      kind: 'detect',
      text: "$name = (Get-KtService -Name 'bits').Name ?? 'bits'\n@{ needed = $name -eq ''; possible = $true }",
    },
    good: {
      kind: 'detect',
      text: "$name = (Get-KtService -Name 'bits').Name\n@{ needed = $name -eq ''; possible = $true }",
    },
    find: (script) => [
      ...script.faults.flatMap(({ id, offset, reason }) =>
        id === 'powershell-7-syntax' ? [{ at: offset, what: reason }] : [],
      ),
      ...callsOf(script).flatMap(({ node, name }): readonly Hit[] => {
        if (script.functions.has(name)) return [];
        if (sevenOnlyCommands.has(name)) return [{ at: node.start, what: `\`${name}\`` }];
        const parameters = sevenOnlyParameters.get(name);
        return node.elements.flatMap((element) =>
          element.kind === 'commandParameter' && parameters?.has(element.name.toLowerCase()) === true
            ? [{ at: element.start, what: `\`-${element.name}\` of \`${name}\`` }]
            : [],
        );
      }),
    ],
  },
];
