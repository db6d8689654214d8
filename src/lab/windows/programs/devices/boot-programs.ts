import type { ProgramCall, WindowsProgram } from '../program.ts';

const noElement = 'The specified entry does not exist.';

const showEntry = ({ line }: ProgramCall, id: string, elements: ReadonlyMap<string, string>): void => {
  const title = id === '{bootmgr}' ? 'Windows Boot Manager' : 'Windows Boot Loader';
  line('');
  line(title);
  line('-'.repeat(title.length));
  line(`${'identifier'.padEnd(24)}${id}`);
  for (const [name, value] of elements) line(`${name.padEnd(24)}${value}`);
};

/** bcdedit.exe: /enum, /set, /deletevalue, /timeout, /export, /import. The names of elements are never translated. */
export const bootProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\bcdedit.exe',
  *run(call) {
    const { machine, process, args, line, errorLine } = call;
    const { boot } = machine.hardware;
    const verb = (args[0] ?? '/enum').toLowerCase().replace(/^-/, '/');
    const pid = process.parentPid;
    const split = (rest: readonly string[]): readonly [string, readonly string[]] => {
      const [first = ''] = rest;
      return first.startsWith('{')
        ? [first.toLowerCase() === '{default}' ? '{current}' : first.toLowerCase(), rest.slice(1)]
        : ['{current}', rest];
    };
    if (verb === '/enum') {
      const [id] = split(args.slice(1));
      const isOne = (args[1] ?? '').startsWith('{');
      if (isOne && !boot.entriesById.has(id)) {
        errorLine(noElement);
        return 1;
      }
      for (const [name, elements] of boot.entriesById) if (!isOne || name === id) showEntry(call, name, elements);
      return 0;
    }
    if (verb === '/set' || verb === '/deletevalue') {
      const [id, [name, value]] = split(args.slice(1));
      if (!boot.entriesById.has(id) || name === undefined || (verb === '/set' && value === undefined)) {
        errorLine('The set command specified is not valid.');
        return 1;
      }
      if (verb === '/deletevalue' && !boot.entriesById.get(id)?.has(name.toLowerCase())) {
        errorLine('Element not found.');
        return 1;
      }
      yield boot.set(id, name.toLowerCase(), verb === '/set' ? value : undefined, pid);
    } else if (verb === '/timeout') yield boot.set('{bootmgr}', 'timeout', args[1] ?? '30', pid);
    else if (verb === '/export') {
      const saved = JSON.stringify([...boot.entriesById].map(([id, elements]) => [id, [...elements]]));
      yield machine.files.write(args[1] ?? '', Buffer.from(`BCD\n${saved}`), pid);
    } else if (verb === '/import') {
      const text = Buffer.from(machine.files.find(args[1] ?? '')?.bytes ?? []).toString('utf8');
      if (!text.startsWith('BCD\n')) {
        errorLine('The store import operation has failed.');
        return 1;
      }
      boot.entriesById = new Map(
        (JSON.parse(text.slice(4)) as [string, [string, string][]][]).map(([id, list]) => [id, new Map(list)]),
      );
      yield machine.changes.record('boot.import', args[1] ?? '', undefined, undefined, pid);
    } else {
      errorLine('The command specified is not valid. Run "bcdedit /?" for command line assistance.');
      return 1;
    }
    line('The operation completed successfully.');
    return 0;
  },
};

/** reagentc.exe: /info, /enable, /disable. */
export const recoveryProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\ReAgentc.exe',
  *run({ machine, process, args, line }) {
    const { boot, disks } = machine.hardware;
    const verb = (args[0] ?? '').toLowerCase();
    const done = 'REAGENTC.EXE: Operation Successful.';
    if (verb === '/info') {
      const disk = disks.diskOf('C:');
      const part = disk?.partitions.find(({ type }) => type === 'recovery');
      const location =
        boot.isRecoveryOn && part
          ? `\\\\?\\GLOBALROOT\\device\\harddisk${disk?.number}\\partition${part.number}\\Recovery\\WindowsRE`
          : '';
      line('Windows Recovery Environment (Windows RE) and system reset configuration');
      line('Information:');
      line('');
      line(`    Windows RE status:         ${boot.isRecoveryOn ? 'Enabled' : 'Disabled'}`);
      line(`    Windows RE location:       ${location}`);
      line(
        `    Boot Configuration Data (BCD) identifier: ${boot.isRecoveryOn ? '4f2b9c1e-6a52-4b1e-8d3a-5d3f0a7c9e11' : '00000000-0000-0000-0000-000000000000'}`,
      );
      line('    Recovery image location:');
      line('    Recovery image index:      0');
      line('    Custom image location:');
      line('    Custom image index:        0');
      line('');
      line(done);
      return 0;
    }
    if (verb !== '/enable' && verb !== '/disable') return 1;
    if ((verb === '/enable') === boot.isRecoveryOn) {
      line(`REAGENTC.EXE: Windows RE is already ${boot.isRecoveryOn ? 'enabled' : 'disabled'}.`);
      return 2;
    }
    if (verb === '/enable' && !disks.diskOf('C:')?.partitions.some(({ type }) => type === 'recovery')) {
      line('REAGENTC.EXE: The Windows RE image was not found.');
      return 2;
    }
    yield boot.setRecovery(verb === '/enable', process.parentPid);
    line(done);
    return 0;
  },
};

const hibernateKey = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Power';

/** powercfg.exe: /hibernate on and off (short: /h), /availablesleepstates. */
export const powerProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\powercfg.exe',
  *run({ machine, process, args, line, errorLine }) {
    const verb = (args[0] ?? '').replace(/^-/, '/').toLowerCase();
    const { files, registry } = machine;
    const pid = process.parentPid;
    const file = 'C:\\hiberfil.sys';
    if (verb === '/a' || verb === '/availablesleepstates') {
      line('The following sleep states are available on this system:');
      line('    Standby (S3)');
      if (files.exists(file)) line('    Hibernate');
      return 0;
    }
    if (verb !== '/h' && verb !== '/hibernate') {
      errorLine('Invalid Parameters -- try "/?" for help');
      return 1;
    }
    const isOn = /^on$/i.test(args[1] ?? 'on');
    if (!isOn && files.exists(file)) yield files.remove(file, pid, { force: true });
    if (isOn && !files.exists(file)) {
      const size = Math.round(machine.memoryBytes * 0.4);
      if (files.freeBytes('C:') < size) {
        errorLine('Hibernation failed with the following error: There is not enough space on the disk.');
        return 1;
      }
      yield files.write(file, new Uint8Array(), pid);
      files.get(file).bytes = undefined;
      files.get(file).sizeBytes = size;
      files.volume('C:').usedBytes += size;
    }
    yield registry.set(hibernateKey, { name: 'HibernateEnabled', kind: 'DWord', data: isOn ? 1 : 0 }, pid);
    // Without hibernation there is no fast startup either.
    return 0;
  },
};
