import { defineType } from '../../../evaluator/define.ts';
import type { Task } from '../../../evaluator/host.ts';
import { int64 } from '../../../evaluator/make.ts';
import type { PropertyDefinition } from '../../../evaluator/type-definition.ts';
import type { Value } from '../../../evaluator/value.ts';
import type { WsusSettings } from '../../machine/wsus/update-server.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import type { Held } from './held.ts';
import { askedMachine } from './wsus-call.ts';

const admin = 'Microsoft.UpdateServices.Administration';
const internal = 'Microsoft.UpdateServices.Internal.BaseApi';

const setting = (key: keyof WsusSettings): PropertyDefinition<Held> => ({
  get: ({ machine }) => machine.wsus.settings[key],
  set: ({ machine }, value, context) => {
    const old = machine.wsus.settings[key];
    const next =
      typeof old === 'boolean'
        ? context.isTrue(value)
        : typeof old === 'number'
          ? Number(context.text(value))
          : context.text(value);
    machine.wsus.settings = { ...machine.wsus.settings, [key]: next };
  },
});
/** IUpdateServerConfiguration: what is set holds from `Save` on; the lab lets it hold at once and tells of it at `Save`. */
export const configurationType = defineType<Held>({
  name: `${internal}.UpdateServerConfiguration`,
  bases: [`${admin}.IUpdateServerConfiguration`],
  properties: {
    SyncFromMicrosoftUpdate: setting('syncFromMicrosoft'),
    UpstreamWsusServerName: setting('upstreamName'),
    UpstreamWsusServerPortNumber: setting('upstreamPort'),
    IsReplicaServer: setting('isReplica'),
    UseProxy: setting('useProxy'),
    ProxyName: setting('proxyName'),
    ProxyServerPort: setting('proxyPort'),
    LocalContentCachePath: { get: ({ machine }) => `${machine.wsus.contentFolder}\\` },
    HostBinariesOnMicrosoftUpdate: { get: () => false },
    ServerId: { get: ({ machine }, context) => context.convert(machine.machineId, 'System.Guid') },
  },
  methods: {
    *Save({ machine }, _args, context): Task<Value> {
      yield askedMachine(context).wsus.database.changed(
        'settings',
        'configuration',
        undefined,
        machine.wsus.settings,
        actorOf(context).pid,
      );
      return undefined;
    },
    GetUpdateServerConfigurationState: () => null,
  },
});

/** IDatabaseConfiguration. */
export const databaseConfigurationType = defineType<Held>({
  name: `${internal}.DatabaseConfiguration`,
  bases: [`${admin}.IDatabaseConfiguration`],
  properties: {
    ServerName: { get: () => 'MICROSOFT##WID' },
    DatabaseName: { get: () => 'SUSDB' },
    IsUsingWindowsInternalDatabase: { get: () => true },
  },
});

/** ContentDownloadProgress. */
export const downloadType = defineType<Held>({
  name: `${admin}.ContentDownloadProgress`,
  properties: {
    TotalBytesToDownload: {
      get: ({ machine }) => int64(machine.wsus.waiting.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)),
    },
    DownloadedBytes: {
      get: ({ machine }) => {
        const missing = machine.wsus.missingFiles();
        return int64(
          machine.wsus.waiting
            .filter(({ sha1 }) => !missing.some((one) => one.sha1 === sha1))
            .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        );
      },
    },
  },
});
