import { detectNow } from '../com/update-settings.ts';
import type { Machine } from '../machine/machine.ts';
import { jobStates } from '../machine/updates/transfer-queue.ts';
import { hresultOf, Win32Fault } from '../machine/win32-fault.ts';
import type { WindowsProgram } from './program.ts';

/** UsoClient.exe: asks the orchestrator, says nothing and always ends with 0. While updates are paused nothing is searched for. */
export const usoClientProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\UsoClient.exe',
  // oxlint-disable-next-line require-yield -- nothing to wait for
  *run({ machine, args }) {
    const verb = (args[0] ?? '').toLowerCase();
    if (['startscan', 'startinteractivescan', 'scaninstallwait'].includes(verb)) {
      const uso = machine.services.find('UsoSvc');
      if (uso && uso.start !== 'Disabled' && (!machine.update.isPaused || verb === 'startinteractivescan'))
        detectNow(machine);
    }
    return 0;
  },
};

/** wuauclt.exe: /detectnow, /reportnow, /resetauthorization; none of them does anything on Windows 10 and later. */
export const wuaucltProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\wuauclt.exe',
  // oxlint-disable-next-line require-yield -- nothing to wait for
  *run() {
    return 0;
  },
};

const stateWords: Readonly<Record<keyof typeof jobStates, string>> = {
  Queued: 'QUEUED',
  Connecting: 'CONNECTING',
  Transferring: 'TRANSFERRING',
  Suspended: 'SUSPENDED',
  Error: 'ERROR',
  TransientError: 'TRANSIENT_ERROR',
  Transferred: 'TRANSFERRED',
  Acknowledged: 'ACKNOWLEDGED',
  Cancelled: 'CANCELLED',
};

/** BITS runs as soon as somebody asks it. @returns a Win32 code, 0 when it runs */
const startBits = ({ services }: Machine, pid: number): number => {
  const service = services.find('BITS');
  if (!service) return 1060;
  if (service.state === 'Running') return 0;
  try {
    void services.start('BITS', pid);
    return 0;
  } catch (error) {
    if (error instanceof Win32Fault) return error.code;
    throw error;
  }
};

/** bitsadmin.exe: /list, /reset and /cancel. */
export const bitsadminProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\bitsadmin.exe',
  *run({ machine, process, args, line }) {
    const words = args.map((arg) => arg.toLowerCase());
    for (const text of [
      '',
      'BITSADMIN version 3.0',
      'BITS administration utility.',
      '(C) Copyright Microsoft Corp.',
      '',
    ])
      line(text);
    const verb = words[0] ?? '';
    const refusal = startBits(machine, process.parentPid);
    const jobs = refusal === 0 ? machine.transfers.jobs() : undefined;
    if (!jobs) {
      line(`Unable to connect to BITS - 0x${(refusal === 0 ? 0x800706ba : hresultOf(refusal) >>> 0).toString(16)}`);
      return 1;
    }
    const isForAll = words.includes('/allusers');
    const mine = jobs.filter(({ ownerSid, id }) =>
      verb === '/cancel' ? id.toLowerCase() === (words[1] ?? '') : isForAll || ownerSid === process.account.sid,
    );
    if (verb === '/list') {
      for (const job of mine) {
        const [done, all] = [
          job.files.reduce((sum, file) => sum + file.done, 0),
          job.files.reduce((sum, file) => sum + file.bytes, 0),
        ];
        line(`${job.id.toUpperCase()} '${job.name}' ${stateWords[job.state]} 0 / ${job.files.length} ${done} / ${all}`);
      }
      line(`Listed ${mine.length} job(s).`);
      return 0;
    }
    if (verb === '/cancel' && mine.length === 0) {
      line(`Unable to find job ${args[1] ?? ''}.`);
      return 1;
    }
    // Jobs of services are cancelled by SYSTEM only, not by an administrator.
    const gone = mine.filter(
      ({ ownerSid }) => ownerSid === process.account.sid || process.account.sid === 'S-1-5-18' || verb === '/cancel',
    );
    for (const job of gone) line(`${job.id.toUpperCase()} canceled.`);
    yield machine.transfers.replaceJobs(
      jobs.filter((job) => !gone.includes(job)),
      process.parentPid,
      'cancel',
      gone.map(({ name }) => name).join(', '),
    );
    if (verb === '/reset') line(`${gone.length} out of ${mine.length} jobs canceled.`);
    else line('Job canceled.');
    return 0;
  },
};
