import { readImageContent } from '../../machine/devices/image-file.ts';
import { writeSetupDiag } from '../../machine/devices/setup-logs.ts';
import { setupCodes } from '../../machine/devices/windows-setup.ts';
import { absolutePath, parentOf } from '../../machine/files/paths.ts';
import { refuseMember } from '../../types/outside.ts';
import type { WindowsProgram } from '../program.ts';
import { work } from '../work.ts';

/** Options of setup.exe that the lab takes; those with a value count it along. */
// biome-ignore format: a table
const options: Readonly<Record<string, 'value' | 'flag'>> = {
  auto: 'value', quiet: 'flag', noreboot: 'flag', compat: 'value', eula: 'value', copylogs: 'value', dynamicupdate: 'value', bitlocker: 'value',
  showoobe: 'value', imageindex: 'value', telemetry: 'value', migratedrivers: 'value', resizerecoverypartition: 'value', priority: 'value',
  installfrom: 'value', pkey: 'value', product: 'value', uninstall: 'value', reflectdrivers: 'value', noautoexit: 'flag', diagnosticprompt: 'value',
};

/** setup.exe of Windows media, wherever the media lies. Its codes are those of the setup platform; without /Auto Upgrade and /Quiet it waits for a person. */
export const setupProgram: WindowsProgram = {
  path: 'setup.exe',
  matches: (file) => /^[a-z]:\\(?:.*\\)?setup\.exe$/i.test(file),
  *run({ machine, process, args }) {
    const { setup } = machine.hardware;
    const path = process.path;
    const image = readImageContent<{ build: number }>(machine.files.find(path)?.bytes, 'windows-setup');
    if (!image) {
      // A setup program that was damaged does not start; another one is not known here.
      if (machine.files.find(path)?.bytes?.length) return 0xc000007b | 0;
      return refuseMember(`the program ${path}`);
    }
    const given = new Map<string, string>();
    for (let at = 0; at < args.length; at++) {
      const name = (args[at] ?? '').replace(/^[/-]/, '').toLowerCase();
      const kind = options[name];
      // The licence option came with Windows 11.
      if (kind === undefined || (name === 'eula' && image.build < 22_000)) return setupCodes.unknownOption | 0;
      given.set(name, kind === 'value' ? (args[++at] ?? '') : '');
    }
    if (!given.has('quiet') || !/^(?:upgrade|clean|dataonly)$/i.test(given.get('auto') ?? '')) {
      yield machine.clock.wait(process.pid, 24 * 3_600_000);
      return 0xc1900401 | 0;
    }
    if (!/^upgrade$/i.test(given.get('auto') ?? '')) return refuseMember(`setup.exe /Auto ${given.get('auto') ?? ''}`);
    const root = parentOf(path).replace(/\\$/, '');
    const isScan = /^scanonly$/i.test(given.get('compat') ?? '');
    yield* work(
      machine,
      process.pid,
      isScan ? setup.durations.scanMs : setup.durations.scanMs + setup.durations.downlevelMs,
    );
    const code = isScan ? setup.scan(root) : setup.begin(root, process.parentPid);
    const logs = given.get('copylogs');
    if (logs !== undefined) copyLogs(machine, absolutePath(logs), process.parentPid);
    if (code === 0 && !given.has('noreboot')) machine.power.schedule('restart', 10_000, process.parentPid);
    return code | 0;
  },
};

const copyLogs = (machine: Parameters<typeof writeSetupDiag>[0], target: string, pid: number): void => {
  const { files } = machine;
  void files.createFolder(target, pid);
  for (const node of files.find('C:\\$WINDOWS.~BT\\Sources\\Panther')?.children.values() ?? [])
    if (!node.isFolder) void files.write(`${target}\\${node.name}`, files.read(node), pid);
};

/** SetupDiag.exe: writes what the last failed setup left (`/Output:`, XML). */
export const setupDiagProgram: WindowsProgram = {
  path: 'SetupDiag.exe',
  matches: (file) => /(?:^|\\)setupdiag\.exe$/i.test(file),
  *run({ machine, process, args, line }) {
    yield machine.clock.wait(process.pid, 60_000);
    const read = (name: string): string =>
      String(machine.registry.data('HKLM\\SYSTEM\\Setup\\SetupDiag\\Results', name) ?? '');
    const output =
      args.find((arg) => /^\/output:/i.test(arg))?.slice(8) ?? `${parentOf(process.path)}\\SetupDiagResults.log`;
    if (read('ErrorCode') === '') {
      line('SetupDiag was unable to match to any known failure signatures.');
      return 0;
    }
    writeSetupDiag(
      machine,
      {
        result: Number(read('ErrorCode')),
        extend: Number(read('ExtendedErrorCode')),
        rule: read('ProfileName'),
        lines: [read('FailureData')],
      },
      absolutePath(output),
    );
    line(`SetupDiag found 1 matching issue: ${read('ProfileName')}`);
    return 0;
  },
};
