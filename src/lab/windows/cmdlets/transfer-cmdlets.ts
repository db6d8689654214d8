import { randomUUID } from 'node:crypto';
import type { CommandContext, ErrorSpec, Task } from '../../evaluator/host.ts';
import { exception, newObject, stateOf } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { isElevated } from '../accounts.ts';
import { winHttpProxy } from '../machine/network/proxy-settings.ts';
import { type TransferJob, transferMs } from '../machine/updates/transfer-queue.ts';
import { hresultOf, Win32Fault } from '../machine/win32-fault.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { durationOf } from '../types/network/web-fault.ts';
import { command } from './command-syntax.ts';
import { bitsJobType, hex } from './transfer-job.ts';

const bitsError = (hresult: number, message: string, target?: Value): ErrorSpec => ({
  id: 'System.Runtime.InteropServices.COMException',
  message,
  category: 'InvalidOperation',
  ...(target === undefined ? {} : { target }),
  exception: exception(
    'System.Runtime.InteropServices.COMException',
    `${message} (Exception from HRESULT: ${hex(hresult)})`,
    {
      hresult,
      properties: { ErrorCode: hresult | 0 },
    },
  ),
});

/** BITS runs, or is started; otherwise the command ends as on Windows. */
const requireBits = (context: CommandContext): TransferJob[] => {
  const { machine, pid } = actorOf(context);
  const service = machine.services.find('BITS');
  try {
    if (service && service.state !== 'Running') void machine.services.start('BITS', pid);
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    context.fail(bitsError(0x80070000 | error.code, 'The service cannot be started.'));
  }
  const jobs = service ? machine.transfers.jobs() : undefined;
  return jobs ?? context.fail(bitsError(0x800706ba, 'The RPC server is unavailable.'));
};

const getTransfer = command('Get-BitsTransfer', {
  className: 'Microsoft.BackgroundIntelligentTransfer.Management.GetBitsTransferCommand',
  sets: ['Name', 'Id'],
  pipeline: { Name: 'both', JobId: 'both' },
  simulated: ['Name', 'AllUsers', 'JobId'],
  process: (context, bound) => {
    const { machine, process } = actorOf(context);
    const isAdministrator = isElevated(process.account);
    const jobs = requireBits(context);
    if (bound.flag('AllUsers') && !isAdministrator) context.fail(bitsError(0x80070005, 'Access is denied.'));
    const names = bound.texts('Name');
    const ids = bound.texts('JobId').map((id) => id.toLowerCase());
    for (const job of jobs) {
      const isMine = job.ownerSid === process.account.sid;
      if (!isMine && !bound.flag('AllUsers') && ids.length === 0) continue;
      if (names.length > 0 && !names.some((name) => context.like(job.name, name))) continue;
      if (ids.length > 0 && !ids.includes(job.id.replace(/[{}]/g, '').toLowerCase())) continue;
      context.write(newObject(bitsJobType, { machine, job }));
    }
  },
});

/** A command that changes jobs that are handed to it. */
const changeJobs = (
  verb: string,
  className: string,
  change: (
    job: TransferJob,
    call: { readonly context: CommandContext; readonly isWaiting: boolean },
  ) => Task<TransferJob | undefined>,
) =>
  command(`${verb}-BitsTransfer`, {
    className: `Microsoft.BackgroundIntelligentTransfer.Management.${className}`,
    pipeline: { BitsJob: 'both' },
    simulated: ['BitsJob', 'Asynchronous'],
    *process(context, bound) {
      const { machine, pid } = actorOf(context);
      for (const value of bound.list('BitsJob')) {
        const row = stateOf(value, bitsJobType);
        if (!row) continue;
        const job = requireBits(context).find(({ id }) => id === row.job.id);
        if (!job) {
          context.writeError(bitsError(0x80200001, 'The requested job was not found.', value));
          continue;
        }
        if (!context.shouldProcess(row.job.id, `${verb}-BitsTransfer`)) continue;
        const after = yield* change(job, { context, isWaiting: !bound.flag('Asynchronous') });
        const left = requireBits(context).flatMap((one) => (one.id === job.id ? (after ?? []) : one));
        yield machine.transfers.replaceJobs(left, pid, verb.toLowerCase(), job.name);
      }
    },
  });

/** Waits while the network works on a job. @returns its error, 0 when all its files are there */
const waitFor = function* (context: CommandContext, job: TransferJob): Task<number> {
  const { machine, pid } = actorOf(context);
  const outcome = machine.network.request(new URL(job.files[0]?.url ?? ''), winHttpProxy(machine.registry));
  yield machine.clock.wait(pid, Math.max(transferMs, durationOf(outcome, 30_000)));
  return machine.transfers.transfer(job.id);
};

