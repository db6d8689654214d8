import { gives, textsBelow } from '../call.ts';
import { irreversibleCalls } from '../irreversible-calls.ts';
import { callsOf } from '../lint-script.ts';
import type { LintRule } from '../rule.ts';

/** What cannot be undone must be declared, and named. */
export const reversibilityRules: readonly LintRule[] = [
  {
    on: 'script',
    id: 'irreversible-undeclared',
    severity: 'error',
    title: { en: 'Irreversible change without a reason', ja: '理由が宣言されていない取り消せない変更' },
    message: {
      en: '`{}` cannot be undone, and action.yaml does not say so: whoever approves the plan is not told',
      ja: '`{}` は元に戻せませんが、action.yaml に記載がないため、計画の承認者に知らされません',
    },
    remedy: {
      en: 'give `irreversible` in action.yaml, with the reason in words for the person who approves',
      ja: 'action.yaml の `irreversible` に、承認者に向けた理由を書いてください',
    },
    bad: { kind: 'apply', text: "Step-KtClock -Milliseconds 1000 -Reason 'the clock is behind'" },
    good: { kind: 'apply', text: "Set-KtServiceStartType -Name 'W32Time' -StartType Automatic" },
    find: (script) =>
      script.terms.irreversible === null
        ? irreversibleCalls(script).map(({ node, name }) => ({ at: node.start, what: name }))
        : [],
  },
  {
    on: 'script',
    id: 'leaves-missing',
    severity: 'warning',
    title: { en: 'What is left is not named', ja: '残るものが示されていない' },
    message: {
      en: '`{}` does not say what the program changes for good: no test can hold the host against it',
      ja: '`{}` は、プログラムが恒久的に変更するものを示していないため、テストで確かめられません',
    },
    remedy: {
      en: 'name it with -Leaves: paths, registry keys, `service:name`, `clock`, `component-store`, `system-files`, `windows`',
      ja: '-Leaves で示してください: パス、レジストリキー、`service:name`、`clock`、`component-store`、`system-files`',
    },
    bad: {
      kind: 'apply',
      text: "$run = Invoke-KtProgram -File \"$env:windir\\System32\\sfc.exe\" -Arguments '/scannow' -Irreversible 'files are replaced'",
    },
    good: {
      kind: 'apply',
      text: "$run = Invoke-KtProgram -File \"$env:windir\\System32\\sfc.exe\" -Arguments '/scannow' -Irreversible 'files are replaced' -Leaves 'system-files'",
    },
    find: (script) =>
      irreversibleCalls(script).flatMap(({ node, name }) =>
        name === 'Invoke-KtProgram' && !gives(node, 'leaves') ? [{ at: node.start, what: '-Irreversible' }] : [],
      ),
  },
  {
    on: 'script',
    id: 'recorded-without-record',
    severity: 'error',
    title: { en: 'Recorded program without a record', ja: '記録のない -Recorded' },
    message: {
      en: '`{}` says that its effects were recorded, but nothing was recorded before it',
      ja: '`{}` は影響が記録済みだと宣言していますが、その前に何も記録されていません',
    },
    remedy: {
      en: 'record what the program changes right before it: Save-KtRegistryValue, Save-KtServiceState, Save-KtNewFile',
      ja: 'プログラムが変更するものを直前に記録してください: Save-KtRegistryValue、Save-KtServiceState、Save-KtNewFile',
    },
    bad: {
      kind: 'apply',
      text: "$run = Invoke-KtProgram -File \"$env:windir\\System32\\w32tm.exe\" -Arguments '/config', '/update' -Recorded",
    },
    good: {
      kind: 'apply',
      text: "Save-KtRegistryValue -Path 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters' -Name 'Type', 'NtpServer'\n$run = Invoke-KtProgram -File \"$env:windir\\System32\\w32tm.exe\" -Arguments '/config', '/update' -Recorded",
    },
    find: (script) => {
      const calls = callsOf(script);
      return calls.flatMap(({ node, name }, index) => {
        if (name !== 'invoke-ktprogram' || !gives(node, 'recorded')) return [];
        const isRecorded = calls.slice(0, index).some((each) => each.name.startsWith('save-kt'));
        return isRecorded ? [] : [{ at: node.start, what: textsBelow(node)[1] ?? 'Invoke-KtProgram' }];
      });
    },
  },
];
