import { defineType } from '../../evaluator/define.ts';
import { newObject } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Value } from '../../evaluator/value.ts';
import type { OfferedUpdate } from '../machine/updates/update-database.ts';
import { downloadUpdate, installUpdate } from '../machine/updates/update-install.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { comError, refuseNetworkLogon } from './com-call.ts';
import { collection, updatesOf } from './update-objects.ts';

type One = { readonly hresult: number; readonly needsRestart: boolean };
type All = { readonly results: readonly One[] };

/** OperationResultCode: 2 succeeded, 3 with errors, 4 failed. */
const codeOf = ({ hresult }: One): number => (hresult === 0 ? 2 : 4);
const codeOfAll = ({ results }: All): number => {
  const good = results.filter(({ hresult }) => hresult === 0).length;
  return good === results.length ? 2 : good === 0 ? 4 : 3;
};
/** WU_E_ALL_UPDATES_FAILED where there are several, otherwise the code of the one. */
const hresultOfAll = ({ results }: All): number => {
  const bad = results.filter(({ hresult }) => hresult !== 0);
  if (bad.length === 0) return 0;
  return bad.length < results.length ? 0 : results.length === 1 ? (bad[0]?.hresult ?? 0) : 0x80240022 | 0;
};

const oneType = (name: string): TypeDefinition<One> =>
  defineType<One>({
    name: `System.__ComObject#${name}`,
    bases: ['System.__ComObject'],
    properties: {
      HResult: { get: ({ hresult }) => hresult | 0 },
      ResultCode: { get: codeOf },
      RebootRequired: { get: ({ needsRestart }) => needsRestart },
    },
  });

const resultType = (name: string, one: TypeDefinition<One>): TypeDefinition<All> =>
  defineType<All>({
    name: `System.__ComObject#${name}`,
    bases: ['System.__ComObject'],
    properties: {
      HResult: { get: hresultOfAll },
      ResultCode: { get: codeOfAll },
      RebootRequired: { get: ({ results }) => results.some(({ needsRestart }) => needsRestart) },
    },
    methods: {
      GetUpdateResult: ({ results }, args, context) => {
        const found = results[Number(context.text(args[0]))];
        if (!found) throw comError(0x80240007 | 0);
        return newObject(one, found);
      },
    },
  });

const downloadResult = resultType(
  '{daa4fdd0-4727-4dbe-a1e7-745dca317144}',
  oneType('{bf99af76-b575-42ad-8aa4-33cbb5477af1}'),
);
const installationResult = resultType(
  '{a43c56d6-7451-48d4-af96-b6cd2d0d9b7a}',
  oneType('{d940f0f8-3cbb-4fd0-993f-471e7f2328ad}'),
);

type Worker = { updates: Value; clientId: Value };

const noUpdates = 0x80240024 | 0;
const stepMs = 20_000;

/** A downloader or installer: it works through its collection, one update after another. */
const workerType = (
  name: string,
  verb: 'Download' | 'Install',
  work: (machine: ReturnType<typeof actorOf>['machine'], update: OfferedUpdate) => One,
  result: TypeDefinition<All>,
): TypeDefinition<Worker> =>
  defineType<Worker>({
    name: `System.__ComObject#${name}`,
    bases: ['System.__ComObject', 'System.MarshalByRefObject'],
    properties: {
      Updates: { get: ({ updates }) => updates, set: (state, value) => void (state.updates = value) },
      ClientApplicationID: { get: ({ clientId }) => clientId, set: (state, value) => void (state.clientId = value) },
      IsForced: { get: () => false, set: () => undefined },
      Priority: { get: () => 2, set: () => undefined },
      ForceQuiet: { get: () => false, set: () => undefined },
      AllowSourcePrompts: { get: () => false, set: () => undefined },
      IsBusy: { get: () => false },
      RebootRequiredBeforeInstallation: {
        get: (_state, context) => actorOf(context).machine.update.pending.length > 0,
      },
    },
    methods: {
      *[verb](
        state: Worker,
        _args: Value[],
        context: Parameters<typeof actorOf>[0] & Parameters<typeof refuseNetworkLogon>[0],
      ) {
        refuseNetworkLogon(context);
        const { machine, pid } = actorOf(context);
        const updates = updatesOf(state.updates);
        if (updates.length === 0) throw comError(noUpdates);
        const results: One[] = [];
        for (const update of updates) {
          for (let step = 0; step < 3; step++) yield machine.clock.wait(pid, stepMs);
          const done = work(machine, update);
          results.push(done);
          if (done.hresult === 0)
            yield machine.changes.record(
              `update.${verb.toLowerCase()}`,
              update.kb || update.title,
              'offered',
              'done',
              pid,
            );
        }
        return newObject(result, { results });
      },
    },
  });

const downloaderType = workerType(
  '{68f1c6f9-7ecc-4666-a464-247fe12496c3}',
  'Download',
  (machine, update) => ({ hresult: downloadUpdate(machine, update, 0), needsRestart: false }),
  downloadResult,
);
const installerType = workerType(
  '{7b929c68-ccdc-4226-96b1-8724600b54c2}',
  'Install',
  installUpdate,
  installationResult,
);

/** IUpdateDownloader. */
export const newDownloader = (): Value => newObject(downloaderType, { updates: collection([]), clientId: '' });
/** IUpdateInstaller. */
export const newInstaller = (): Value => newObject(installerType, { updates: collection([]), clientId: '' });
