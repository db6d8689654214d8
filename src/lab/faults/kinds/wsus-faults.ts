import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { updateNames } from '../../windows/machine/network/site.ts';
import { poolFilter, setHostValues } from '../../windows/machine/web/edit-sites.ts';
import { writePoolEvent } from '../../windows/machine/web/web-events.ts';
import { writeWsusEvent } from '../../windows/machine/wsus/wsus-events.ts';
import { contentPath, guidOf, monthlyUpdates } from '../../windows/machine/wsus/wsus-update.ts';
import { bringRole } from '../bases/roles.ts';
import type { FaultKinds } from '../fault-kinds.ts';

const dayMs = 86_400_000;

const failSync = (machine: Machine, cause: 'proxy-wrong' | 'upstream-wrong' | 'source-unreachable'): void => {
  bringRole(machine, 'update-server');
  const { wsus, clock, network } = machine;
  const { settings } = wsus;
  if (cause === 'proxy-wrong') {
    // The company lets its servers out through the proxy only.
    const { address } = network.sites.find(({ names }) => names.includes(updateNames[0])) ?? {};
    if (address !== undefined) network.directly.set(address, { 80: { tcp: 'silent' }, 443: { tcp: 'silent' } });
    wsus.settings = { ...settings, useProxy: true, proxyName: 'proxy-old.corp.example', proxyPort: 8080 };
  } else if (cause === 'upstream-wrong') {
    network.change('wsus01.corp.example', {
      address: '10.20.30.81',
      isInternal: true,
      answersPing: true,
      ports: { 8530: { tcp: 'open', http: { '*': 200 } } },
    });
    wsus.settings = { ...settings, syncFromMicrosoft: false, upstreamName: 'wsus-old.corp.example' };
  } else network.change(updateNames[0], { ports: {}, answersPing: false });
  const fault = wsus.sourceFault();
  const now = clock.wallMs();
  wsus.history = [4, 3, 2, 1].map((days) => ({
    startMs: now - days * dayMs,
    endMs: now - days * dayMs + 90_000,
    ...(days === 4
      ? { result: 'Succeeded', error: 'NotApplicable', errorText: '' }
      : { result: 'Failed', error: fault?.error ?? 'Unknown', errorText: fault?.errorText ?? '' }),
  }));
  writeWsusEvent(machine, 386, `Synchronization failed. Reason: ${fault?.errorText ?? ''}.`, 2);
};

/** Many clients, and a pool that cannot carry them. */
const choke = (machine: Machine, cause: 'memory' | 'queue'): void => {
  bringRole(machine, 'update-server');
  const { database } = machine.wsus;
  const now = machine.clock.wallMs();
  database.content.computers = Array.from({ length: 1200 }, (_, index) => ({
    id: guidOf(`computer ${index}`),
    name: `pc-${String(index + 1).padStart(4, '0')}.corp.example`,
    lastReportedMs: now - dayMs,
    lastSyncMs: now - dayMs,
  }));
  if (cause === 'queue') {
    void setHostValues(machine, poolFilter('WsusPool'), { queueLength: '100' }, systemPid);
    void setHostValues(
      machine,
      poolFilter('WsusPool', ['recycling', 'periodicRestart']),
      { privateMemory: '8000000' },
      systemPid,
    );
    return;
  }
  writePoolEvent(machine, 5117, 'WsusPool');
  machine.web.disablePool('WsusPool', 5002);
};

/** Updates that others have replaced pile up without being declined; chains of a year for many products. */
const pileUp = (machine: Machine, superseded: number, expired: number): void => {
  bringRole(machine, 'update-server');
  const { database } = machine.wsus;
  const perChain = 61;
  const now = machine.clock.wallMs();
  for (let chain = 0; chain * (perChain - 1) < superseded; chain++)
    database.content.updates.push(
      ...monthlyUpdates(`Product ${chain + 1}`, perChain, now, {
        firstLocalId: 20_000 + chain * 100,
        declineOld: false,
        files: false,
        expired: Math.min(perChain - 2, Math.max(0, expired - chain * (perChain - 2))),
      }),
    );
  database.settle();
  // The pool was given room, so that the server answers, slowly.
  void setHostValues(
    machine,
    poolFilter('WsusPool', ['recycling', 'periodicRestart']),
    { privateMemory: '0' },
    systemPid,
  );
};

