import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { elementOf, readSection, settingOf } from './config-engine.ts';
import { expandPath } from './web-content.ts';
import type { WebAnswer, WebRequest } from './web-request.ts';
import type { WebSite } from './web-sites.ts';

const fields =
  'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken';

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** The folder of a site's logs. */
const folderOf = (machine: Machine, site: WebSite): string => {
  const section = readSection(machine.web.viewConfig(), 'system.applicationHost/sites', {});
  const defaults = elementOf(elementOf(section, 'siteDefaults'), 'logFile');
  return `${expandPath(settingOf(elementOf(site.node, 'logFile'), 'directory', defaults))}\\W3SVC${site.id}`;
};

/** Appends a request to the site's log of the day (W3C format, times in UTC). */
export const writeRequestLog = (machine: Machine, site: WebSite, request: WebRequest, answer: WebAnswer): void => {
  if (!machine.roles.isInstalled('Web-Http-Logging')) return;
  const now = new Date(machine.clock.wallMs());
  const day = `${String(now.getUTCFullYear()).slice(2)}${twoDigits(now.getUTCMonth() + 1)}${twoDigits(now.getUTCDate())}`;
  const path = `${folderOf(machine, site)}\\u_ex${day}.log`;
  const date = now.toISOString().slice(0, 10);
  const time = now.toISOString().slice(11, 19);
  const { url, method } = request;
  const there = machine.files.find(path);
  const head = `#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: ${date} ${time}\r\n#Fields: ${fields}\r\n`;
  const before = there ? machine.files.read(there) : Buffer.from(head);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const code =
    answer.code > 0xffff
      ? (answer.code & 0xffff0000) >>> 0 === 0x80070000
        ? answer.code & 0xffff
        : answer.code
      : answer.code;
  const line = `${date} ${time} ::1 ${method} ${url.pathname} ${url.search === '' ? '-' : url.search.slice(1)} ${port} - ::1 Mozilla/5.0+(Windows+NT;+Windows+NT+10.0;+${machine.uiLanguage})+WindowsPowerShell/5.1 - ${answer.status} ${answer.subStatus} ${code} 1\r\n`;
  if (!there) void machine.files.createFolder(path.slice(0, path.lastIndexOf('\\')), systemPid);
  void machine.files.write(path, new Uint8Array(Buffer.concat([before, Buffer.from(line)])), systemPid);
};
