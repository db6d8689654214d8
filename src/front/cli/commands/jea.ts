import { Failure } from '../../../kernel/failure.ts';
import type { Command } from '../command.ts';
import { endpointText } from '../endpoint-text.ts';
import { exitCodes } from '../exit-code.ts';

const usage = 'export <playbook…> [--out <folder>] [--group <name|SID>]';

/** `kintsugi jea export`: what a host must have to be repaired through an endpoint without language. */
export const jeaCommand: Command = {
  name: 'jea',
  summary: {
    en: 'write the endpoint for no-language (JEA) hosts',
    ja: 'NoLanguage(JEA)ホスト用のエンドポイントを書き出す',
  },
  usage,
  operands: [2, Number.POSITIVE_INFINITY],
  options: {
    out: {
      kind: 'value',
      value: '<folder>',
      help: { en: 'folder to write to (default: kintsugi-endpoint)', ja: '書き出し先(既定: kintsugi-endpoint)' },
    },
    group: {
      kind: 'value',
      value: '<name|SID>',
      help: {
        en: 'who may connect (default: S-1-5-32-544, the local administrators)',
        ja: '接続を許可するグループ(既定: S-1-5-32-544、ローカルの管理者)',
      },
    },
    name: {
      kind: 'value',
      value: '<name>',
      help: {
        en: 'name of the module and of the session configuration (default: Kintsugi)',
        ja: 'モジュールとセッション構成の名前(既定: Kintsugi)',
      },
    },
  },
  examples: [
    'kintsugi jea export windows-update/file-not-found',
    "kintsugi jea export windows-update/file-not-found playbooks/own/fix.yaml --group 'EXAMPLE\\Repair' --out endpoint",
  ],
  async run({ services, terminal, args, json }) {
    const [verb, ...playbooks] = args.operands;
    if (verb !== 'export')
      throw new Failure(
        'bad-input',
        `Expected \`kintsugi jea export\`, got ${JSON.stringify(verb)}.\nUsage: kintsugi jea ${usage}`,
      );
    const folder = args.value('out') ?? 'kintsugi-endpoint';
    const exported = await services.exportEndpoint(
      { playbooks, name: args.value('name') ?? 'Kintsugi', group: args.value('group') ?? 'S-1-5-32-544' },
      folder,
    );
    if (json) terminal.print(JSON.stringify({ ...exported, folder, files: [...exported.files.keys()] }));
    else terminal.print(endpointText(exported, folder, terminal.language));
    return exitCodes.good;
  },
};
