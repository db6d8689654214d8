import { Failure } from '../../kernel/failure.ts';
import type { PreparedPlan } from '../../operations/prepare-plan.ts';
import { wordsOf } from '../../report/words/words.ts';
import type { CommandContext, CommandOption } from './command.ts';
import { exitCodes } from './exit-code.ts';
import { followToEnd, tellOutcome } from './follow-to-end.ts';
import { planText } from './plan-text.ts';
import { readCount } from './read-count.ts';

/** The options of whatever launches a plan. */
export const launchOptions: { readonly [name: string]: CommandOption } = {
  yes: { kind: 'flag', short: 'y', help: { en: 'do not ask', ja: '確認しない' } },
  detach: { kind: 'flag', help: { en: 'launch and return at once', ja: '開始してすぐ戻る' } },
  ticket: {
    kind: 'value',
    value: '<number>',
    help: { en: 'change ticket, kept with the run', ja: '変更チケット番号' },
  },
  workers: {
    kind: 'value',
    value: '<n>',
    help: {
      en: 'workers to start where none is alive (default 1, 0 for none)',
      ja: 'ワーカーがいないとき起動する数(既定 1)',
    },
  },
};

const confirmed = async ({ args, terminal }: CommandContext): Promise<boolean> => {
  if (args.flag('yes')) return true;
  const answer = await terminal.confirm(terminal.language === 'ja' ? 'この計画を実行しますか?' : 'Run this plan?');
  if (answer === null)
    throw new Failure(
      'bad-input',
      'Nobody can answer here (standard input is no terminal): add --yes to run the plan without a question.',
    );
  return answer;
};

/** How many workers `--workers` asks for. @throws Failure `bad-input` */
export const readWorkers = ({ args }: CommandContext): number =>
  readCount('--workers', args.value('workers'), { least: 0, most: 100 }, 1);

/** Shows a plan, asks, launches it and follows the run to its end; the exit code. */
export async function launchPlan(context: CommandContext, prepared: PreparedPlan, workers: number): Promise<number> {
  const { services, terminal, args, json } = context;
  // With --json standard output is for programs; whoever is asked must see the plan all the same.
  if (!json) terminal.print(planText(prepared, terminal.language));
  else if (!args.flag('yes')) terminal.warn(planText(prepared, terminal.language));
  if (!(await confirmed(context))) return exitCodes.cancelled;
  await using installation = await services.connect();
  const run = await installation.launch(prepared, args.value('ticket'));
  if (workers > 0) await installation.requireWorkers(workers);
  if (args.flag('detach')) {
    terminal.print(json ? JSON.stringify({ run }) : run);
    return exitCodes.good;
  }
  if (!json) terminal.print(`${wordsOf(terminal.language).run}: ${run}`);
  const followed = await followToEnd(
    context,
    installation,
    run,
    prepared.plan.hosts.map(({ id }) => id),
  );
  return tellOutcome(context, run, followed);
}
