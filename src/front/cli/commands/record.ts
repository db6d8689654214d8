import { chmodSync, closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Failure } from '../../../kernel/failure.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { hostOptions } from '../plan-options.ts';

/** `kintsugi record`: writes a session with a host as a tape that tests can replay. */
export const recordCommand: Command = {
  name: 'record',
  summary: { en: 'record a session with a host as a tape', ja: 'ホストとのセッションをテープに記録' },
  usage: '<host> [--out <file>]',
  operands: [1, 1],
  options: {
    inventory: hostOptions.inventory,
    out: {
      kind: 'value',
      short: 'o',
      value: '<file>',
      help: { en: 'the tape (default: <host>.tape.json)', ja: 'テープのファイル(既定: <host>.tape.json)' },
    },
    script: {
      kind: 'many',
      value: '<file.ps1>',
      help: {
        en: 'run this script, too (default: only a short look at the host)',
        ja: 'このスクリプトも実行(既定: ホストの確認のみ)',
      },
    },
    scrub: {
      kind: 'flag',
      help: {
        en: 'overwrite the names of host, account and domain (what scripts put out stays)',
        ja: 'ホスト・アカウント・ドメインの名前を伏せる(スクリプトの出力はそのまま)',
      },
    },
  },
  examples: [
    'kintsugi record web01 --out web01.tape.json --scrub',
    'kintsugi record web01 -o scan.tape.json --script scan.ps1',
  ],
  async run({ services, terminal, args, json }) {
    const out = args.value('out') ?? `${args.operands[0] ?? ''}.tape.json`;
    const scripts = args.values('script').map(readScript);
    // Whether the tape can be written is found out before a host is asked; one that is there stays until there is another.
    checkWritable(out);
    const { tape, kept, failed } = await services.record(
      { hosts: args.operands[0] ?? null, inventory: args.value('inventory'), option: '<host>' },
      { scripts, scrub: args.flag('scrub') },
    );
    writeTape(out, `${JSON.stringify(tape, null, 2)}\n`);
    if (json) terminal.print(JSON.stringify({ file: out, exchanges: tape.messages.length, kept, failed }));
    else {
      const { length } = tape.messages;
      terminal.print(terminal.language === 'ja' ? `${out}: ${length} 往復` : `${out}: ${length} exchanges`);
      const names = kept.join(', ');
      if (kept.length > 0)
        terminal.warn(
          terminal.language === 'ja'
            ? `--scrub: 短すぎる名前は伏せていません: ${names}`
            : `--scrub: too short to be looked for, and left where they stand: ${names}`,
        );
      for (const { message } of failed) terminal.warn(message);
    }
    return exitCodes.good;
  },
};

/** @throws Failure `bad-input` naming the option */
function readScript(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure('bad-input', `--script: \`${file}\` cannot be read; expected a PowerShell file.`, {
      cause: error,
    });
  }
}

/** Leaves a file as it is, and none where there is none. @throws Failure `bad-input` naming the option */
function checkWritable(file: string): void {
  const isNew = !existsSync(file);
  try {
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    throw notWritable(file, error);
  }
  if (isNew) rmSync(file, { force: true });
}

/** Writes a file that only this user can read. @throws Failure `bad-input` naming the option */
function writeTape(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600 });
    chmodSync(file, 0o600);
  } catch (error) {
    throw notWritable(file, error);
  }
}

function notWritable(file: string, error: unknown): Failure {
  const message = `--out: \`${file}\` cannot be written; expected a file in a folder that exists.`;
  return new Failure('bad-input', message, { cause: error });
}
