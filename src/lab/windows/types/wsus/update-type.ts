import { defineType, netError } from '../../../evaluator/define.ts';
import type { CallContext, Task } from '../../../evaluator/host.ts';
import { enumValue, int64, newObject, stateOf, utcFromUnixMs } from '../../../evaluator/make.ts';
import type { TypeDefinition } from '../../../evaluator/type-definition.ts';
import type { Value } from '../../../evaluator/value.ts';
import type { Machine } from '../../machine/machine.ts';
import {
  type Approval,
  allComputers,
  contentPath,
  guidOf,
  type UpdateFile,
  unassignedComputers,
  type WsusUpdate,
} from '../../machine/wsus/wsus-update.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { askedMachine } from './wsus-call.ts';
import { approvalActionEnum, publicationEnum } from './wsus-enums.ts';

const admin = 'Microsoft.UpdateServices.Administration';
const internal = 'Microsoft.UpdateServices.Internal.BaseApi';

/** An update of a server: the row as it was when it was read. */
export type UpdateState = { readonly machine: Machine; readonly id: string };

const rowOf = ({ machine, id }: UpdateState): WsusUpdate | undefined => machine.wsus.database.find(id);
const now = (state: UpdateState): WsusUpdate =>
  rowOf(state) ?? {
    id: state.id,
    localId: 0,
    revision: 0,
    title: '',
    kb: '',
    classification: '',
    product: '',
    createdMs: 0,
    isExpired: false,
    supersedes: [],
    files: [],
    isDeclined: true,
    approvals: [],
    isNeeded: false,
  };

const guid = (text: string, context: CallContext): Value => context.convert(text, 'System.Guid');

/** UpdateRevisionId: which update, and which revision of it (0: the newest). */
export const revisionType: TypeDefinition<Pick<WsusUpdate, 'id' | 'revision'>> = defineType<
  Pick<WsusUpdate, 'id' | 'revision'>
>({
  name: `${admin}.UpdateRevisionId`,
  properties: {
    UpdateId: { get: ({ id }, context) => guid(id, context) },
    RevisionNumber: { get: ({ revision }) => revision },
  },
  construct: (context, [id, revision]) =>
    newObject(revisionType, {
      id: context.text(context.convert(id, 'System.Guid')).toLowerCase(),
      revision: revision === undefined ? 0 : Number(context.text(revision)),
    }),
  toText: ({ id, revision }) => `${id}, ${revision}`,
});

/** A group of computers. */
export type GroupState = { readonly id: string; readonly name: string };
/** IComputerTargetGroup. */
export const groupType = defineType<GroupState>({
  name: `${internal}.ComputerTargetGroup`,
  bases: [`${admin}.IComputerTargetGroup`],
  properties: {
    Id: { get: ({ id }, context) => guid(id, context) },
    Name: { get: ({ name }) => name },
  },
});
/** The groups of a server. */
export const groups: readonly GroupState[] = [allComputers, unassignedComputers];
/** A group as object. */
export const groupObject = (id: string): Value => {
  const group = groups.find((one) => one.id === id);
  return group ? newObject(groupType, group) : null;
};

type ApprovalState = UpdateState & { readonly approval: Approval };
const approvalType = defineType<ApprovalState>({
  name: `${internal}.UpdateApproval`,
  bases: [`${admin}.IUpdateApproval`],
  properties: {
    Action: { get: ({ approval }) => enumValue(approvalActionEnum, approval.action) },
    ComputerTargetGroupId: { get: ({ approval }, context) => guid(approval.groupId, context) },
    // The largest date stands for none.
    Deadline: {
      get: ({ approval: { deadlineMs } }) => utcFromUnixMs(deadlineMs ?? Date.UTC(9999, 11, 31, 23, 59, 59)),
    },
    Id: { get: ({ id, approval }, context) => guid(guidOf(`approval ${id} ${approval.groupId}`), context) },
    UpdateId: { get: (state) => newObject(revisionType, now(state)) },
  },
  methods: {
    GetComputerTargetGroup: ({ approval }) => groupObject(approval.groupId),
    *Delete({ machine, id, approval }, _args, context): Task<Value> {
      const update = askedMachine(context).wsus.database.find(id);
      if (update) yield machine.wsus.approve(update, { ...approval, action: 'NotApproved' }, actorOf(context).pid);
      return undefined;
    },
  },
});

/** The id of a group that a call named. */
const groupOf = (value: Value, context: CallContext): string =>
  stateOf(value, groupType)?.id ?? context.text(context.property(value, 'Id')).toLowerCase();

const approvalsOf = (state: UpdateState): Value[] =>
  now(state).approvals.map((approval) => newObject(approvalType, { ...state, approval }));

