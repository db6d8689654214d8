import { defineEnum, defineType } from '../../evaluator/define.ts';
import { customObject, enumValue, int64, localFromUnixMs } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import { nameOfSid } from '../accounts.ts';
import type { Machine } from '../machine/machine.ts';
import { jobStates, type TransferJob } from '../machine/updates/transfer-queue.ts';

/** Microsoft.BackgroundIntelligentTransfer.Management.JobState. */
export const jobStateEnum = defineEnum('Microsoft.BackgroundIntelligentTransfer.Management.JobState', jobStates);

type JobRow = { readonly machine: Machine; readonly job: TransferJob };

/** The job as the queue has it now; as it was seen where it is gone. */
const live = ({ machine, job }: JobRow): TransferJob =>
  machine.transfers.jobs()?.find(({ id }) => id === job.id) ?? job;

/** An HRESULT as BITS shows it. */
export const hex = (hresult: number): string => `0x${(hresult >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;

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
