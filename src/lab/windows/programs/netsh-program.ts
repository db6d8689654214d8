import { systemPid } from '../machine/change-feed.ts';
import {
  decodeWinHttp,
  encodeWinHttp,
  type ProxySetting,
  winHttpValue,
  winInetProxy,
} from '../machine/network/proxy-settings.ts';
import type { ProgramCall, WindowsProgram } from './program.ts';

const show = ({ machine, line }: ProgramCall): number => {
  const data = machine.registry.data(winHttpValue.key, winHttpValue.name);
  const setting = data instanceof Uint8Array ? decodeWinHttp(data) : undefined;
  const isJapanese = machine.uiLanguage === 'ja-JP';
  line('');
  line(isJapanese ? '現在の WinHTTP プロキシ設定:' : 'Current WinHTTP proxy settings:');
  line('');
  if (!setting)
    line(isJapanese ? '    直接アクセス (プロキシ サーバーなし)。' : '    Direct access (no proxy server).');
  else {
    line(`    Proxy Server(s) :  ${setting.server}`);
    line(`    Bypass List     :  ${setting.bypass || '(none)'}`);
  }
  line('');
  return 0;
};

/** `proxy-server="a:1" bypass-list="b"`, or both by position. */
const readSetting = (args: readonly string[]): ProxySetting | undefined => {
  const named = (name: string): string | undefined =>
    args
      .find((arg) => arg.toLowerCase().startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replaceAll('"', '');
  const plain = args.filter((arg) => !/^(proxy-server|bypass-list)=/i.test(arg)).map((arg) => arg.replaceAll('"', ''));
  const server = named('proxy-server') ?? plain[0];
  if (server === undefined || server === '') return undefined;
  return { server, bypass: named('bypass-list') ?? plain[named('proxy-server') === undefined ? 1 : 0] ?? '' };
};

function* change(
  call: ProgramCall,
  setting: ProxySetting | undefined,
): Generator<Promise<void> | undefined, number, unknown> {
  const { machine, process } = call;
  const actor = process.parentPid === 0 ? systemPid : process.parentPid;
  yield machine.registry.set(
    winHttpValue.key,
    { name: winHttpValue.name, kind: 'Binary', data: encodeWinHttp(setting) },
    actor,
  );
  return show(call);
}

/** netsh.exe: winhttp show, set, reset and import proxy, http flush logbuffer. Its text follows the language of Windows. */
export const netshProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\netsh.exe',
  *run(call) {
    const words = call.args.map((arg) => arg.toLowerCase());
    const [verb = '', object = ''] = words.slice(1);
    // Logs of web servers are written at once here: nothing waits to be flushed.
    if (words[0] === 'http') return 0;
    switch (verb) {
      case 'show':
        return show(call);
      case 'reset':
        return yield* change(call, undefined);
      case 'set': {
        const setting = readSetting(call.args.slice(3));
        if (setting) return yield* change(call, setting);
        call.line('The syntax of the command is incorrect.');
        return 1;
      }
      case 'import':
        if (words[3] !== 'source=ie' && words[3] !== 'ie') return 1;
        // The settings of whoever calls: a profile that nobody ever used has none.
        return yield* change(call, winInetProxy(call.machine.registry, call.process.account.sid));
      default:
        call.line(`The following command was not found: winhttp ${verb} ${object}.`);
        return 1;
    }
  },
};