/** What a date says, in ms since 1970; `undefined` for what is none. */
const unixMsOf = (value: Value): number | undefined =>
  value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'datetime'
    ? Number((value.ticks - 621_355_968_000_000_000n) / 10_000n)
    : undefined;

const updateFileType = defineType<UpdateState & { readonly file: UpdateFile }>({
  name: `${admin}.UpdateFile`,
  properties: {
    Name: { get: ({ file }) => file.name },
    TotalBytes: { get: ({ file }) => int64(file.sizeBytes) },
    FileUri: {
      get: ({ file, machine }, context) =>
        context.convert(`http://${machine.name}:8530/Content/${contentPath(file).replaceAll('\\', '/')}`, 'System.Uri'),
    },
  },
});

/** IInstallableItem: what of an update is laid onto a computer, with its files. */
const installableItemType = defineType<UpdateState & { readonly files: readonly UpdateFile[] }>({
  name: `${internal}.InstallableItem`,
  bases: [`${admin}.IInstallableItem`],
  properties: {
    Id: { get: (state) => newObject(revisionType, now(state)) },
    Files: { get: ({ files, ...state }) => files.map((file) => newObject(updateFileType, { ...state, file })) },
  },
});

/** The object of an update. */
export const updateObject = (machine: Machine, { id }: WsusUpdate): Value => newObject(updateType, { machine, id });

const related = (state: UpdateState, kind: string): Value[] => {
  const { updates } = state.machine.wsus.database.content;
  const found =
    kind === 'updatesthatsupersedethisupdate'
      ? updates.filter(({ supersedes }) => supersedes.includes(state.id))
      : kind === 'updatessupersededbythisupdate'
        ? updates.filter(({ id }) => now(state).supersedes.includes(id))
        : [];
  return found.map((one) => updateObject(state.machine, one));
};

/** IUpdate. */
export const updateType: TypeDefinition<UpdateState> = defineType<UpdateState>({
  name: `${internal}.Update`,
  bases: [`${admin}.IUpdate`],
  properties: {
    Id: { get: (state) => newObject(revisionType, now(state)) },
    Title: { get: (state) => now(state).title },
    LegacyName: { get: (state) => `KB${now(state).kb}` },
    KnowledgebaseArticles: { get: (state) => [now(state).kb] },
    ProductTitles: { get: (state) => [now(state).product] },
    UpdateClassificationTitle: { get: (state) => now(state).classification },
    CreationDate: { get: (state) => utcFromUnixMs(now(state).createdMs) },
    ArrivalDate: { get: (state) => utcFromUnixMs(now(state).createdMs) },
    IsDeclined: { get: (state) => now(state).isDeclined },
    IsApproved: { get: (state) => now(state).approvals.some(({ action }) => action === 'Install') },
    IsSuperseded: { get: (state) => state.machine.wsus.database.replaced().has(state.id) },
    HasSupersededUpdates: { get: (state) => now(state).supersedes.length > 0 },
    IsLatestRevision: { get: () => true },
    PublicationState: { get: (state) => enumValue(publicationEnum, now(state).isExpired ? 'Expired' : 'Published') },
    Size: { get: (state) => now(state).files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) },
  },
  methods: {
    *Decline(state, _args, context): Task<Value> {
      const { wsus } = askedMachine(context);
      const update = wsus.database.find(state.id);
      if (wsus.settings.isReplica)
        throw netError(
          'System.InvalidOperationException',
          'Updates of a replica server are declined on its upstream server.',
        );
      if (update) yield wsus.decline(update, actorOf(context).pid);
      return undefined;
    },
    *Approve(state, [action, group, deadline], context): Task<Value> {
      const { wsus } = askedMachine(context);
      const update = wsus.database.find(state.id);
      const name = context.text(context.convert(action, approvalActionEnum.name)) as Approval['action'];
      const groupId = groupOf(group, context);
      const deadlineMs = deadline === undefined ? undefined : unixMsOf(deadline);
      const approval = { groupId, action: name, ...(deadlineMs === undefined ? {} : { deadlineMs }) };
      if (update) yield wsus.approve(update, approval, actorOf(context).pid);
      return newObject(approvalType, { ...state, approval });
    },
    GetInstallableItems: (state, _args, context) => {
      askedMachine(context);
      const { files } = now(state);
      return files.length === 0 ? [] : [newObject(installableItemType, { ...state, files })];
    },
    GetUpdateApprovals: (state, _args, context) => {
      askedMachine(context);
      return approvalsOf(state);
    },
    GetRelatedUpdates: (state, [kind], context) => {
      askedMachine(context);
      return related(state, context.text(kind).toLowerCase());
    },
    Refresh: () => undefined,
    RefreshUpdateApprovals: () => undefined,
  },
});
