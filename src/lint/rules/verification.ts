import type { Expression } from '../../powershell/expression-tree.ts';
import { onlyExpression, plainText } from '../call.ts';
import { callsOf, type LintScript } from '../lint-script.ts';
import type { LintRule } from '../rule.ts';

/** Commands that read nothing of the host. */
const readsNothing =
  /^(?:where|select|sort|group|measure|foreach|compare|join|split|convert\w*|format|out|write|new|start|add|tee)-(?!content)/;

/** Static types that tell nothing of the host. */
const pureTypes =
  /^(?:system\.)?(?:math|string|regex|convert|text\.|guid|int|long|double|version|timespan|bitconverter|array|globalization\.)/i;

function readsHost(script: LintScript): boolean {
  const byCommand = callsOf(script).some(({ name, node }) => {
    if (script.functions.has(name)) return false;
    const isCom =
      name === 'new-object' &&
      node.elements.some((each) => each.kind === 'commandParameter' && /^com/i.test(each.name));
    return isCom || script.kit.has(name) || !readsNothing.test(name);
  });
  return byCommand || script.nodes.some(readsByType);
}

const readsByType = (node: LintScript['nodes'][number]): boolean =>
  (node.kind === 'call' || node.kind === 'member') &&
  node.isStatic &&
  node.target.kind === 'type' &&
  !pureTypes.test(node.target.type.name);

/** The value of `ok` in the table that is the result. */
function okValue({ body }: LintScript): Expression | null {
  const last = onlyExpression(body?.finish?.statements.at(-1));
  const table = last?.kind === 'cast' ? last.operand : last;
  if (table?.kind !== 'hash') return null;
  const entry = table.entries.find(({ key }) => plainText(key)?.toLowerCase() === 'ok');
  return onlyExpression(entry?.value);
}

/** Whether a change is verified, and by something that can say no. */
export const verificationRules: readonly LintRule[] = [
  {
    on: 'action',
    id: 'missing-verify',
    severity: 'error',
    title: { en: 'Change without verify', ja: '検証のない変更' },
    message: {
      en: 'the action changes something and has no {}',
      ja: 'このアクションはホストを変更しますが、{} がありません',
    },
    remedy: {
      en: 'write detect.ps1, which tells whether it is needed, and verify.ps1, which reads back whether it is right now',
      ja: '必要かどうかを判断する detect.ps1 と、変更後の状態を読み直す verify.ps1 を書いてください',
    },
    bad: {
      kind: 'action',
      text: "# apply.ps1\nStart-KtService -Name 'bits'\n@{ changed = $true; rebootRequired = $false }",
    },
    good: {
      kind: 'action',
      text: "# detect.ps1\n@{ needed = (Get-KtService -Name 'bits').State -ne 'Running'; possible = $true }\n# apply.ps1\nStart-KtService -Name 'bits'\n@{ changed = $true; rebootRequired = $false }\n# verify.ps1\n@{ ok = (Get-KtService -Name 'bits').State -eq 'Running' }",
    },
    find: ({ scripts }) => {
      const has = (kind: string): boolean => scripts.some((each) => each.kind === kind);
      if (!has('apply')) return [];
      return ['detect', 'verify'].filter((kind) => !has(kind)).map((kind) => ({ at: null, what: `${kind}.ps1` }));
    },
  },
  {
    on: 'script',
    id: 'verify-reads-nothing',
    severity: 'error',
    title: { en: 'Verify that cannot say no', ja: '失敗を検出できない検証' },
    message: {
      en: 'the verification {}: it would pass on a host where nothing was repaired',
      ja: 'この検証は失敗を検出できません({})。何も修復されていないホストでも合格します',
    },
    remedy: {
      en: 'read back from the host what apply.ps1 changed, by another way than it was changed, and let `ok` depend on it',
      ja: 'apply.ps1 が変更したものを、変更とは別の方法でホストから読み直し、`ok` に反映してください',
    },
    bad: { kind: 'verify', text: "@{ ok = $true; reason = '' }" },
    good: { kind: 'verify', text: "@{ ok = (Get-KtService -Name 'bits').State -eq 'Running' }" },
    find: (script) => {
      if (script.kind !== 'verify' || script.body === null) return [];
      const ok = okValue(script);
      if (ok?.kind === 'variable' && ok.name.toLowerCase() === 'true')
        return [{ at: ok.start, what: 'always gives ok = $true' }];
      return readsHost(script) ? [] : [{ at: null, what: 'reads nothing of the host' }];
    },
  },
];
