import { defineType } from '../../evaluator/define.ts';
import { newObject } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { edgeProgId, updaterProgId } from '../machine/devices/chrome-updater.ts';
import { findUpdates } from '../machine/updates/installed-updates.ts';
import { type Criteria, InvalidCriteria, readCriteria } from '../machine/updates/search-criteria.ts';
import type { OfferedUpdate } from '../machine/updates/update-database.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { refuseMember } from '../types/outside.ts';
import { asCom, comError, refuseNetworkLogon } from './com-call.ts';
import { registeredClass } from './registered-class.ts';
import { newDownloader, newInstaller } from './update-installer.ts';
import { collection, historyType, updateType } from './update-objects.ts';
import { newAutoUpdate, newServiceManager, newSystemInfo } from './update-settings.ts';

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

const criteriaOf = (text: string): Criteria => {
  try {
    return readCriteria(text, (name) => refuseMember(`the search criterion ${name}`));
  } catch (error) {
    if (error instanceof InvalidCriteria) throw comError(0x80240032 | 0);
    throw error;
  }
};

const searcherType = defineType<{ online: boolean; server: number; serviceId: Value }>({
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
    ServiceID: { get: ({ serviceId }) => serviceId, set: (state, value) => void (state.serviceId = value) },
  },
  methods: {
    *Search({ server, online }, args, context) {
      refuseNetworkLogon(context);
      if (args.length === 0) throw comError(0x80240032 | 0);
      const { machine, pid } = actorOf(context);
      const text = context.text(args[0]);
      const fits = criteriaOf(text);
      for (let step = 0; step < 15; step++) yield machine.clock.wait(pid, machine.update.searchMs / 15);
      const offered = asCom(() => (online ? machine.update.search(server) : machine.update.offered));
      // Without a word on it hidden ones are not found (IUpdateSearcher::Search).
      const saysHidden = /\bIsHidden\b/i.test(text);
      const updates = asCom(() =>
        findUpdates(machine, offered, (facts) => fits(facts) && (saysHidden || facts['ishidden'] === 0)),
      );
      return newObject(resultType, { updates });
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
      return newObject(searcherType, { online: true, server: 0, serviceId: '' });
    },
    CreateUpdateDownloader: (_state, _args, context) => {
      refuseNetworkLogon(context);
      return newDownloader();
    },
    CreateUpdateInstaller: (_state, _args, context) => {
      refuseNetworkLogon(context);
      return newInstaller();
    },
  },
});

/** COM classes by ProgID. */
export const comObjects = {
  [updaterProgId]: registeredClass(updaterProgId),
  [edgeProgId]: registeredClass(edgeProgId),
  'Microsoft.Update.Session': (): Value => newObject(updateSessionType, {}),
  'Microsoft.Update.UpdateColl': (): Value => collection([]),
  'Microsoft.Update.Downloader': newDownloader,
  'Microsoft.Update.Installer': newInstaller,
  'Microsoft.Update.AutoUpdate': newAutoUpdate,
  'Microsoft.Update.SystemInfo': newSystemInfo,
  'Microsoft.Update.ServiceManager': newServiceManager,
};
