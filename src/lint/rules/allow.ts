import { malformedAllowances } from '../allow.ts';
import type { ScriptRule } from '../rule.ts';

/** Comments that let a finding stand. */
export const allowRules: readonly ScriptRule[] = [
  {
    on: 'script',
    id: 'allow-comment',
    severity: 'error',
    title: { en: 'Allowance without a rule or a reason', ja: '規則または理由のない許可コメント' },
    message: {
      en: 'the comment allows nothing: {}',
      ja: 'このコメントは何も許可していません: {}',
    },
    remedy: {
      en: 'write `# kintsugi-lint: allow <rule> -- <reason>` behind the line, or right above it; take it away where the rule finds nothing',
      ja: '対象行の末尾または直前の行に `# kintsugi-lint: allow <規則> -- <理由>` と書いてください。不要になったら削除します',
    },
    bad: { kind: 'apply', text: "Set-Service -Name 'bits' -StartupType Manual # kintsugi-lint: allow change-past-kit" },
    good: {
      kind: 'apply',
      text: "Set-Service -Name 'bits' -StartupType Manual # kintsugi-lint: allow change-past-kit -- the kit has no other way on Nano Server",
    },
    find: ({ source }) =>
      malformedAllowances(source.text).map((line) => ({
        at: source.lineStarts[line - 1] ?? 0,
        what: 'allow <rule> -- <reason>',
      })),
  },
];
