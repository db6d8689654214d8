import { serviceSid } from '../../accounts.ts';
import { systemPid } from '../change-feed.ts';
import { createNode } from '../files/file-node.ts';
import type { Machine } from '../machine.ts';
import { usualServiceSddl } from '../services/service.ts';
import {
  addApplication,
  addBinding,
  addDirectory,
  addPool,
  addSite,
  poolFilter,
  setHostValues,
} from '../web/edit-sites.ts';
import { sitesOf } from '../web/web-sites.ts';
import { databaseService } from './update-database.ts';
import { guidOf, monthlyUpdates } from './wsus-update.ts';

/** Folder of the product. */
export const wsusFolder = 'C:\\Program Files\\Update Services';
/** The site of the web services. */
export const wsusSite = 'WSUS Administration';

const services = [
  'ApiRemoting30',
  'ClientWebService',
  'DssAuthWebService',
  'Inventory',
  'ReportingWebService',
  'ServerSyncWebService',
  'SimpleAuthWebService',
];

const write = (machine: Machine, path: string, text: string): void => {
  if (machine.files.exists(path)) return;
  void machine.files.createFolder(path.slice(0, path.lastIndexOf('\\')), systemPid);
  void machine.files.write(path, new TextEncoder().encode(text), systemPid);
};

const addService = (
  machine: Machine,
  row: { name: string; display: string; path: string; account: string; needs: readonly string[]; isRunning: boolean },
): void => {
  if (machine.services.find(row.name)) return;
  const image = /^"?([^"]*?\.exe)/i.exec(row.path)?.[1] ?? '';
  if (!machine.files.exists(image)) {
    const folder = image.slice(0, image.lastIndexOf('\\'));
    void machine.files.createFolder(folder, systemPid);
    void machine.files.insert(
      folder,
      createNode(image.slice(image.lastIndexOf('\\') + 1), false, machine.clock.wallMs(), { sizeBytes: 180_224 }),
      systemPid,
    );
  }
  machine.services.add({
    name: row.name,
    displayName: row.display,
    description: row.display,
    start: 'Automatic',
    delayedStart: false,
    trigger: false,
    wantedAfterMs: undefined,
    state: row.isRunning ? 'Running' : 'Stopped',
    pid: 0,
    dependsOn: row.needs,
    account: row.account,
    path: row.path,
    type: 16,
    exitCode: 0,
    sddl: usualServiceSddl,
    hostGroup: undefined,
    isProtected: false,
    stopHangs: false,
  });
};

/** What the features of the update server lay. */
export const attachWsusFeatures = (machine: Machine): void => {
  machine.roles.setRoutine('Windows-Internal-Database', {
    install: () =>
      addService(machine, {
        name: databaseService,
        display: 'Windows Internal Database',
        path: '"C:\\Windows\\WID\\Binn\\sqlservr.exe" -sMICROSOFT##WID',
        account: `NT SERVICE\\${databaseService}`,
        needs: [],
        isRunning: true,
      }),
  });
  machine.roles.setRoutine('UpdateServices-Services', {
    install: () => {
      for (const file of ['wsusutil.exe', 'WsusService.exe']) {
        const folder = file === 'wsusutil.exe' ? `${wsusFolder}\\Tools` : `${wsusFolder}\\Services`;
        void machine.files.createFolder(folder, systemPid);
        if (!machine.files.exists(`${folder}\\${file}`))
          void machine.files.insert(
            folder,
            createNode(file, false, machine.clock.wallMs(), { sizeBytes: 90_112 }),
            systemPid,
          );
      }
      void machine.files.createFolder(`${wsusFolder}\\LogFiles`, systemPid);
      for (const name of services) {
        const page =
          {
            ApiRemoting30: 'WebService',
            ClientWebService: 'client',
            ServerSyncWebService: 'serversyncwebservice',
            SimpleAuthWebService: 'simpleauth',
            DssAuthWebService: 'dssauthwebservice',
            ReportingWebService: 'reportingwebservice',
            Inventory: 'inventory',
          }[name] ?? 'service';
        write(machine, `${wsusFolder}\\WebServices\\${name}\\${page}.asmx`, '<%@ WebService %>');
      }
      write(machine, `${wsusFolder}\\SelfUpdate\\wuident.cab`, 'MSCF');
      addService(machine, {
        name: 'WsusService',
        display: 'WSUS Service',
        path: `"${wsusFolder}\\Services\\WsusService.exe"`,
        account: 'NT AUTHORITY\\NetworkService',
        needs: ['RpcSs', 'EventLog'],
        isRunning: false,
      });
    },
  });
};

const networkService = { allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: 'S-1-5-20' };

