import { defineType } from '../../../evaluator/define.ts';
import type { Task } from '../../../evaluator/host.ts';
import { enumValue, newObject, timeSpan, utcFromUnixMs } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import type { SyncRecord } from '../../machine/wsus/update-server.ts';
import { guidOf } from '../../machine/wsus/wsus-update.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import type { Held } from './held.ts';
import { askedMachine } from './wsus-call.ts';
import { syncErrorEnum, syncPhaseEnum, syncResultEnum, syncStatusEnum } from './wsus-enums.ts';

const admin = 'Microsoft.UpdateServices.Administration';
const internal = 'Microsoft.UpdateServices.Internal.BaseApi';

const infoType = defineType<SyncRecord>({
  name: `${internal}.SynchronizationInfo`,
  bases: [`${admin}.ISynchronizationInfo`],
  properties: {
    Id: { get: ({ startMs }, context) => context.convert(guidOf(`sync ${startMs}`), 'System.Guid') },
    StartTime: { get: ({ startMs }) => utcFromUnixMs(startMs) },
    EndTime: { get: ({ endMs }) => utcFromUnixMs(endMs) },
    StartedManually: { get: () => false },
    Result: { get: ({ result }) => enumValue(syncResultEnum, result) },
    Error: { get: ({ error }) => enumValue(syncErrorEnum, error) },
    ErrorText: { get: ({ errorText }) => errorText },
    UpdateErrors: { get: () => [] },
  },
});

const progressType = defineType<Held>({
  name: `${admin}.SynchronizationProgress`,
  properties: {
    TotalItems: { get: () => 0 },
    ProcessedItems: { get: () => 0 },
    Phase: {
      get: ({ machine }) =>
        enumValue(syncPhaseEnum, machine.wsus.syncingSinceMs === undefined ? 'NotProcessing' : 'Updates'),
    },
  },
});

/** ISubscription. */
export const subscriptionType = defineType<Held>({
  name: `${internal}.Subscription`,
  bases: [`${admin}.ISubscription`],
  properties: {
    SynchronizeAutomatically: {
      get: ({ machine }) => machine.wsus.settings.syncAutomatically,
      set: ({ machine }, value, context) => {
        machine.wsus.settings = { ...machine.wsus.settings, syncAutomatically: context.isTrue(value) };
      },
    },
    NumberOfSynchronizationsPerDay: {
      get: ({ machine }) => machine.wsus.settings.syncsPerDay,
      set: ({ machine }, value, context) => {
        machine.wsus.settings = { ...machine.wsus.settings, syncsPerDay: Number(context.text(value)) };
      },
    },
    SynchronizeAutomaticallyTimeOfDay: { get: () => timeSpan(108_000_000_000n) },
    LastSynchronizationTime: { get: ({ machine }) => utcFromUnixMs(machine.wsus.history.at(-1)?.startMs ?? 0) },
  },
  methods: {
    GetLastSynchronizationInfo: (_state, _args, context) => {
      const last = askedMachine(context).wsus.history.at(-1);
      return last ? newObject(infoType, last) : null;
    },
    GetSynchronizationHistory: (_state, _args, context) =>
      askedMachine(context).wsus.history.map((one) => newObject(infoType, one)),
    GetSynchronizationStatus: (_state, _args, context) =>
      enumValue(syncStatusEnum, askedMachine(context).wsus.syncingSinceMs === undefined ? 'NotProcessing' : 'Running'),
    GetSynchronizationProgress: (_state, _args, context) => newObject(progressType, { machine: askedMachine(context) }),
    *StartSynchronization(_state, _args, context): Task<Value> {
      yield askedMachine(context).wsus.startSync(actorOf(context).pid);
      return undefined;
    },
    *StopSynchronization(_state, _args, context): Task<Value> {
      yield askedMachine(context).wsus.stopSync(actorOf(context).pid);
      return undefined;
    },
    *Save(_state, _args, context): Task<Value> {
      const { wsus } = askedMachine(context);
      yield wsus.database.changed('settings', 'subscription', undefined, wsus.settings, actorOf(context).pid);
      return undefined;
    },
  },
});
