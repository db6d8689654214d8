import { defineType } from '../../evaluator/define.ts';
import { newObject, stateOf, utcFromUnixMs } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Value } from '../../evaluator/value.ts';
import type { OfferedUpdate, UpdateHistoryEntry } from '../machine/updates/update-database.ts';
import { isDownloaded } from '../machine/updates/update-install.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { asCom, refuseNetworkLogon } from './com-call.ts';

type Collection = { readonly items: Value[] };

/** IUpdateCollection, IStringCollection, IUpdateHistoryEntryCollection. */
export const collectionType: TypeDefinition<Collection> = defineType<Collection>({
  name: 'System.__ComObject#{07f7438c-7709-4ca5-b518-91279288134e}',
  bases: ['System.__ComObject', 'System.MarshalByRefObject'],
  properties: { Count: { get: ({ items }) => items.length }, ReadOnly: { get: () => false } },
  methods: {
    Item: ({ items }, args, context) => items[Number(context.text(args[0]))] ?? null,
    Add: ({ items }, args) => items.push(args[0] ?? null) - 1,
    Clear: ({ items }) => {
      items.length = 0;
      return undefined;
    },
    RemoveAt: ({ items }, args, context) => {
      items.splice(Number(context.text(args[0])), 1);
      return undefined;
    },
  },
  enumerate: ({ items }) => [...items],
  getItem: ({ items }, index, context) => items[Number(context.text(index[0]))] ?? null,
});

/** A collection of these objects. */
export const collection = (items: readonly Value[]): Value => newObject(collectionType, { items: [...items] });

const identityType = defineType<{ readonly id: string }>({
  name: 'System.__ComObject#{46297823-9940-4c09-aed9-cd3ea6d05968}',
  bases: ['System.__ComObject'],
  properties: { UpdateID: { get: ({ id }) => id }, RevisionNumber: { get: () => 200 } },
});

const behaviorType = defineType<OfferedUpdate>({
  name: 'System.__ComObject#{d9a59339-e245-4dbd-9686-4d5763e39624}',
  bases: ['System.__ComObject'],
  properties: {
    CanRequestUserInput: { get: () => false },
    Impact: { get: () => 0 },
    RebootBehavior: { get: ({ kind }) => (kind === 'cumulative' ? 2 : 0) },
    RequiresNetworkConnectivity: { get: () => false },
  },
});

/** IUpdate. */
export const updateType: TypeDefinition<OfferedUpdate> = defineType<OfferedUpdate>({
  name: 'System.__ComObject#{c1c2f21a-d2f4-4902-b5c6-8a081c19a890}',
  bases: ['System.__ComObject'],
  properties: {
    Title: { get: ({ title }) => title },
    Identity: { get: ({ updateId }) => newObject(identityType, { id: updateId }) },
    KBArticleIDs: { get: ({ kb }) => collection([kb.replace(/^KB/i, '')]) },
    IsDownloaded: { get: (update, context) => isDownloaded(actorOf(context).machine, update) },
    IsInstalled: {
      get: ({ updateId }, context) =>
        !actorOf(context).machine.update.offered.some((offered) => offered.updateId === updateId),
    },
    IsHidden: {
      get: (update, context) => asCom(() => actorOf(context).machine.update.isHidden(update)),
      set: (update, value, context) => {
        refuseNetworkLogon(context);
        const { machine, pid } = actorOf(context);
        asCom(() => machine.update.setHidden(update, context.isTrue(value), pid));
      },
    },
    IsMandatory: { get: () => false },
    EulaAccepted: { get: () => true },
    Type: { get: ({ kind }) => (kind === 'driver' ? 2 : 1) },
    InstallationBehavior: { get: (update) => newObject(behaviorType, update) },
    MsrcSeverity: { get: () => null },
    MaxDownloadSize: { get: () => 52_428_800 },
  },
  methods: { AcceptEula: () => undefined },
});

/** IUpdateHistoryEntry. */
export const historyType: TypeDefinition<UpdateHistoryEntry> = defineType<UpdateHistoryEntry>({
  name: 'System.__ComObject#{c2bfb780-4539-4132-ab8c-0a8772013ab6}',
  bases: ['System.__ComObject'],
  properties: {
    Title: { get: ({ title }) => title },
    UpdateIdentity: { get: ({ updateId }) => newObject(identityType, { id: updateId }) },
    Date: { get: ({ atMs }) => utcFromUnixMs(atMs) },
    Operation: { get: ({ operation }) => operation },
    ResultCode: { get: ({ resultCode }) => resultCode },
    HResult: { get: ({ hresult }) => hresult | 0 },
    UnmappedResultCode: { get: () => 0 },
    ClientApplicationID: { get: () => 'UpdateOrchestrator' },
  },
});

/** The updates of a collection that somebody handed over. */
export const updatesOf = (value: Value): OfferedUpdate[] =>
  (stateOf(value, collectionType)?.items ?? []).flatMap((item) => stateOf(item, updateType) ?? []);
