import type { PlanInputs } from '../../operations/prepare-plan.ts';
import type { Arguments, CommandOption } from './command.ts';

/** The options by which hosts are named. */
export const hostOptions = {
  hosts: {
    kind: 'value',
    value: '<pattern>',
    help: {
      en: 'hosts and groups: names, globs, `a,b`, `a:&b`, `a:!b`, `all`',
      ja: 'ホストとグループ: 名前、glob、`a,b`、`a:&b`、`a:!b`、`all`',
    },
  },
  inventory: {
    kind: 'value',
    short: 'i',
    value: '<file>',
    help: { en: 'inventory file (default: inventory.yaml)', ja: 'インベントリファイル(既定: inventory.yaml)' },
  },
} as const satisfies { readonly [name: string]: CommandOption };

/** The options by which a playbook is bound to hosts and parameters; the same for `plan` and `run`. */
export const planOptions: { readonly [name: string]: CommandOption } = {
  ...hostOptions,
  param: {
    kind: 'many',
    short: 'p',
    value: '<name=value>',
    help: { en: 'a parameter of the playbook', ja: 'プレイブックのパラメーター' },
  },
  'params-file': {
    kind: 'value',
    value: '<file>',
    help: { en: 'parameters from a YAML or JSON file', ja: 'パラメーターを YAML/JSON ファイルから読む' },
  },
  limit: {
    kind: 'value',
    value: '<pattern>',
    help: { en: 'only those of the selected hosts that match', ja: '選んだホストのうち一致するものだけ' },
  },
  batch: {
    kind: 'value',
    value: '<size>',
    help: {
      en: 'hosts per batch: a number, per cent, or a list (1,10%,50%)',
      ja: 'バッチの大きさ: 数、割合、リスト(1,10%,50%)',
    },
  },
  until: {
    kind: 'value',
    value: '<time>',
    help: {
      en: 'no step starts that could end after this time (2026-12-01T05:00Z, 05:00 or 2h)',
      ja: 'この時刻までに終わらない手順は始めない(2026-12-01T05:00Z、05:00、2h)',
    },
  },
  waive: {
    kind: 'many',
    value: '<step>',
    help: {
      en: 'let this step go without the protection level that it asks for; needs --reason',
      ja: 'この手順が求める保護レベルを免除する(--reason が必要)',
    },
  },
  reason: {
    kind: 'value',
    value: '<text>',
    help: {
      en: 'why it is waived; part of the signed plan and shown in the report',
      ja: '免除の理由(署名される計画とレポートに残る)',
    },
  },
  'max-failed': {
    kind: 'value',
    value: '<n>',
    help: {
      en: 'start no further batch after more failed hosts than this',
      ja: '失敗がこの数を超えたら次のバッチを始めない',
    },
  },
  'max-unreachable': {
    kind: 'value',
    value: '<n>',
    help: { en: 'the same for unreachable hosts', ja: '接続不可のホストについて同様' },
  },
  'max-rolled-back': {
    kind: 'value',
    value: '<n>',
    help: { en: 'the same for rolled-back hosts', ja: '元に戻したホストについて同様' },
  },
};

/** The inputs of a plan as typed. */
export function planInputs(args: Arguments): PlanInputs {
  return {
    playbook: args.operands[0] ?? '',
    hosts: args.value('hosts'),
    inventory: args.value('inventory'),
    params: args.values('param'),
    paramsFile: args.value('params-file'),
    limit: args.value('limit'),
    batch: args.value('batch'),
    until: args.value('until'),
    budgets: {
      failed: args.value('max-failed'),
      unreachable: args.value('max-unreachable'),
      rolledBack: args.value('max-rolled-back'),
    },
    waive: args.values('waive'),
    reason: args.value('reason'),
  };
}
