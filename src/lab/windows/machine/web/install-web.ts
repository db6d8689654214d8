import { systemPid } from '../change-feed.ts';
import { createNode } from '../files/file-node.ts';
import type { Machine } from '../machine.ts';
import { usualServiceSddl } from '../services/service.ts';
import {
  addElement,
  attributeOf,
  type ConfigFile,
  elementsOf,
  makePath,
  parseConfig,
  removeElement,
  type rootOf,
  writeConfig,
} from './config-xml.ts';
import { freshConfig } from './fresh-config.ts';
import { type WebFeature, webFeatures } from './web-features.ts';
import { webPaths } from './web-paths.ts';

const edit = (machine: Machine, change: (config: ConfigFile) => void): void => {
  const node = machine.files.find(webPaths.config);
  if (!node) return;
  const config = parseConfig(machine.files.read(node), webPaths.config);
  change(config);
  void machine.files.replaceContent(node, writeConfig(config), systemPid);
};

const listsOf = (config: ConfigFile) => {
  const location = elementsOf(config.root).find((one) => one.name === 'location' && attributeOf(one, 'path') === '');
  return {
    global: makePath(config.root, 'system.webServer/globalModules'),
    modules: makePath(location ?? config.root, 'system.webServer/modules'),
    handlers: makePath(location ?? config.root, 'system.webServer/handlers'),
  };
};

const named = (parent: ReturnType<typeof rootOf>, name: string) =>
  elementsOf(parent).find((one) => attributeOf(one, 'name')?.toLowerCase() === name.toLowerCase());

/** Enters the modules and handlers of a feature; those that are there stay. */
const enterFeature = (config: ConfigFile, { modules = [], handlers = [] }: WebFeature): void => {
  const lists = listsOf(config);
  for (const { name, image, type, preCondition } of modules) {
    const condition = preCondition === undefined ? {} : { preCondition };
    if (image !== undefined && !named(lists.global, name))
      addElement(lists.global, 'add', { name, image, ...condition });
    if (!named(lists.modules, name))
      addElement(lists.modules, 'add', { name, ...(type === undefined ? {} : { type, ...condition }) });
  }
  for (const handler of handlers) if (!named(lists.handlers, handler.name)) addElement(lists.handlers, 'add', handler);
  // What takes any path stays the last.
  const last = named(lists.handlers, 'StaticFile');
  if (last) {
    const attributes = Object.fromEntries(last.attributes.map(({ name, value }) => [name, value]));
    removeElement(last);
    addElement(lists.handlers, 'add', attributes);
  }
};

const leaveFeature = (config: ConfigFile, { modules = [], handlers = [] }: WebFeature): void => {
  const lists = listsOf(config);
  for (const { name } of modules)
    for (const list of [lists.global, lists.modules]) {
      const entry = named(list, name);
      if (entry) removeElement(entry);
    }
  for (const { name } of handlers) {
    const entry = named(lists.handlers, name);
    if (entry) removeElement(entry);
  }
};

const expand = (path: string): string => path.replace(/%windir%/i, 'C:\\Windows');

const place = (machine: Machine, path: string, content: string | number): void => {
  if (machine.files.exists(path)) return;
  const folder = path.slice(0, path.lastIndexOf('\\'));
  void machine.files.createFolder(folder, systemPid);
  if (typeof content === 'string') void machine.files.write(path, new TextEncoder().encode(content), systemPid);
  else
    void machine.files.insert(
      folder,
      createNode(path.slice(path.lastIndexOf('\\') + 1), false, machine.clock.wallMs(), { sizeBytes: content }),
      systemPid,
    );
};

const addService = (
  machine: Machine,
  row: {
    name: string;
    display: string;
    start: 'Automatic' | 'Manual' | 'Disabled';
    needs: readonly string[];
    group: string;
  },
): void => {
  if (machine.services.find(row.name)) return;
  machine.services.add({
    name: row.name,
    displayName: row.display,
    description: row.display,
    start: row.start,
    delayedStart: false,
    trigger: false,
    wantedAfterMs: undefined,
    state: row.start === 'Disabled' ? 'Stopped' : 'Running',
    pid: 0,
    dependsOn: row.needs,
    account: 'LocalSystem',
    path: `%SystemRoot%\\system32\\svchost.exe -k ${row.group}`,
    type: 32,
    exitCode: row.start === 'Disabled' ? 1077 : 0,
    sddl: usualServiceSddl,
    hostGroup: undefined,
    isProtected: false,
    stopHangs: false,
  });
};

