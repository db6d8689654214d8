import { defineType, NetError } from '../../../evaluator/define.ts';
import type { Task } from '../../../evaluator/host.ts';
import { int64, newObject } from '../../../evaluator/make.ts';
import type { PropertyDefinition, TypeDefinition } from '../../../evaluator/type-definition.ts';
import type { Value } from '../../../evaluator/value.ts';
import { type CleanupResult, cleanUp } from '../../machine/wsus/cleanup.ts';
import { DatabaseFault } from '../../machine/wsus/update-database.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import type { Held } from './held.ts';
import { askedMachine, sqlException } from './wsus-call.ts';

const admin = 'Microsoft.UpdateServices.Administration';
const internal = 'Microsoft.UpdateServices.Internal.BaseApi';

/** CleanupScope: what is to be cleaned. */
export type ScopeState = Record<
  | 'DeclineSupersededUpdates'
  | 'DeclineExpiredUpdates'
  | 'CleanupObsoleteUpdates'
  | 'CompressUpdates'
  | 'CleanupObsoleteComputers'
  | 'CleanupUnneededContentFiles'
  | 'CleanupLocalPublishedContentFiles',
  boolean
>;
const scopeNames = [
  'DeclineSupersededUpdates',
  'DeclineExpiredUpdates',
  'CleanupObsoleteUpdates',
  'CompressUpdates',
  'CleanupObsoleteComputers',
  'CleanupUnneededContentFiles',
  'CleanupLocalPublishedContentFiles',
] as const;
/** Microsoft.UpdateServices.Administration.CleanupScope. */
export const scopeType: TypeDefinition<ScopeState> = defineType<ScopeState>({
  name: `${admin}.CleanupScope`,
  properties: Object.fromEntries(
    scopeNames.map((name): [string, PropertyDefinition<ScopeState>] => [
      name,
      {
        get: (state) => state[name],
        set: (state, value, context) => {
          state[name] = context.isTrue(value);
        },
      },
    ]),
  ),
  construct: (context, args) =>
    newObject(
      scopeType,
      Object.fromEntries(scopeNames.map((name, index) => [name, context.isTrue(args[index] ?? false)])) as ScopeState,
    ),
});

/** Microsoft.UpdateServices.Administration.CleanupResults. */
export const cleanupResultType = defineType<CleanupResult>({
  name: `${admin}.CleanupResults`,
  properties: {
    SupersededUpdatesDeclined: { get: ({ superseded }) => superseded },
    ExpiredUpdatesDeclined: { get: ({ expired }) => expired },
    ObsoleteUpdatesDeleted: { get: ({ deleted }) => deleted },
    UpdatesCompressed: { get: ({ compressed }) => compressed },
    ObsoleteComputersDeleted: { get: ({ computers }) => computers },
    DiskSpaceFreed: { get: ({ freedBytes }) => int64(freedBytes) },
  },
});

/** ICleanupManager. */
export const cleanupManagerType = defineType<Held>({
  name: `${internal}.CleanupManager`,
  bases: [`${admin}.ICleanupManager`],
  methods: {
    *PerformCleanup(_state, [scope], context): Task<Value> {
      const machine = askedMachine(context);
      const has = (name: string): boolean => context.isTrue(context.property(scope, name));
      try {
        const result = yield* cleanUp(
          machine,
          {
            declineSuperseded: has('DeclineSupersededUpdates'),
            declineExpired: has('DeclineExpiredUpdates'),
            deleteObsolete: has('CleanupObsoleteUpdates'),
            compress: has('CompressUpdates'),
            deleteComputers: has('CleanupObsoleteComputers'),
            deleteContent: has('CleanupUnneededContentFiles'),
          },
          actorOf(context).pid,
        );
        return newObject(cleanupResultType, result);
      } catch (error) {
        if (error instanceof DatabaseFault) throw new NetError(sqlException(error));
        throw error;
      }
    },
  },
});
