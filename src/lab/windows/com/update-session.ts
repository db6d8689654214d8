import { defineType, netError } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { newObject, utcFromUnixMs } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { edgeProgId, updaterProgId } from '../machine/devices/chrome-updater.ts';
import { type OfferedUpdate, UpdateFault, type UpdateHistoryEntry } from '../machine/update-agent.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { registeredClass } from './registered-class.ts';

const comError = (hresult: number) => {
  const code = `0x${(hresult >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
  if (hresult === (0x80070005 | 0)) {
    return netError(
      'System.UnauthorizedAccessException',
      `Access is denied. (Exception from HRESULT: ${code} (E_ACCESSDENIED))`,
      { hresult },
    );
  }
  if (hresult === (0x80070002 | 0)) {
    return netError(
      'System.IO.FileNotFoundException',
      `The system cannot find the file specified. (Exception from HRESULT: ${code})`,
      { hresult },
    );
  }
  return netError('System.Runtime.InteropServices.COMException', `Exception from HRESULT: ${code}`, {
    hresult,
    properties: { ErrorCode: hresult | 0 },
  });
};

/** A caller with a network logon (WinRM) is refused, as on Windows. */
const refuseNetworkLogon = (context: CallContext): void => {
  if (actorOf(context).process.account.logon === 'network') throw comError(0x80070005 | 0);
};

const asCom = <T>(run: () => T): T => {
  try {
    return run();
  } catch (error) {
    if (error instanceof UpdateFault) throw comError(error.hresult);
    throw error;
  }
};

type Collection = { readonly items: readonly Value[] };
const collectionType = defineType<Collection>({
  name: 'System.__ComObject#{07f7438c-7709-4ca5-b518-91279288134e}',
  bases: ['System.__ComObject', 'System.MarshalByRefObject'],
  properties: { Count: { get: ({ items }) => items.length } },
  methods: { Item: ({ items }, args, context) => items[Number(context.text(args[0]))] ?? null },
  enumerate: ({ items }) => [...items],
  getItem: ({ items }, index, context) => items[Number(context.text(index[0]))] ?? null,
});
const collection = (items: readonly Value[]): Value => newObject(collectionType, { items });

const identityType = defineType<{ readonly id: string }>({
  name: 'System.__ComObject#{46297823-9940-4c09-aed9-cd3ea6d05968}',
  bases: ['System.__ComObject'],
  properties: { UpdateID: { get: ({ id }) => id }, RevisionNumber: { get: () => 200 } },
});

const behaviorType = defineType<Record<string, never>>({
  name: 'System.__ComObject#{d9a59339-e245-4dbd-9686-4d5763e39624}',
  bases: ['System.__ComObject'],
  properties: {
    CanRequestUserInput: { get: () => false },
    Impact: { get: () => 0 },
    RebootBehavior: { get: () => 0 },
    RequiresNetworkConnectivity: { get: () => false },
  },
});

const updateType = defineType<OfferedUpdate>({
  name: 'System.__ComObject#{c1c2f21a-d2f4-4902-b5c6-8a081c19a890}',
  bases: ['System.__ComObject'],
  properties: {
    Title: { get: ({ title }) => title },
    Identity: { get: ({ updateId }) => newObject(identityType, { id: updateId }) },
    KBArticleIDs: { get: ({ kb }) => collection([kb.replace(/^KB/i, '')]) },
    IsDownloaded: { get: () => false },
    IsInstalled: { get: () => false },
    IsHidden: { get: () => false },
    EulaAccepted: { get: () => true },
    Type: { get: () => 1 },
    InstallationBehavior: { get: () => newObject(behaviorType, {}) },
    MsrcSeverity: { get: () => null },
    MaxDownloadSize: { get: () => 52_428_800 },
  },
});

const historyType = defineType<UpdateHistoryEntry>({
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

const resultType = defineType<{ readonly updates: readonly OfferedUpdate[] }>({
  name: 'System.__ComObject#{d40cff62-e08c-4498-941a-01e25f0fd33c}',
  bases: ['System.__ComObject'],
  properties: {
    ResultCode: { get: () => 2 },
    Updates: { get: ({ updates }) => collection(updates.map((update) => newObject(updateType, update))) },
    RootCategories: { get: () => collection([]) },
    Warnings: { get: () => collection([]) },
  },
});

const searcherType = defineType<{ online: boolean; server: number }>({
  name: 'System.__ComObject#{04c6895d-eaf2-4034-97f3-311de9be413a}',
  bases: ['System.__ComObject', 'System.MarshalByRefObject'],
  properties: {
    Online: {
      get: ({ online }) => online,
      set: (state, value, context) => void (state.online = context.isTrue(value)),
    },
    ServerSelection: {
      get: ({ server }) => server,
      set: (state, value, context) => void (state.server = Number(context.text(value))),
    },
  },
  methods: {
    *Search(_state, args, context) {
      refuseNetworkLogon(context);
      if (args.length === 0) throw comError(0x80240032 | 0);
      const { machine, pid } = actorOf(context);
      for (let step = 0; step < 15; step++) yield machine.clock.wait(pid, machine.update.searchMs / 15);
      return newObject(resultType, { updates: asCom(() => machine.update.search()) });
    },
    GetTotalHistoryCount: (_state, _args, context) => {
      refuseNetworkLogon(context);
      return asCom(() => actorOf(context).machine.update.readDatabase()).history.length;
    },
    QueryHistory: (_state, args, context) => {
      refuseNetworkLogon(context);
      const { history } = asCom(() => actorOf(context).machine.update.readDatabase());
      const [start, count] = args.map((value) => Number(context.text(value)));
      const newestFirst = [...history].sort((a, b) => b.atMs - a.atMs);
      return collection(
        newestFirst.slice(start, (start ?? 0) + (count ?? 0)).map((entry) => newObject(historyType, entry)),
      );
    },
  },
});

/** IUpdateSession of the Windows Update agent. */
export const updateSessionType = defineType<Record<string, never>>({
  name: 'System.__ComObject#{918efd1e-b5d8-4c90-8540-aeb9bdc56f9d}',
  bases: ['System.__ComObject', 'System.MarshalByRefObject'],
  properties: { ClientApplicationID: { get: () => '', set: () => undefined } },
  methods: {
    CreateUpdateSearcher: (_state, _args, context) => {
      refuseNetworkLogon(context);
      return newObject(searcherType, { online: true, server: 0 });
    },
    CreateUpdateDownloader: (_state, _args, context) => {
      refuseNetworkLogon(context);
      return context.unsupported('Microsoft.Update.Session CreateUpdateDownloader');
    },
    CreateUpdateInstaller: (_state, _args, context) => {
      refuseNetworkLogon(context);
      return context.unsupported('Microsoft.Update.Session CreateUpdateInstaller');
    },
  },
});

/** COM classes by ProgID. */
export const comObjects = {
  'Microsoft.Update.Session': (): Value => newObject(updateSessionType, {}),
  [updaterProgId]: registeredClass(updaterProgId),
  [edgeProgId]: registeredClass(edgeProgId),
};
