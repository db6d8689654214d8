import { nodesOf } from '../../powershell/walk.ts';
import { gives } from '../call.ts';
import { callsOf, commandName, type LintScript } from '../lint-script.ts';
import { programOf } from '../programs.ts';
import type { Hit, LintRule, ScriptRule } from '../rule.ts';

/** Whether something below a node waits. */
const waits = (node: unknown): boolean =>
  [...nodesOf(node)].some((each) => each.kind === 'command' && commandName(each) === 'start-sleep');

/** Whether something below a node asks how long it has taken, or counts. */
const isLimited = (node: unknown): boolean =>
  [...nodesOf(node)].some(
    (each) =>
      each.kind === 'increment' ||
      (each.kind === 'member' && each.name.kind === 'string' && /^elapsed/i.test(each.name.value)),
  );

const unlimitedWaits = ({ nodes }: LintScript): readonly Hit[] =>
  nodes.flatMap((node) => {
    const isLoop = node.kind === 'while' || node.kind === 'doWhile' || node.kind === 'doUntil';
    return isLoop && waits(node) && !isLimited(node)
      ? [{ at: node.start, what: node.kind === 'while' ? 'while' : 'do' }]
      : [];
  });

/** Work that goes on when the script has ended. */
const detachedWork = (script: LintScript): readonly Hit[] => [
  ...callsOf(script).flatMap(({ node, name }): readonly Hit[] => {
    if (script.functions.has(name)) return [];
    if (name === 'start-process' && !gives(node, 'wait')) return [{ at: node.start, what: 'Start-Process' }];
    if (/^(?:start-job|start-threadjob|register-scheduledjob|register-scheduledtask)$/.test(name))
      return [{ at: node.start, what: name }];
    if (gives(node, 'asjob')) return [{ at: node.start, what: `${name} -AsJob` }];
    return /schtasks(?:\.exe)?$/i.test(programOf(node) ?? '') ? [{ at: node.start, what: 'schtasks' }] : [];
  }),
  ...script.nodes.flatMap((node) =>
    node.kind === 'call' && node.name.kind === 'string' && /^begininvoke$/i.test(node.name.value)
      ? [{ at: node.start, what: 'BeginInvoke()' }]
      : [],
  ),
];

const waitRule: ScriptRule = {
  on: 'script',
  id: 'wait-without-limit',
  severity: 'error',
  title: { en: 'Wait without a limit', ja: '上限のない待機' },
  message: {
    en: 'the `{}` loop waits without a limit: where what it waits for never comes, the step runs into its longest duration',
    ja: '`{}` ループの待機に上限がありません。待っている状態にならないと、手順は最長時間まで終わりません',
  },
  remedy: {
    en: 'measure with [System.Diagnostics.Stopwatch]::StartNew() and end the loop by it; never by the clock, which may be what is repaired',
    ja: '[System.Diagnostics.Stopwatch]::StartNew() で測ってループを終えてください。修復対象かもしれない時計は使いません',
  },
  bad: {
    kind: 'verify',
    text: "while ((Get-KtService -Name 'bits').State -ne 'Running') { Start-Sleep -Seconds 1 }\n@{ ok = (Get-KtService -Name 'bits').State -eq 'Running' }",
  },
  good: {
    kind: 'verify',
    text: "$watch = [System.Diagnostics.Stopwatch]::StartNew()\nwhile ((Get-KtService -Name 'bits').State -ne 'Running' -and $watch.Elapsed.TotalSeconds -lt 60) { Start-Sleep -Seconds 1 }\n@{ ok = (Get-KtService -Name 'bits').State -eq 'Running' }",
  },
  find: unlimitedWaits,
};

/** Limits of time, and work that no limit holds. */
export const timeRules: readonly LintRule[] = [
  {
    on: 'action',
    id: 'missing-duration',
    severity: 'error',
    title: { en: 'Step without a declared duration', ja: '所要時間の宣言がない手順' },
    message: {
      en: 'action.yaml declares no {}: no limit can be set, and no closing time be kept',
      ja: 'action.yaml に {} の宣言がないため、時間制限も終了時刻も守れません',
    },
    remedy: {
      en: 'declare `duration: { typical: 2m, longest: 15m }`; beyond the longest the step has failed',
      ja: '`duration: { typical: 2m, longest: 15m }` を宣言してください。最長時間を超えた手順は失敗になります',
    },
    bad: { kind: 'action', text: 'kintsugi: action/v1\ntitle: { en: Look }\nduration: { typical: 10s }' },
    good: { kind: 'action', text: 'kintsugi: action/v1\ntitle: { en: Look }\nduration: { typical: 10s, longest: 1m }' },
    find: ({ text }) => {
      if (!/^kintsugi:/m.test(text)) return [];
      if (!/^duration:/m.test(text)) return [{ at: null, what: 'duration' }];
      const block = /^duration:.*(?:\n[ \t]+.*)*/m.exec(text)?.[0] ?? '';
      const at = text.search(/^duration:/m);
      return ['typical', 'longest']
        .filter((key) => !block.includes(`${key}:`))
        .map((key) => ({ at, what: `duration.${key}` }));
    },
  },
  waitRule,
  {
    on: 'script',
    id: 'detached-work',
    severity: 'error',
    title: { en: 'Detached work', ja: '切り離された処理' },
    message: {
      en: '`{}` leaves work that goes on when the script has ended: nobody waits for it, limits it or puts back what it does',
      ja: '`{}` はスクリプトの終了後も続く処理を残します。完了を待つことも、制限することも、元に戻すこともできません',
    },
    remedy: {
      en: 'set `lane: system` in action.yaml for long work (the kit runs and watches the task), Register-KtScheduledTask for a task that is to stay',
      ja: '長い処理は action.yaml で `lane: system` を指定し(キットがタスクとして実行し監視します)、残すタスクには Register-KtScheduledTask を使ってください',
    },
    bad: { kind: 'apply', text: "Start-Process -FilePath 'C:\\Tools\\repair.exe' -ArgumentList '/all'" },
    good: {
      kind: 'apply',
      text: "$run = Invoke-KtProgram -File 'C:\\Tools\\repair.exe' -Arguments '/all' -UndoFile 'C:\\Tools\\repair.exe' -UndoArguments '/back'\n@{ changed = $run.ExitCode -eq 0; rebootRequired = $false }",
    },
    find: detachedWork,
  },
];
