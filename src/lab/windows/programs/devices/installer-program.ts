import { decodeInstaller, installPackage } from '../../machine/devices/installer-package.ts';
import { appendLines } from '../../machine/devices/setupapi-log.ts';
import { absolutePath } from '../../machine/files/paths.ts';
import type { WindowsProgram } from '../program.ts';
import { work } from '../work.ts';

/** Codes of Windows Installer: package missing or damaged, no place for temporary files, wrong command line, unknown product. */
const codes = {
  done: 0,
  unknownProduct: 1605,
  cannotOpen: 1619,
  noTemp: 1632,
  badCommand: 1639,
  serviceDisabled: 1601,
  needsDesktop: 1602,
} as const;

/** msiexec.exe: /i with /qn (or /quiet), /norestart, /l*v; /x by product code. Without /qn it would show windows that nobody sees. */
export const installerProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\msiexec.exe',
  *run({ machine, process, args }) {
    const words = args.map((arg) => arg.toLowerCase().replace(/^-/, '/'));
    const at = words.findIndex(
      (word) => word === '/i' || word === '/package' || word === '/x' || word === '/uninstall',
    );
    const target = args[at + 1];
    if (at < 0 || target === undefined) return codes.badCommand;
    const logAt = words.findIndex((word) => /^\/l(?:og)?[*a-z!+]*$/.test(word));
    const log = logAt < 0 ? undefined : args[logAt + 1];
    const say = (text: string): void =>
      log === undefined ? undefined : appendLines(machine, absolutePath(log), [text]);
    if (machine.services.find('msiserver')?.start === 'Disabled') return codes.serviceDisabled;
    if (!words.some((word) => /^\/(?:q[nb]?[-+!]*|quiet|passive)$/.test(word))) {
      yield machine.clock.wait(process.pid, 24 * 3_600_000);
      return codes.needsDesktop;
    }
    const temp = process.environment.get('TEMP')?.value ?? 'C:\\Windows\\TEMP';
    if (!machine.files.find(temp)?.isFolder) {
      say(`MainEngineThread is returning ${codes.noTemp}`);
      return codes.noTemp;
    }
    if (words[at] === '/x' || words[at] === '/uninstall') {
      const key = `HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\${target}`;
      if (!machine.registry.find(key)) return codes.unknownProduct;
      yield machine.registry.remove(key, process.parentPid);
      return codes.done;
    }
    const node = machine.files.find(absolutePath(target));
    const content = decodeInstaller(node?.bytes);
    if (!content) {
      say(`MainEngineThread is returning ${codes.cannotOpen}`);
      return codes.cannotOpen;
    }
    yield* work(machine, process.pid, 90_000);
    installPackage(machine, content, process.parentPid);
    for (const { name, start } of content.services)
      if (start === 'Automatic' && machine.services.find(name)?.state === 'Stopped')
        yield machine.services.start(name, process.parentPid);
    machine.events.write({
      log: 'Application',
      provider: 'MsiInstaller',
      id: 11_707,
      message: `Product: ${content.product} -- Installation completed successfully.`,
      data: [['', `Product: ${content.product} -- Installation completed successfully.`]],
    });
    say('MainEngineThread is returning 0');
    return codes.done;
  },
};
