import type { Task } from '../../evaluator/host.ts';
import { fitsAsSource, readWim } from '../machine/devices/setup-media.ts';
import type { Machine } from '../machine/machine.ts';
import { dismCodes } from '../machine/updates/component-store.ts';
import { runDismImageVerbs, runDismVerbs } from './devices/update-programs.ts';
import { logDism } from './dism-log.ts';
import type { ProgramCall, WindowsProgram } from './program.ts';
import { work } from './work.ts';

/**
 * Whether /Source names something with good files: an image of the same build and edition, or the WinSxS folder (or a mounted image) of another
 * Windows than this one.
 */
export const hasSource = (machine: Machine, sources: readonly string[]): boolean =>
  sources.some((source) => {
    const path = source.replace(/^(wim|esd):/i, '').replace(/:\d+$/, '');
    const index = Number(/\.(?:wim|esd):(\d+)$/i.exec(source)?.[1] ?? 1);
    const node = machine.files.find(path);
    if (!node) return false;
    if (!node.isFolder)
      return readWim(node.bytes)?.some((image) => image.index === index && fitsAsSource(machine, image)) ?? false;
    if (/^C:\\Windows(?:\\|$)/i.test(path)) return false;
    return /\\WinSxS$/i.test(path) || machine.files.exists(`${path}\\Windows\\WinSxS`);
  });

const cleanupImage = function* (
  call: ProgramCall,
  verbs: ReadonlySet<string>,
): Generator<Promise<void> | undefined, number, unknown> {
  const { machine, process, args, line } = call;
  const store = machine.components;
  const progress = (share: number): void =>
    line(`[${'='.repeat(Math.round(share * 56)).padEnd(58)}] ${(share * 100).toFixed(1)}%`);
  if (verbs.has('checkhealth')) {
    line(
      {
        Healthy: 'No component store corruption detected.',
        Repairable: 'The component store is repairable.',
        NonRepairable: 'The component store cannot be repaired.',
      }[store.markedHealth],
    );
    return dismCodes.done;
  }
  if (verbs.has('scanhealth')) {
    yield* work(machine, process.pid, store.durations.scanMs, progress);
    line(
      {
        Healthy: 'No component store corruption detected.',
        Repairable: 'The component store is repairable.',
        NonRepairable: 'The component store cannot be repaired.',
      }[store.scan()],
    );
    return dismCodes.done;
  }
  if (verbs.has('restorehealth')) {
    yield* work(machine, process.pid, store.durations.restoreMs, progress);
    const sources = args.filter((arg) => /^\/source:/i.test(arg)).map((arg) => arg.slice(8));
    const code = store.restore({ hasGoodSource: hasSource(machine, sources), limitAccess: verbs.has('limitaccess') });
    line(code === 0 ? 'The restore operation completed successfully.' : `Error: 0x${code.toString(16)}`);
    return code;
  }
  if (verbs.has('startcomponentcleanup')) {
    if (verbs.has('resetbase')) machine.hardware.packages.resetBase(process.parentPid);
    yield* work(machine, process.pid, store.durations.cleanupMs, progress);
    store.cleanup();
    return dismCodes.done;
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
    line('Beginning system scan.  This process will take some time.');
    yield* work(machine, process.pid, machine.components.durations.sfcMs, (share) =>
      line(`Verification ${Math.round(share * 100)}% complete.`),
    );
    const found = machine.components.systemFiles.length;
    const { unrepaired, pending } = machine.components.checkSystemFiles();
    line(
      found === 0
        ? 'Windows Resource Protection did not find any integrity violations.'
        : unrepaired > 0
          ? 'Windows Resource Protection found corrupt files but was unable to fix some of them.'
          : 'Windows Resource Protection found corrupt files and successfully repaired them.',
    );
    if (pending > 0) line('The system file repair changes will take effect after the next reboot.');
    return unrepaired > 0 ? 1 : 0;
  },
};
