import { type JournalEvent, runChain } from '../../../journal/event.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { RunStatus } from '../../../operations/status.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { followToEnd, tellOutcome } from '../follow-to-end.ts';
import type { Installation } from '../services.ts';

const detach = {
  kind: 'flag',
  help: { en: 'give the order and return at once', ja: '指示だけ出してすぐ戻る' },
} as const;

/** Tells what came after an ended run's status was read: what was told at its end is not told again. */
function newsSince(status: RunStatus, orderedAt: string): (event: JournalEvent) => boolean {
  const told = new Map(status.hosts.map(({ host, lastAt }) => [host, lastAt ?? '']));
  return (event) => (event.host === runChain ? event.at >= orderedAt : event.at > (told.get(event.host) ?? ''));
}

/** Gives an order and follows the run until all its hosts have ended again. */
async function orderAndFollow(
  context: CommandContext,
  order: (installation: Installation, run: string, status: RunStatus) => Promise<void>,
): Promise<number> {
  const run = context.args.operands[0] ?? '';
  await using installation = await context.services.connect();
  const status = await installation.status(run);
  const orderedAt = new Date().toISOString();
  await order(installation, run, status);
  await installation.requireWorkers(1);
  if (context.args.flag('detach')) {
    if (context.json) context.terminal.print(JSON.stringify({ run }));
    return exitCodes.good;
  }
  const followed = await followToEnd(
    context,
    installation,
    run,
    status.hosts.map(({ host }) => host),
    status.state === 'ended' ? newsSince(status, orderedAt) : undefined,
  );
  return tellOutcome(context, run, followed);
}

/** Scripts at work that a cancel does not end: whose they are, and how long each may take at the longest. */
function tellHolds({ terminal }: CommandContext, { hosts }: RunStatus): void {
  for (const { host, step, heldUntil } of hosts) {
    if (heldUntil === null || step === null) continue;
    const time = heldUntil.slice(11, 19);
    terminal.print(
      terminal.language === 'ja'
        ? `${host}: 手順 ${step} の終了を待ちます(遅くとも ${time} UTC まで)`
        : `${host}: waits for the end of step ${step}, until ${time} UTC at the latest`,
    );
  }
}

/** `kintsugi cancel`: no further step begins; what is done is undone or left. */
export const cancelCommand: Command = {
  name: 'cancel',
  summary: { en: 'cancel a run', ja: '実行を中止' },
  usage: '<run> [--rollback|--leave] [--detach]',
  operands: [1, 1],
  options: {
    rollback: {
      kind: 'flag',
      help: {
        en: 'undo what was done (default: as the playbook says)',
        ja: '実施済みの変更を元に戻す(既定はプレイブックの方針)',
      },
    },
    leave: { kind: 'flag', help: { en: 'leave finished steps in place', ja: '完了した手順を残す' } },
    detach,
  },
  examples: ['kintsugi cancel 20261121-0138-k7xq2m --rollback'],
  run: async (context) => {
    const { args } = context;
    if (args.flag('rollback') && args.flag('leave'))
      throw new Failure('bad-input', '--rollback and --leave exclude each other: give one of them.');
    const mode = args.flag('rollback') ? 'rollback' : args.flag('leave') ? 'leave' : null;
    return orderAndFollow(context, async (installation, run, status) => {
      if (status.state === 'ended')
        throw new Failure('run-ended', `Run ${run} has ended already; \`kintsugi rollback ${run}\` undoes it.`);
      await installation.cancel(run, mode);
      if (!context.json) tellHolds(context, status);
    });
  },
};

/** `kintsugi rollback`: undoes an ended run that was not committed. */
export const rollbackCommand: Command = {
  name: 'rollback',
  summary: { en: 'undo an ended run', ja: '終了した実行を元に戻す' },
  usage: '<run> [--detach] [--yes]',
  operands: [1, 1],
  // A way back is not to be held up by a question. Who has written `--yes` behind `run` writes it here, too.
  options: {
    detach,
    yes: {
      kind: 'flag',
      short: 'y',
      help: { en: 'taken as by run; nothing is asked', ja: 'run と同じく指定可(確認はありません)' },
    },
  },
  examples: ['kintsugi rollback 20261121-0138-k7xq2m'],
  run: (context) => orderAndFollow(context, (installation, run) => installation.rollBack(run)),
};

/** `kintsugi commit`: removes what an ended run had set aside; after that it cannot be undone. */
export const commitCommand: Command = {
  name: 'commit',
  summary: {
    en: 'accept an ended run: remove set-aside folders and captures',
    ja: '終了した実行を確定し、退避データを削除',
  },
  usage: '<run> [--detach]',
  operands: [1, 1],
  options: { detach },
  examples: ['kintsugi commit 20261121-0138-k7xq2m'],
  run: (context) => orderAndFollow(context, (installation, run) => installation.commit(run)),
};
