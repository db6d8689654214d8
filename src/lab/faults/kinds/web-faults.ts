import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { settingOf } from '../../windows/machine/web/config-engine.ts';
import { clearSection, readFiltered, setLock, setValues } from '../../windows/machine/web/config-filter.ts';
import {
  addApplication,
  addPool,
  poolFilter,
  setHostValues,
  siteFilter,
} from '../../windows/machine/web/edit-sites.ts';
import { readFilter } from '../../windows/machine/web/filter-text.ts';
import { sealPassword } from '../../windows/machine/web/web-access.ts';
import { webPaths } from '../../windows/machine/web/web-paths.ts';
import { bringRole } from '../bases/roles.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { lacks } from '../host-flaw.ts';

const site = 'Default Web Site';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text.replaceAll('\n', '\r\n'));
const server = { scope: {}, location: {} };

/** A web server with an application of its own pool and folder, as people deploy them: `/orders`. */
const addOrders = (machine: Machine): void => {
  bringRole(machine, 'web-server');
  if (machine.files.exists('C:\\inetpub\\orders')) return;
  void machine.files.createFolder('C:\\inetpub\\orders', systemPid);
  void machine.files.write('C:\\inetpub\\orders\\index.htm', bytes('<html><body>Orders</body></html>\n'), systemPid);
  void machine.files.write('C:\\inetpub\\orders\\status.aspx', bytes('<%@ Page Language="C#" %>\n'), systemPid);
  void machine.files.write(
    'C:\\inetpub\\orders\\web.config',
    bytes(
      '<?xml version="1.0" encoding="UTF-8"?>\n<configuration>\n    <appSettings>\n        <add key="Region" value="east" />\n    </appSettings>\n    <system.webServer>\n        <defaultDocument>\n            <files>\n                <clear />\n                <add value="index.htm" />\n            </files>\n        </defaultDocument>\n    </system.webServer>\n</configuration>\n',
    ),
    systemPid,
  );
  void addPool(machine, 'Orders', systemPid);
  void addApplication(machine, site, '/orders', { physicalPath: 'C:\\inetpub\\orders', pool: 'Orders' }, systemPid);
};

const losePath = (machine: Machine, cause: 'path-wrong' | 'folder-gone' | 'drive-gone' | 'is-file'): void => {
  addOrders(machine);
  const point = (physicalPath: string): void =>
    void setHostValues(machine, siteFilter(site, '/orders', '/'), { physicalPath }, systemPid);
  if (cause === 'path-wrong') point('C:\\inetpub\\order');
  else if (cause === 'drive-gone') point('W:\\orders');
  else if (cause === 'is-file') point('C:\\inetpub\\orders\\index.htm');
  else void machine.files.move('C:\\inetpub\\orders', 'C:\\inetpub\\orders.old', systemPid);
};

const breakAcl = (machine: Machine, reads: 'pool' | 'iusr', rule: 'missing' | 'denied'): void => {
  addOrders(machine);
  const node = machine.files.get('C:\\inetpub\\orders');
  const full = (sid: string) => ({ allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid });
  const usual = machine.files.securityOf(node);
  node.security =
    rule === 'missing'
      ? { ...usual, isProtected: true, rules: [full('S-1-5-18'), full('S-1-5-32-544')] }
      : {
          ...usual,
          rules: [{ allow: false, flags: ['OI', 'CI'], rights: 0x1200a9, sid: 'S-1-5-32-568' }, ...usual.rules],
        };
  const filter = readFilter('system.webServer/security/authentication/anonymousAuthentication');
  if (filter && reads === 'pool')
    void setValues(
      machine,
      { filter, place: { scope: {}, location: { site, path: '/orders' } }, pid: systemPid },
      { userName: '' },
    );
};

const loseHandler = (machine: Machine, handler: string): void => {
  addOrders(machine);
  const all = readFilter('system.webServer/handlers/add');
  const known = all ? readFiltered(machine, all, server).found.map((entry) => settingOf(entry, 'name')) : [];
  const filter = readFilter(`system.webServer/handlers/add[@name='${handler}']`);
  if (!filter || !known.some((name) => name.toLowerCase() === handler.toLowerCase()))
    throw lacks(`its web server has no handler mapping \`${handler}\``, { given: handler, known });
  void clearSection(machine, { filter, place: server, pid: systemPid });
};

/** Breaks a file as a careless edit does: a closing tag is gone, an entry stands twice, or a section is unknown. */
const breakConfig = (
  machine: Machine,
  file: 'web.config' | 'applicationHost.config',
  damage: 'malformed' | 'duplicate' | 'unknown-section',
  hasCopy: boolean,
): void => {
  addOrders(machine);
  if (file === 'applicationHost.config' && damage !== 'malformed')
    throw lacks(`the fault iis-config-broken knows applicationHost.config only malformed, not \`${damage}\``, {
      given: damage,
      known: ['malformed'],
    });
  const path = file === 'web.config' ? 'C:\\inetpub\\orders\\web.config' : webPaths.config;
  const node = machine.files.get(path);
  const text = new TextDecoder().decode(machine.files.read(node));
  if (hasCopy) void machine.files.write(`${path}.bak`, machine.files.read(node), systemPid);
  const place = text.indexOf('</system.webServer>');
  const broken =
    damage === 'malformed'
      ? text.replace('</configuration>', '</configuration')
      : damage === 'duplicate'
        ? `${text.slice(0, place)}    <staticContent>\r\n            <mimeMap fileExtension=".json" mimeType="application/json" />\r\n        </staticContent>\r\n    ${text.slice(place)}`
        : `${text.slice(0, place)}    <rewrite>\r\n            <rules />\r\n        </rewrite>\r\n    ${text.slice(place)}`;
  void machine.files.replaceContent(node, bytes(broken.replaceAll('\r\n', '\n')), systemPid);
  if (file === 'applicationHost.config') {
    // The services have come down since; nobody could start them again.
    for (const name of ['W3SVC', 'WAS'])
      if (machine.services.find(name)?.state === 'Running') void machine.services.stop(name, systemPid);
  }
};

