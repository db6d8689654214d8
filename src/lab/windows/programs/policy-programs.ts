import { systemPid } from '../machine/change-feed.ts';
import { absolutePath } from '../machine/files/paths.ts';
import { policyReport } from '../machine/policy/policy-report.ts';
import type { WindowsProgram } from './program.ts';

/** gpupdate.exe: /target, /force, /wait. */
export const gpupdateProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\gpupdate.exe',
  *run({ machine, process, args, line }) {
    const known = /^[/-](target:(computer|user)|force|wait:-?\d+)$/i;
    const bad = args.find((arg) => !known.test(arg));
    if (bad !== undefined) {
      line(`Invalid argument "${bad}"`);
      return 87;
    }
    const target = args
      .find((arg) => /^[/-]target:/i.test(arg))
      ?.slice(8)
      .toLowerCase();
    line('Updating policy...');
    line('');
    yield machine.clock.wait(process.pid, 8000);
    let code = 0;
    if (target !== 'user') {
      if (machine.policy.refresh('manual')) line('Computer Policy update has completed successfully.');
      else {
        line('Computer policy could not be updated successfully. The following errors were encountered:');
        line('');
        line('The processing of Group Policy failed because of lack of network connectivity to a domain controller.');
        code = 1;
      }
    }
    if (target !== 'computer') line('User Policy update has completed successfully.');
    return code;
  },
};

/** gpresult.exe: /scope computer with /x or /r. */
export const gpresultProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\gpresult.exe',
  *run({ machine, process, args, line, errorLine }) {
    const words = args.map((arg) => arg.replace(/^-/, '/').toLowerCase());
    const after = (name: string): string | undefined => {
      const at = words.indexOf(name);
      return at < 0 ? undefined : args[at + 1];
    };
    const file = after('/x');
    yield machine.clock.wait(process.pid, 3000);
    if (file !== undefined) {
      const path = absolutePath(file);
      if (machine.files.exists(path) && !words.includes('/f')) {
        errorLine(`ERROR: The file '${file}' already exists.`);
        return 1;
      }
      const bytes = Buffer.from(`\ufeff${policyReport(machine)}`, 'utf16le');
      yield machine.files.write(path, new Uint8Array(bytes), process.parentPid === 0 ? systemPid : process.parentPid);
      return 0;
    }
    if (!words.includes('/r')) {
      line('GPRESULT [/S system [/U username [/P [password]]]] [/SCOPE scope]');
      return 1;
    }
    line('');
    line('COMPUTER SETTINGS');
    line('------------------');
    line('    Applied Group Policy Objects');
    line('    -----------------------------');
    const names = machine.policy.objects().map(({ name }) => name);
    for (const name of names.length === 0 ? ['N/A'] : names) line(`        ${name}`);
    return 0;
  },
};