const failedTransfer = (error: number, target: Value): ErrorSpec => ({
  id: 'StartBitsTransferCOMException',
  message:
    error >>> 16 === 0x8019
      ? `HTTP status ${error & 0xffff}`
      : error >>> 0 === 0x80072ee7
        ? 'The server name or address could not be resolved'
        : 'A connection with the server could not be established',
  category: 'InvalidOperation',
  target,
  exception: exception('System.Exception', `The transfer failed (${hex(error)}).`, { hresult: error }),
});

/** Jobs belong to somebody who is logged on at the machine, or to a service account. */
const requireLogon = (context: CommandContext): void => {
  const { machine, process } = actorOf(context);
  const { sid } = process.account;
  if (
    ['S-1-5-18', 'S-1-5-19', 'S-1-5-20'].includes(sid) ||
    machine.users.sessions.some(({ account }) => account.sid === sid)
  )
    return;
  context.fail({
    ...bitsError(
      0x800704dd,
      'The operation being requested was not performed because the user has not logged on to the network. The specified service does not exist.',
    ),
    category: 'NotSpecified',
  });
};

const startTransfer = command('Start-BitsTransfer', {
  className: 'Microsoft.BackgroundIntelligentTransfer.Management.NewBitsTransferCommand',
  pipeline: { Source: 'name', Destination: 'name' },
  simulated: ['Source', 'Destination', 'DisplayName', 'Description', 'Priority', 'Asynchronous'],
  *process(context, bound) {
    const { machine, process, pid } = actorOf(context);
    requireBits(context);
    requireLogon(context);
    for (const [index, source] of bound.texts('Source').entries()) {
      if (!URL.canParse(source)) context.unsupported(`Start-BitsTransfer of ${source}`);
      const local =
        bound.texts('Destination')[index] ?? `${context.location}\\${source.slice(source.lastIndexOf('/') + 1)}`;
      const now = machine.clock.wallMs();
      const job: TransferJob = {
        id: `{${randomUUID()}}`,
        name: bound.text('DisplayName') ?? 'BITS Transfer',
        description:
          bound.text('Description') ??
          'This is a file transfer that uses the Background Intelligent Transfer Service (BITS).',
        ownerSid: process.account.sid,
        state: 'Queued',
        priority: 'Foreground',
        createdMs: now,
        modifiedMs: now,
        files: [{ url: source, local, bytes: 1024, done: 0 }],
        error: 0,
      };
      yield machine.transfers.replaceJobs([...requireBits(context), job], pid, 'start', job.name);
      if (bound.flag('Asynchronous')) {
        machine.transfers.begin(job.id);
        context.write(newObject(bitsJobType, { machine, job }));
        continue;
      }
      const error = yield* waitFor(context, job);
      if (error !== 0) context.fail(failedTransfer(error, source));
      yield* complete(context, job.id);
      yield machine.transfers.replaceJobs(
        requireBits(context).filter(({ id }) => id !== job.id),
        pid,
        'complete',
        job.name,
      );
    }
  },
});

/** Lays the files of a job that are there. */
const complete = function* (context: CommandContext, id: string): Task<void> {
  const { machine, pid } = actorOf(context);
  const job = requireBits(context).find((one) => one.id === id);
  if (!job) return;
  try {
    yield* machine.transfers.lay(job, pid);
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    context.fail(bitsError(hresultOf(error.code), 'The file cannot be written.'));
  }
};

/** Transfers of BITS. */
export const transferCmdlets = [
  getTransfer,
  startTransfer,
  // oxlint-disable-next-line require-yield -- nothing to wait for
  changeJobs('Remove', 'RemoveBitsTransferCommand', function* () {
    return undefined;
  }),
  // oxlint-disable-next-line require-yield -- nothing to wait for
  changeJobs('Suspend', 'SuspendBitsTransferCommand', function* (job, { context }) {
    return { ...job, state: 'Suspended', modifiedMs: actorOf(context).machine.clock.wallMs() };
  }),
  changeJobs('Resume', 'ResumeBitsTransferCommand', function* (job, { context, isWaiting }) {
    const { machine, pid } = actorOf(context);
    const queued: TransferJob = { ...job, state: 'Queued', error: 0, modifiedMs: machine.clock.wallMs() };
    if (!isWaiting) {
      machine.transfers.begin(job.id);
      return queued;
    }
    const others = requireBits(context).filter(({ id }) => id !== job.id);
    yield machine.transfers.replaceJobs([...others, queued], pid, 'resume', job.name);
    const error = yield* waitFor(context, queued);
    if (error !== 0) {
      context.writeError(failedTransfer(error, job.id));
      return requireBits(context).find(({ id }) => id === job.id);
    }
    yield* complete(context, job.id);
    return undefined;
  }),
  changeJobs('Complete', 'CompleteBitsTransferCommand', function* (job, { context }) {
    yield* complete(context, job.id);
    return undefined;
  }),
];
