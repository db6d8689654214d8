import type { LintScript } from '../lint-script.ts';
import { loudStatements } from '../output.ts';
import type { Hit, ScriptRule } from '../rule.ts';

/** Longest excerpt of a statement in a message, in characters. */
const longest = 60;

function looseOutput(script: LintScript): readonly Hit[] {
  const { body, source } = script;
  const last = body?.finish?.statements.at(-1);
  if (!body || !last) return [];
  return (
    loudStatements(body, script)
      // The last statement gives the result, or its branches do; so does a `return`, which ends the script.
      .filter(({ kind, start, end }) => kind !== 'return' && (start < last.start || end > last.end))
      .map(({ start, end }) => {
        const [line = ''] = source.text.slice(start, end).split('\n');
        return { at: start, what: line.length > longest ? `${line.slice(0, longest)}...` : line };
      })
  );
}

/** What a script gives back besides its result. */
export const resultRules: readonly ScriptRule[] = [
  {
    on: 'script',
    id: 'loose-output',
    severity: 'error',
    title: { en: 'Loose output', ja: '余分な出力' },
    message: {
      en: 'the value of `{}` falls into the output beside the result, and the run ends with KtBadResult',
      ja: '`{}` の値が結果とは別に出力され、実行は KtBadResult で終わります',
    },
    remedy: {
      en: 'keep it in a variable, or throw it away: `$null = ...`, `[void](...)`, `... | Out-Null`',
      ja: '変数に入れるか、`$null = ...`、`[void](...)`、`... | Out-Null` で捨ててください',
    },
    bad: {
      kind: 'apply',
      text: 'Rename-KtFolder -Path "$env:windir\\System32\\catroot2" -Aside\n@{ changed = $true; rebootRequired = $false }',
    },
    good: {
      kind: 'apply',
      text: '$aside = Rename-KtFolder -Path "$env:windir\\System32\\catroot2" -Aside\n@{ changed = [bool]$aside; rebootRequired = $false }',
    },
    find: looseOutput,
  },
];
