import { defineEnum } from '../../../evaluator/define.ts';

const name = (text: string): string => `Microsoft.UpdateServices.Administration.${text}`;

/** Actions of an approval. */
export const approvalActionEnum = defineEnum(name('UpdateApprovalAction'), {
  Install: 0,
  Uninstall: 1,
  NotApproved: 3,
  All: 2_147_483_647,
});
/** Approved states of updates, as a search asks for them. */
export const approvedStatesEnum = defineEnum(
  name('ApprovedStates'),
  { Any: -1, LatestRevisionApproved: 1, HasStaleUpdateApprovals: 2, NotApproved: 4, Declined: 8 },
  { flags: true },
);
/** Result of a synchronization. */
export const syncResultEnum = defineEnum(name('SynchronizationResult'), {
  NeverRun: 0,
  Unknown: 1,
  Succeeded: 2,
  Failed: 3,
  Canceled: 4,
});
/** Error of a synchronization. */
export const syncErrorEnum = defineEnum(name('SynchronizationError'), {
  NotApplicable: 0,
  Unknown: 1,
  NotReachable: 2,
});
/** Whether a synchronization runs. */
export const syncStatusEnum = defineEnum(name('SynchronizationStatus'), { NotProcessing: 0, Running: 1, Stopping: 2 });
/** Phase of a synchronization. */
export const syncPhaseEnum = defineEnum(name('SynchronizationPhase'), {
  NotProcessing: 0,
  Categories: 1,
  Updates: 2,
  Approvals: 3,
});
/** Whether an update is still published. */
export const publicationEnum = defineEnum(name('PublicationState'), { Published: 0, Expired: 1 });
/** Which relatives of an update are asked for. */
export const relationshipEnum = defineEnum(name('UpdateRelationship'), {
  UpdatesThatSupersedeThisUpdate: 0,
  UpdatesSupersededByThisUpdate: 1,
  UpdatesBundledByThisUpdate: 2,
  UpdatesThatBundleThisUpdate: 3,
  UpdatesRequiredByThisUpdate: 4,
  UpdatesThatRequireThisUpdate: 5,
});

/** All of them. */
export const wsusEnums = [
  approvalActionEnum,
  approvedStatesEnum,
  syncResultEnum,
  syncErrorEnum,
  syncStatusEnum,
  syncPhaseEnum,
  publicationEnum,
  relationshipEnum,
];