const share = '\\\\files01\\web';
const denyShare = (
  machine: Machine,
  cause: 'no-credentials' | 'wrong-password' | 'no-right' | 'unreachable',
  right: string,
): void => {
  bringRole(machine, 'web-server');
  machine.web.passwords.set('corp\\svc-web', right);
  const readers = cause === 'no-right' ? ['corp\\others'] : ['corp\\svc-web'];
  machine.web.shares = [
    {
      path: cause === 'unreachable' ? '\\\\files02\\web' : share,
      readers,
      files: { 'index.htm': '<html><body>Files</body></html>' },
    },
  ];
  const named = cause !== 'no-credentials';
  const password = cause === 'wrong-password' ? 'Tulip-41' : right;
  void addApplication(
    machine,
    site,
    '/files',
    {
      physicalPath: share,
      ...(named ? { userName: 'CORP\\svc-web', password: sealPassword(machine, password) } : {}),
    },
    systemPid,
  );
};

const loseFeature = (machine: Machine, feature: 'Web-Asp-Net45' | 'Web-Static-Content'): void => {
  addOrders(machine);
  machine.roles.remove(machine.roles.planRemove([feature]), { payload: false, pid: systemPid });
};

const stopPool = (
  machine: Machine,
  cause: 'stopped' | 'identity-invalid' | 'module-missing' | 'no-auto-start',
  right: string,
): void => {
  addOrders(machine);
  if (cause === 'stopped') void machine.web.setPool('Orders', 'Stopped', systemPid);
  if (cause === 'no-auto-start') void setHostValues(machine, poolFilter('Orders'), { autoStart: 'false' }, systemPid);
  if (cause === 'identity-invalid') {
    machine.web.passwords.set('corp\\svc-orders', right);
    void setHostValues(
      machine,
      poolFilter('Orders', ['processModel']),
      { identityType: 'SpecificUser', userName: 'CORP\\svc-orders', password: sealPassword(machine, 'Maple-16') },
      systemPid,
    );
    machine.web.disablePool('Orders', 5021);
    machine.web.disablePool('Orders', 5057);
  }
  if (cause === 'module-missing') {
    void machine.files.remove('C:\\Windows\\System32\\inetsrv\\compstat.dll', systemPid);
    machine.web.disablePool('Orders', 5002);
  }
};

const lockSection = (machine: Machine): void => {
  addOrders(machine);
  void setLock(machine, 'system.webServer/defaultDocument', {}, 'Deny', systemPid);
};

/** What keeps a web server from answering. */
export type WebFault =
  | { readonly kind: 'iis-path-missing'; readonly cause?: 'path-wrong' | 'folder-gone' | 'drive-gone' | 'is-file' }
  | { readonly kind: 'iis-acl-broken'; readonly reads?: 'pool' | 'iusr'; readonly rule?: 'missing' | 'denied' }
  | { readonly kind: 'iis-handler-missing'; readonly handler?: string }
  | {
      readonly kind: 'iis-config-broken';
      readonly file?: 'web.config' | 'applicationHost.config';
      readonly damage?: 'malformed' | 'duplicate' | 'unknown-section';
      /** The file as it was before lies beside it, as `web.config.bak`. */
      readonly goodCopy?: boolean;
    }
  | {
      readonly kind: 'iis-unc-denied';
      readonly cause?: 'no-credentials' | 'wrong-password' | 'no-right' | 'unreachable';
      /** The right password of the account CORP\\svc-web; `Tulip-42` by default. */
      readonly password?: string;
    }
  | { readonly kind: 'iis-feature-missing'; readonly feature?: 'Web-Asp-Net45' | 'Web-Static-Content' }
  | {
      readonly kind: 'iis-pool-stopped';
      readonly cause?: 'stopped' | 'identity-invalid' | 'module-missing' | 'no-auto-start';
      /** The right password of the account CORP\\svc-orders; `Maple-17` by default. */
      readonly password?: string;
    }
  | { readonly kind: 'iis-site-stopped' }
  | { readonly kind: 'iis-config-locked-section' };

/** States of IIS. */
export const webFaults: FaultKinds<WebFault> = {
  'iis-path-missing': (machine, { cause }) => losePath(machine, cause ?? 'path-wrong'),
  'iis-acl-broken': (machine, { reads, rule }) => breakAcl(machine, reads ?? 'pool', rule ?? 'missing'),
  'iis-handler-missing': (machine, { handler }) => loseHandler(machine, handler ?? 'StaticFile'),
  'iis-config-broken': (machine, { file, damage, goodCopy }) =>
    breakConfig(machine, file ?? 'web.config', damage ?? 'malformed', goodCopy ?? false),
  'iis-unc-denied': (machine, { cause, password }) =>
    denyShare(machine, cause ?? 'no-credentials', password ?? 'Tulip-42'),
  'iis-feature-missing': (machine, { feature }) => loseFeature(machine, feature ?? 'Web-Asp-Net45'),
  'iis-pool-stopped': (machine, { cause, password }) => stopPool(machine, cause ?? 'stopped', password ?? 'Maple-17'),
  'iis-site-stopped': (machine) => {
    addOrders(machine);
    void machine.web.setSite(site, 'Stopped', systemPid);
  },
  'iis-config-locked-section': lockSection,
};
