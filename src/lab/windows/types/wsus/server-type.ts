import { defineType } from '../../../evaluator/define.ts';
import type { Task } from '../../../evaluator/host.ts';
import { newObject, utcFromUnixMs } from '../../../evaluator/make.ts';
import type { PropertyDefinition, TypeDefinition } from '../../../evaluator/type-definition.ts';
import type { Value } from '../../../evaluator/value.ts';
import type { Machine } from '../../machine/machine.ts';
import type { WsusComputer } from '../../machine/wsus/wsus-update.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { cleanupManagerType } from './cleanup-types.ts';
import { configurationType, databaseConfigurationType, downloadType } from './configuration-types.ts';
import type { Held } from './held.ts';
import { subscriptionType } from './subscription-type.ts';
import { scoped } from './update-scope.ts';
import { groupObject, groups, groupType, updateObject } from './update-type.ts';
import { askedMachine } from './wsus-call.ts';

const admin = 'Microsoft.UpdateServices.Administration';
const internal = 'Microsoft.UpdateServices.Internal.BaseApi';

const counts: Readonly<Record<string, (machine: Machine) => number>> = {
  UpdateCount: ({ wsus }) => wsus.database.content.updates.length,
  DeclinedUpdateCount: ({ wsus }) => wsus.database.content.updates.filter(({ isDeclined }) => isDeclined).length,
  ApprovedUpdateCount: ({ wsus }) =>
    wsus.database.content.updates.filter(({ approvals }) => approvals.length > 0).length,
  NotApprovedUpdateCount: ({ wsus }) =>
    wsus.database.content.updates.filter(({ approvals, isDeclined }) => !isDeclined && approvals.length === 0).length,
  ExpiredUpdateCount: ({ wsus }) => wsus.database.content.updates.filter(({ isExpired }) => isExpired).length,
  UpdatesNeedingFilesCount: ({ wsus }) =>
    wsus.database.content.updates.filter(({ files }) => files.some((file) => wsus.missingFiles().includes(file)))
      .length,
  UpdatesNeededByComputersCount: ({ wsus }) => wsus.database.content.updates.filter(({ isNeeded }) => isNeeded).length,
  ComputerTargetCount: ({ wsus }) => wsus.database.content.computers.length,
};
const statusType = defineType<Held>({
  name: `${admin}.UpdateServerStatus`,
  properties: Object.fromEntries(
    Object.entries(counts).map(([name, count]): [string, PropertyDefinition<Held>] => [
      name,
      { get: ({ machine }) => count(machine) },
    ]),
  ),
});

const computerType = defineType<WsusComputer>({
  name: `${internal}.ComputerTarget`,
  bases: [`${admin}.IComputerTarget`],
  properties: {
    Id: { get: ({ id }) => id },
    FullDomainName: { get: ({ name }) => name },
    LastReportedStatusTime: { get: ({ lastReportedMs }) => utcFromUnixMs(lastReportedMs) },
    LastSyncTime: { get: ({ lastSyncMs }) => utcFromUnixMs(lastSyncMs) },
  },
});
/** Computers that ask a server. */
export const computerObjects = (machine: Machine): Value[] =>
  machine.wsus.database.content.computers.map((one) => newObject(computerType, one));

/** IUpdateServer. */
export const serverType: TypeDefinition<Held> = defineType<Held>({
  name: `${internal}.UpdateServer`,
  bases: [`${admin}.IUpdateServer`],
  properties: {
    Name: { get: ({ machine }) => machine.name },
    ServerName: { get: ({ machine }) => machine.name },
    PortNumber: { get: () => 8530 },
    UseSecureConnection: { get: () => false },
    Version: {
      get: ({ machine }, context) =>
        context.convert(`10.0.${machine.edition.build}.${machine.edition.ubr}`, 'System.Version'),
    },
    IsConnectionSecureForApiRemoting: { get: () => true },
  },
  methods: {
    GetStatus: (_state, _args, context) => newObject(statusType, { machine: askedMachine(context) }),
    GetSubscription: (_state, _args, context) => newObject(subscriptionType, { machine: askedMachine(context) }),
    GetConfiguration: (_state, _args, context) => newObject(configurationType, { machine: askedMachine(context) }),
    GetDatabaseConfiguration: (_state, _args, context) =>
      newObject(databaseConfigurationType, { machine: askedMachine(context) }),
    GetContentDownloadProgress: (_state, _args, context) => newObject(downloadType, { machine: askedMachine(context) }),
    GetCleanupManager: (_state, _args, context) => newObject(cleanupManagerType, { machine: askedMachine(context) }),
    GetComputerTargetGroups: (_state, _args, context) => {
      askedMachine(context);
      return groups.map((one) => newObject(groupType, one));
    },
    GetComputerTargetGroup: (_state, [id], context) => {
      askedMachine(context);
      return groupObject(context.text(id).toLowerCase());
    },
    GetComputerTargets: (_state, _args, context) => computerObjects(askedMachine(context)),
    GetComputerTargetCount: (_state, _args, context) => askedMachine(context).wsus.database.content.computers.length,
    GetUpdates: (_state, [scope], context) => {
      const machine = askedMachine(context);
      return scoped(machine, scope, context).map((one) => updateObject(machine, one));
    },
    GetUpdateCount: (_state, [scope], context) => scoped(askedMachine(context), scope, context).length,
    GetUpdate: (_state, [id], context) => {
      const machine = askedMachine(context);
      const inner = context.property(id, 'UpdateId');
      const found = machine.wsus.database.find(context.text(inner ?? id));
      return found ? updateObject(machine, found) : null;
    },
    SearchUpdates: (_state, [text], context) => {
      const machine = askedMachine(context);
      const wanted = context.text(text).toLowerCase();
      return machine.wsus.database.content.updates
        .filter(({ title, kb }) => title.toLowerCase().includes(wanted) || `kb${kb}`.includes(wanted))
        .map((one) => updateObject(machine, one));
    },
    *ResetAndVerifyContentState(_state, _args, context): Task<Value> {
      const { wsus } = askedMachine(context);
      wsus.fetchContent();
      yield wsus.database.changed('reset', 'content', undefined, undefined, actorOf(context).pid);
      return undefined;
    },
  },
});

/** The object of a machine's own server. */
export const serverObject = (machine: Machine): Value => newObject(serverType, { machine });

/** Microsoft.UpdateServices.Administration.AdminProxy: how scripts without the module get the server. */
export const adminProxyType = defineType<Record<string, never>>({
  name: `${admin}.AdminProxy`,
  statics: {
    methods: {
      GetUpdateServer: (args, context) => {
        const machine = askedMachine(context);
        const name = args[0] === undefined ? '' : context.text(args[0]).toLowerCase();
        return ['', 'localhost', machine.name.toLowerCase()].includes(name)
          ? serverObject(machine)
          : context.unsupported(`the update server ${name}`);
      },
    },
  },
});
