import type { Task } from '../../evaluator/host.ts';
import { dismCodes, dismMessages } from '../machine/updates/component-store.ts';
import { runDismImageVerbs, runDismVerbs } from './devices/update-programs.ts';
import { logDism } from './dism-log.ts';
import type { ProgramCall, WindowsProgram } from './program.ts';
import { work } from './work.ts';

const healthTexts = {
  Healthy: 'No component store corruption detected.',
  Repairable: 'The component store is repairable.',
  NonRepairable: 'The component store cannot be repaired.',
} as const;

const sayError = (line: (text: string) => void, code: number): void => {
  const message = dismMessages[code];
  const text = `Error: 0x${code.toString(16)}`;
  for (const each of message === undefined ? [text] : ['', text, '', message]) line(each);
};

const cleanupImage = function* (call: ProgramCall, verbs: ReadonlySet<string>): Task<number> {
  const { machine, process, args, line } = call;
  const store = machine.components;
  const progress = (share: number): void =>
    line(`[${'='.repeat(Math.round(share * 56)).padEnd(58)}] ${(share * 100).toFixed(1)}%`);
  if (verbs.has('checkhealth')) {
    line(healthTexts[store.markedHealth]);
    return dismCodes.done;
  }
  if (verbs.has('scanhealth')) {
    yield* work(machine, process.pid, store.durations.scanMs, progress);
    line(healthTexts[store.scan()]);
    return dismCodes.done;
  }
  // While something waits for the next start it ends at once.
  const isFree = !store.isPending;
  if (verbs.has('restorehealth')) {
    if (isFree) yield* work(machine, process.pid, store.durations.restoreMs, progress);
    const sources = args.filter((arg) => /^\/source:/i.test(arg)).map((arg) => arg.slice(8));
    const code = yield* store.restore({ sources, limitAccess: verbs.has('limitaccess') }, process.parentPid);
    if (code === dismCodes.done) line('The restore operation completed successfully.');
    else sayError(line, code);
    return code;
  }
  if (verbs.has('startcomponentcleanup')) {
    if (isFree && verbs.has('resetbase')) yield machine.hardware.packages.resetBase(process.parentPid);
    if (isFree) yield* work(machine, process.pid, store.durations.cleanupMs, progress);
    const code = yield* store.cleanup(process.parentPid);
    if (code !== dismCodes.done) sayError(line, code);
    return code;
  }
  if (verbs.has('analyzecomponentstore')) {
    yield* work(machine, process.pid, 60_000);
    line(`Component Store Cleanup Recommended : ${store.supersededBytes > 0 ? 'Yes' : 'No'}`);
    return dismCodes.done;
  }
  return dismCodes.invalid;
};

const runDism = function* (call: ProgramCall): Task<number> {
  const verbs = new Set(call.args.map((arg) => arg.replace(/^[/-]/, '').toLowerCase()));
  call.line('');
  call.line('Deployment Image Servicing and Management tool');
  call.line(`Version: ${call.machine.edition.version}.1`);
  call.line('');
  const ofFile = yield* runDismImageVerbs(call, verbs);
  if (ofFile !== undefined) return ofFile;
  if (!verbs.has('online')) return dismCodes.invalid;
  call.line(`Image Version: ${call.machine.edition.version}.${call.machine.edition.ubr}`);
  call.line('');
  const other = yield* runDismVerbs(call, verbs);
  if (other !== undefined) return other;
  if (!verbs.has('cleanup-image')) return dismCodes.invalid;
  const code = yield* cleanupImage(call, verbs);
  if (code === dismCodes.done) call.line('The operation completed successfully.');
  return code;
};

/** Dism.exe: /Cleanup-Image with health, repair and clean-up verbs, /Get-Packages; it writes its log. */
export const dismProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\Dism.exe',
  *run(call) {
    const code = yield* runDism(call);
    logDism(call, code);
    return code;
  },
};

/** sfc.exe /scannow; its redirected output is UTF-16LE. */
export const sfcProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\sfc.exe',
  output: 'unicode',
  *run({ machine, process, args, line }) {
    const verb = (args[0] ?? '').toLowerCase();
    if (verb !== '/scannow' && verb !== '/verifyonly') return 1;
    if (machine.services.find('TrustedInstaller')?.start === 'Disabled') {
      line('Windows Resource Protection could not start the repair service.');
      return 1;
    }
    if (machine.components.isPending) {
      line('There is a system repair pending which requires reboot to complete.  Restart Windows and run sfc again.');
      return 1;
    }
    line('Beginning system scan.  This process will take some time.');
    yield* work(machine, process.pid, machine.components.durations.sfcMs, (share) =>
      line(`Verification ${Math.round(share * 100)}% complete.`),
    );
    const { found, unrepaired, pending } = yield* machine.components.checkSystemFiles(
      verb === '/scannow',
      process.parentPid,
    );
    line(
      found === 0
        ? 'Windows Resource Protection did not find any integrity violations.'
        : verb === '/verifyonly'
          ? 'Windows Resource Protection found integrity violations.'
          : unrepaired > 0
            ? 'Windows Resource Protection found corrupt files but was unable to fix some of them.'
            : 'Windows Resource Protection found corrupt files and successfully repaired them.',
    );
    if (pending > 0) line('The system file repair changes will take effect after the next reboot.');
    return unrepaired > 0 ? 1 : 0;
  },
};