/** The process activation service and the configuration it reads. */
const installActivation = (machine: Machine): void => {
  place(machine, webPaths.config, new TextDecoder().decode(writeConfig(freshConfig())));
  place(
    machine,
    webPaths.redirection,
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<configuration>\r\n    <configSections>\r\n        <section name="configurationRedirection" />\r\n    </configSections>\r\n    <configurationRedirection />\r\n</configuration>\r\n',
  );
  place(
    machine,
    webPaths.administration,
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<configuration>\r\n    <moduleProviders />\r\n</configuration>\r\n',
  );
  place(machine, `${webPaths.programs}\\appcmd.exe`, 196_608);
  addService(machine, {
    name: 'WAS',
    display: 'Windows Process Activation Service',
    start: 'Manual',
    needs: ['RpcSs'],
    group: 'iissvcs',
  });
};

const installServer = (machine: Machine): void => {
  installActivation(machine);
  for (const file of ['w3wp.exe', 'iisreset.exe', 'iiscore.dll', 'w3core.dll'])
    place(machine, `${webPaths.programs}\\${file}`, 65_536);
  place(machine, 'C:\\Windows\\System32\\iisreset.exe', 24_576);
  place(
    machine,
    `${webPaths.root}\\iisstart.htm`,
    '<!DOCTYPE html>\r\n<html><head><title>IIS Windows</title></head><body>IIS</body></html>\r\n',
  );
  const content = machine.files.get(webPaths.root);
  content.security = {
    ...machine.files.securityOf(content),
    rules: [{ allow: true, flags: ['OI', 'CI'], rights: 0x1200a9, sid: 'S-1-5-32-568' }],
  };
  void machine.files.createFolder('C:\\inetpub\\logs\\LogFiles', systemPid);
  void machine.files.createFolder('C:\\inetpub\\temp\\appPools', systemPid);
  void machine.files.createFolder(webPaths.history, systemPid);
  addService(machine, {
    name: 'AppHostSvc',
    display: 'Application Host Helper Service',
    start: 'Automatic',
    needs: [],
    group: 'apphost',
  });
  addService(machine, {
    name: 'W3SVC',
    display: 'World Wide Web Publishing Service',
    start: 'Automatic',
    needs: ['WAS'],
    group: 'iissvcs',
  });
  addService(machine, {
    name: 'NetTcpPortSharing',
    display: 'Net.Tcp Port Sharing Service',
    start: 'Disabled',
    needs: [],
    group: 'NetTcpPortSharing',
  });
  machine.web.attach();
  machine.web.keepHistory(systemPid);
};

const removeServer = (machine: Machine): void => {
  for (const name of ['W3SVC', 'AppHostSvc']) {
    if (machine.services.find(name)?.state === 'Running') void machine.services.stop(name, systemPid);
    if (machine.services.find(name)) void machine.services.remove(name, systemPid);
  }
  // Taking the role away takes its settings away; the content stays.
  if (machine.files.exists(webPaths.config)) void machine.files.remove(webPaths.config, systemPid);
};

/** Tells the features of a machine what they lay. */
export const attachWebFeatures = (machine: Machine): void => {
  const { roles } = machine;
  roles.setRoutine('WAS-Process-Model', { install: installActivation });
  roles.setRoutine('Web-Server', { install: installServer, remove: removeServer });
  roles.setRoutine('Web-Metabase', {
    install: () =>
      addService(machine, {
        name: 'IISADMIN',
        display: 'IIS Admin Service',
        start: 'Automatic',
        needs: ['RpcSs'],
        group: 'inetinfo',
      }),
  });
  for (const [name, feature] of Object.entries(webFeatures)) {
    const files = (feature.modules ?? []).flatMap(({ image }) => (image === undefined ? [] : [expand(image)]));
    roles.setRoutine(name, {
      install: () => {
        for (const file of files) place(machine, file, 40_960);
        edit(machine, (config) => enterFeature(config, feature));
      },
      remove: () => {
        edit(machine, (config) => leaveFeature(config, feature));
        for (const file of files) if (machine.files.exists(file)) void machine.files.remove(file, systemPid);
      },
    });
  }
};
