import { randomUUID } from 'node:crypto';
import { defineEnum, defineType } from '../../evaluator/define.ts';
import type { CommandContext, ErrorSpec } from '../../evaluator/host.ts';
import {
  customObject,
  enumValue,
  exception,
  int64,
  localFromUnixMs,
  newObject,
  stateOf,
} from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Value } from '../../evaluator/value.ts';
import { isElevated, nameOfSid } from '../accounts.ts';
import type { Machine } from '../machine/machine.ts';
import { winHttpProxy } from '../machine/network/proxy-settings.ts';
import { jobStates, type TransferJob } from '../machine/updates/transfer-queue.ts';
import { Win32Fault } from '../machine/win32-fault.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { durationOf } from '../types/network/web-fault.ts';
import { command } from './command-syntax.ts';

/** Microsoft.BackgroundIntelligentTransfer.Management.JobState. */
export const jobStateEnum = defineEnum('Microsoft.BackgroundIntelligentTransfer.Management.JobState', jobStates);

type JobRow = { readonly machine: Machine; readonly job: TransferJob };

/** The job as the queue has it now; as it was seen where it is gone. */
const live = ({ machine, job }: JobRow): TransferJob =>
  machine.transfers.jobs()?.find(({ id }) => id === job.id) ?? job;

const hex = (hresult: number): string => `0x${(hresult >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;

/** Microsoft.BackgroundIntelligentTransfer.Management.BitsJob. */
export const bitsJobType: TypeDefinition<JobRow> = defineType<JobRow>({
  name: 'Microsoft.BackgroundIntelligentTransfer.Management.BitsJob',
  properties: {
    JobId: { get: ({ job }, context) => context.convert(job.id, 'guid') },
    DisplayName: { get: ({ job }) => job.name },
    Description: { get: ({ job }) => job.description },
    TransferType: { get: () => 'Download' },
    JobState: { get: (row) => enumValue(jobStateEnum, live(row).state) },
    OwnerAccount: { get: ({ job, machine }) => nameOfSid(job.ownerSid, machine.accounts) ?? job.ownerSid },
    Priority: { get: ({ job }) => job.priority },
    CreationTime: {
      get: ({ job }, context) => localFromUnixMs(job.createdMs, context.hooks.utcOffsetMinutes(job.createdMs)),
    },
    ModificationTime: {
      get: (row, context) => {
        const at = live(row).modifiedMs;
        return localFromUnixMs(at, context.hooks.utcOffsetMinutes(at));
      },
    },
    BytesTotal: { get: (row) => int64(live(row).files.reduce((sum, { bytes }) => sum + bytes, 0)) },
    BytesTransferred: { get: (row) => int64(live(row).files.reduce((sum, { done }) => sum + done, 0)) },
    FilesTotal: { get: ({ job }) => job.files.length },
    FilesTransferred: { get: (row) => live(row).files.filter(({ bytes, done }) => bytes === done).length },
    FileList: {
      get: (row) =>
        live(row).files.map(({ url, local, bytes, done }) =>
          customObject(
            {
              RemoteName: url,
              LocalName: local,
              IsTransferComplete: bytes === done,
              BytesTotal: int64(bytes),
              BytesTransferred: int64(done),
            },
            ['Microsoft.BackgroundIntelligentTransfer.Management.BitsFile'],
          ),
        ),
    },
    ErrorDescription: {
      get: (row) => (live(row).error === 0 ? null : `The transfer failed (${hex(live(row).error)}).`),
    },
    ErrorCondition: { get: (row) => (live(row).error === 0 ? 'NoError' : 'TransientError') },
    InternalErrorCode: { get: (row) => live(row).error },
    HttpMethod: { get: () => 'GET' },
  },
  toText: ({ job }) => job.id,
});

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
  change: (job: TransferJob, nowMs: number) => TransferJob | undefined,
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
        const jobs = requireBits(context);
        if (!jobs.some(({ id }) => id === row.job.id)) {
          context.writeError(bitsError(0x80200001, 'The requested job was not found.', value));
          continue;
        }
        if (!context.shouldProcess(row.job.id, `${verb}-BitsTransfer`)) continue;
        const left = jobs.flatMap((job) => (job.id === row.job.id ? (change(job, machine.clock.wallMs()) ?? []) : job));
        yield machine.transfers.replaceJobs(left, pid, verb.toLowerCase(), row.job.name);
      }
    },
  });

const startTransfer = command('Start-BitsTransfer', {
  className: 'Microsoft.BackgroundIntelligentTransfer.Management.NewBitsTransferCommand',
  pipeline: { Source: 'name', Destination: 'name' },
  simulated: ['Source', 'Destination', 'DisplayName', 'Description', 'Priority', 'Asynchronous'],
  *process(context, bound) {
    const { machine, process, pid } = actorOf(context);
    const jobs = requireBits(context);
    for (const [index, source] of bound.texts('Source').entries()) {
      if (!URL.canParse(source)) context.unsupported(`Start-BitsTransfer of ${source}`);
      const outcome = machine.network.request(new URL(source), winHttpProxy(machine.registry));
      yield machine.clock.wait(pid, durationOf(outcome, 30_000));
      const isGood = outcome.kind === 'answer' && outcome.status < 400;
      const local =
        bound.texts('Destination')[index] ?? `${context.location}\\${source.slice(source.lastIndexOf('/') + 1)}`;
      if (bound.flag('Asynchronous')) {
        const now = machine.clock.wallMs();
        const job: TransferJob = {
          id: `{${randomUUID()}}`,
          name: bound.text('DisplayName') ?? 'BITS Transfer',
          description:
            bound.text('Description') ??
            'This is a file transfer that uses the Background Intelligent Transfer Service (BITS).',
          ownerSid: process.account.sid,
          state: isGood ? 'Transferred' : 'TransientError',
          priority: 'Foreground',
          createdMs: now,
          modifiedMs: now,
          files: [{ url: source, local, bytes: 1024, done: isGood ? 1024 : 0 }],
          error: isGood ? 0 : 0x80072ee7 | 0,
        };
        yield machine.transfers.replaceJobs([...jobs, job], pid, 'start', job.name);
        context.write(newObject(bitsJobType, { machine, job }));
      } else if (isGood) yield machine.files.write(local, new Uint8Array(1024), pid);
      else
        context.fail({
          id: 'StartBitsTransferCOMException',
          message:
            outcome.kind === 'answer'
              ? `HTTP status ${outcome.status}`
              : 'The server name or address could not be resolved',
          category: 'InvalidOperation',
          target: source,
          exception: 'System.Exception',
        });
    }
  },
});

/** Transfers of BITS. */
export const transferCmdlets = [
  getTransfer,
  startTransfer,
  changeJobs('Remove', 'RemoveBitsTransferCommand', () => undefined),
  changeJobs('Suspend', 'SuspendBitsTransferCommand', (job, nowMs) => ({
    ...job,
    state: 'Suspended',
    modifiedMs: nowMs,
  })),
  changeJobs('Resume', 'ResumeBitsTransferCommand', (job, nowMs) => ({
    ...job,
    // A file that the server does not have stays away.
    state: job.error === 0 ? 'Queued' : job.state,
    modifiedMs: nowMs,
  })),
  changeJobs('Complete', 'CompleteBitsTransferCommand', () => undefined),
];