/** Declined updates that nobody ever deleted, in a database without the recommended indexes. */
const growDatabase = (machine: Machine, obsolete: number, sizeGB: number): void => {
  bringRole(machine, 'update-server');
  const { database } = machine.wsus;
  const now = machine.clock.wallMs();
  // A chain has two updates that are not declined.
  for (let chain = 0; chain * 60 < obsolete; chain++)
    database.content.updates.push(
      ...monthlyUpdates(`Old product ${chain + 1}`, Math.min(62, obsolete - chain * 60 + 2), now - 400 * dayMs, {
        firstLocalId: 60_000 + chain * 100,
        declineOld: true,
        files: false,
      }),
    );
  database.content.indexes = [];
  database.content.fragmentation = 92;
  database.settle();
  database.settle(Math.max(0, sizeGB * 2 ** 30 - database.sizeBytes));
};

const loseContent = (machine: Machine, cause: 'files-gone' | 'files-empty' | 'acl-broken' | 'folder-gone'): void => {
  bringRole(machine, 'update-server');
  const { wsus, files } = machine;
  const folder = files.get(wsus.contentFolder);
  const wanted = wsus.database.content.updates
    .filter(({ approvals }) => approvals.length > 0)
    .flatMap(({ files: own }) => own);
  for (const file of wanted) {
    const path = `${wsus.contentFolder}\\${contentPath(file)}`;
    if (!files.exists(path)) continue;
    void files.remove(path, systemPid, { force: true });
    if (cause === 'files-empty') void files.write(path, new Uint8Array(), systemPid);
  }
  if (cause === 'acl-broken')
    folder.security = {
      ...files.securityOf(folder),
      isProtected: true,
      rules: [
        { allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: 'S-1-5-18' },
        { allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: 'S-1-5-32-544' },
        { allow: true, flags: ['OI', 'CI'], rights: 0x1200a9, sid: 'S-1-5-32-545' },
      ],
    };
  if (cause === 'folder-gone')
    void files.move(wsus.contentFolder, `${wsus.settings.contentPath}\\WsusContent.old`, systemPid);
  for (const file of wanted) writeWsusEvent(machine, 364, `Content file download failed. Source File: ${file.name}`, 2);
};

const stopService = (machine: Machine, service: 'WsusService' | 'database'): void => {
  bringRole(machine, 'update-server');
  const name = service === 'database' ? 'MSSQL$MICROSOFT##WID' : 'WsusService';
  void machine.services.configure(name, { start: 'Disabled' }, systemPid);
  if (machine.services.find(name)?.state === 'Running') void machine.services.stop(name, systemPid);
};

/** What keeps an update server from serving. */
export type WsusFault =
  | { readonly kind: 'wsus-sync-failed'; readonly cause?: 'proxy-wrong' | 'upstream-wrong' | 'source-unreachable' }
  | { readonly kind: 'wsus-pool-memory'; readonly cause?: 'memory' | 'queue' }
  | { readonly kind: 'wsus-superseded-piled-up'; readonly superseded?: number; readonly expired?: number }
  | { readonly kind: 'wsus-db-large'; readonly obsolete?: number; readonly sizeGB?: number }
  | {
      readonly kind: 'wsus-content-missing';
      readonly cause?: 'files-gone' | 'files-empty' | 'acl-broken' | 'folder-gone';
    }
  | { readonly kind: 'wsus-service-stopped'; readonly service?: 'WsusService' | 'database' };

/** States of the update server. */
export const wsusFaults: FaultKinds<WsusFault> = {
  'wsus-sync-failed': (machine, { cause }) => failSync(machine, cause ?? 'proxy-wrong'),
  'wsus-pool-memory': (machine, { cause }) => choke(machine, cause ?? 'memory'),
  'wsus-superseded-piled-up': (machine, { superseded, expired }) => pileUp(machine, superseded ?? 1800, expired ?? 0),
  'wsus-db-large': (machine, { obsolete, sizeGB }) => growDatabase(machine, obsolete ?? 1500, sizeGB ?? 9),
  'wsus-content-missing': (machine, { cause }) => loseContent(machine, cause ?? 'files-gone'),
  'wsus-service-stopped': (machine, { service }) => stopService(machine, service ?? 'WsusService'),
};
