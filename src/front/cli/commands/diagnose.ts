import { Failure } from '../../../kernel/failure.ts';
import type { HostDiagnosis } from '../../../operations/diagnose/diagnose-hosts.ts';
import type { FoundCause } from '../../../operations/diagnose/judge-causes.ts';
import type { PlanInputs } from '../../../operations/prepare-plan.ts';
import type { Command } from '../command.ts';
import { diagnosisText } from '../diagnosis-text.ts';
import { exitCodes, worstCode } from '../exit-code.ts';
import { launchOptions, launchPlan, readWorkers } from '../launch-plan.ts';
import { hostOptions } from '../plan-options.ts';

/** `kintsugi diagnose`: finds why hosts fail, read-only: causes ranked by what speaks for and against them. */
export const diagnoseCommand: Command = {
  name: 'diagnose',
  summary: { en: 'find out why hosts fail', ja: '障害の原因を調べる' },
  usage: '<pattern> [--code <0x…>] [--symptom <text>] [--run]',
  operands: [1, 1],
  options: {
    inventory: hostOptions.inventory,
    ...launchOptions,
    run: {
      kind: 'flag',
      help: { en: 'go on to the plans that repair what was found', ja: '見つかった原因を修復する計画に進む' },
    },
    code: {
      kind: 'many',
      value: '<0x…>',
      help: { en: 'an error code that the hosts show', ja: '表示されているエラーコード' },
    },
    symptom: {
      kind: 'many',
      value: '<text>',
      help: { en: 'a message that people see, as it is shown', ja: '表示されているメッセージ' },
    },
  },
  examples: [
    'kintsugi diagnose lab',
    'kintsugi diagnose web01 --code 0x80070002 --json',
    'kintsugi diagnose lab --symptom "Windows Update: error 0x80070005"',
    'kintsugi diagnose lab --run',
  ],
  async run(context) {
    const { services, terminal, args, json } = context;
    const [hosts = ''] = args.operands;
    if (json && args.flag('run'))
      throw new Failure('bad-input', '--json and --run exclude each other: give one of them.');
    const told = { codes: args.values('code'), symptoms: args.values('symptom') };
    const workers = readWorkers(context);
    const inventory = args.value('inventory');
    const diagnoses = await services.diagnose({ hosts, inventory, limit: null }, told, (one) => {
      if (!json) terminal.print(diagnosisText(one, terminal.language));
    });
    if (json) terminal.print(JSON.stringify(diagnoses));
    const ends: number[] = diagnoses.map(({ fault, causes }) =>
      fault === null && causes.length === 0 ? exitCodes.good : exitCodes.otherwise,
    );
    if (!args.flag('run')) return worstCode(ends);
    // What is repaired is not told twice: the end of its run counts.
    const repairs = repairsOf(diagnoses);
    const left = ends.filter(
      (_, index) => !repairs.some((repair) => repair.hosts.includes(diagnoses[index]?.host ?? '')),
    );
    for (const { playbook, hosts: those } of repairs)
      left.push(await launchPlan(context, await services.prepare(inputsOf(playbook, those, inventory)), workers));
    return worstCode(left);
  },
};

type Playbook = NonNullable<FoundCause['playbook']>;

/** The playbooks of the first causes, each with the hosts that it is for. */
function repairsOf(
  diagnoses: readonly HostDiagnosis[],
): readonly { readonly playbook: Playbook; readonly hosts: readonly string[] }[] {
  const repairs = new Map<string, { playbook: Playbook; hosts: string[] }>();
  for (const { host, causes } of diagnoses) {
    const playbook = causes[0]?.playbook ?? null;
    if (playbook === null) continue;
    const repair = repairs.get(JSON.stringify(playbook)) ?? { playbook, hosts: [] };
    repair.hosts.push(host);
    repairs.set(JSON.stringify(playbook), repair);
  }
  return [...repairs.values()];
}

const inputsOf = (playbook: Playbook, hosts: readonly string[], inventory: string | null): PlanInputs => ({
  playbook: playbook.id,
  hosts: hosts.join(','),
  inventory,
  params: Object.entries(playbook.with).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  ),
  paramsFile: null,
  limit: null,
  batch: null,
  until: null,
  budgets: { failed: null, unreachable: null, rolledBack: null },
});