/** What `wsusutil postinstall` does: database, content folder, pool, site. */
export const postInstall = (machine: Machine, contentFolder: string, pid: number): void => {
  const { wsus, files } = machine;
  if (wsus.isInstalled) return;
  wsus.settings = { ...wsus.settings, contentPath: contentFolder };
  for (const path of [`${contentFolder}\\WsusContent`, `${contentFolder}\\UpdateServicesPackages`]) {
    void files.createFolder(path, pid);
    const node = files.get(path);
    node.security = {
      ...files.securityOf(node),
      rules: [networkService, { ...networkService, rights: 0x1200a9, sid: 'S-1-5-32-545' }],
    };
  }
  write(machine, `${contentFolder}\\WsusContent\\anonymousCheckFile.txt`, '');
  wsus.database.settle();
  const data = files.get('C:\\Windows\\WID\\Data');
  data.security = { ...files.securityOf(data), rules: [{ ...networkService, sid: serviceSid(databaseService) }] };
  const key = 'HKLM\\SOFTWARE\\Microsoft\\Update Services\\Server\\Setup';
  void machine.registry.create(key, pid);
  for (const [name, text] of [
    ['ContentDir', contentFolder],
    ['SqlServerName', 'MICROSOFT##WID'],
    ['SqlDatabaseName', 'SUSDB'],
    ['TargetDir', `${wsusFolder}\\`],
  ] as const)
    void machine.registry.set(key, { name, kind: 'String', data: text }, pid);
  void machine.registry.set(key, { name: 'PortNumber', kind: 'DWord', data: 8530 }, pid);
  if (machine.services.find('WsusService')?.state !== 'Running') void machine.services.start('WsusService', pid);
  if (sitesOf(machine.web.readConfig()).some(({ name }) => name === wsusSite)) return;
  void addPool(machine, 'WsusPool', pid);
  void setHostValues(machine, poolFilter('WsusPool', ['processModel']), { identityType: 'NetworkService' }, pid);
  void setHostValues(
    machine,
    poolFilter('WsusPool', ['recycling', 'periodicRestart']),
    { privateMemory: '1843200' },
    pid,
  );
  void setHostValues(machine, poolFilter('WsusPool'), { queueLength: '1000' }, pid);
  void addSite(
    machine,
    {
      name: wsusSite,
      id: 1_570_442_221,
      physicalPath: `${wsusFolder}\\WebServices\\Root\\`,
      pool: 'WsusPool',
      binding: '*:8530:',
    },
    pid,
  );
  void files.createFolder(`${wsusFolder}\\WebServices\\Root`, pid);
  void addBinding(machine, wsusSite, 'https', '*:8531:', pid);
  for (const name of services)
    void addApplication(
      machine,
      wsusSite,
      `/${name}`,
      { physicalPath: `${wsusFolder}\\WebServices\\${name}`, pool: 'WsusPool' },
      pid,
    );
  void addDirectory(machine, wsusSite, '/', '/Content', { physicalPath: `${contentFolder}\\WsusContent\\` }, pid);
  void addDirectory(machine, wsusSite, '/', '/Selfupdate', { physicalPath: `${wsusFolder}\\SelfUpdate` }, pid);
};

/** A server in use: three products with updates of some months, computers that report, and a history of synchronizations. */
export const fillServer = (machine: Machine): void => {
  const { wsus, clock } = machine;
  const now = clock.wallMs();
  const products = ['Windows 11', 'Windows 10, version 1903 and later', 'Microsoft Server operating system-21H2'];
  wsus.database.content.updates = products.flatMap((product, index) =>
    monthlyUpdates(product, 12, now, { firstLocalId: 1000 + index * 100, declineOld: true }),
  );
  wsus.database.content.computers = Array.from({ length: 24 }, (_, index) => ({
    id: guidOf(`computer ${index}`),
    name: `pc-${String(index + 1).padStart(3, '0')}.corp.example`,
    lastReportedMs: now - (index % 5) * 3_600_000,
    lastSyncMs: now - (index % 5) * 3_600_000,
  }));
  // Cleaned up every month: what is declined was declined a while ago, and what was declined before that is deleted.
  for (const one of wsus.database.content.updates) if (one.isDeclined) one.declinedMs = now - 10 * 86_400_000;
  for (const file of wsus.missingFiles()) wsus.placeContent(file);
  wsus.history = [3, 2, 1].map((days) => ({
    startMs: now - days * 86_400_000,
    endMs: now - days * 86_400_000 + 240_000,
    result: 'Succeeded',
    error: 'NotApplicable',
    errorText: '',
  }));
  wsus.database.settle();
  const day = new Date(now - 86_400_000).toISOString().slice(0, 10);
  write(
    machine,
    `${wsusFolder}\\LogFiles\\SoftwareDistribution.log`,
    `${day} 02:00:01.120 UTC\tInfo\tWsusService.9\tCatalogSyncAgentCore.ExecuteSyncProtocol\tServer has no new updates\r\n`,
  );
};
