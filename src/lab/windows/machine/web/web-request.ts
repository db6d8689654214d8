import { readPieces } from '../../../../kernel/fits-pieces.ts';
import { fits } from '../../../evaluator/matching/wildcard.ts';
import type { Machine } from '../machine.ts';
import { mayUseNode, neededRights } from '../rights/access-check.ts';
import { overloads } from '../wsus/update-web.ts';
import { type ConfigNode, elementOf, readSection, settingOf, type WebScope } from './config-engine.ts';
import { ConfigFault, type ConfigFile } from './config-xml.ts';
import { errorPage, unavailablePage } from './error-page.ts';
import { anonymousUser, namedIdentity, poolIdentity, type WebIdentity } from './web-access.ts';
import { type Content, openContent, readFolderConfigs } from './web-content.ts';
import { writeModuleEvent } from './web-events.ts';
import { writeRequestLog } from './web-log.ts';
import { type Mapped, mapPath, poolsOf, sitesOf, type WebPool, type WebSite } from './web-sites.ts';

/** What a web server answers. */
export type WebAnswer = {
  readonly status: number;
  readonly subStatus: number;
  /** Win32 code or HRESULT that goes with it. */
  readonly code: number;
  readonly reason: string;
  readonly body: string;
  readonly contentType: string;
  /** `Microsoft-IIS/10.0`, or that of the driver that answers where no worker does. */
  readonly server: string;
};

/** A request as the driver sees it. */
export type WebRequest = { readonly url: URL; readonly method: string; readonly host: string };

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  301: 'Moved Permanently',
  302: 'Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
const answer = (status: number, subStatus = 0, code = 0, more: Partial<WebAnswer> = {}): WebAnswer => ({
  status,
  subStatus,
  code,
  reason: reasons[status] ?? '',
  body: '',
  contentType: 'text/html',
  server: 'Microsoft-IIS/10.0',
  ...more,
});
const byDriver = (status: number): WebAnswer =>
  answer(status, 0, 0, { server: 'Microsoft-HTTPAPI/2.0', body: status === 503 ? unavailablePage : '' });

type Visit = {
  readonly machine: Machine;
  readonly request: WebRequest;
  readonly host: ConfigFile;
  readonly site: WebSite;
  readonly pool: WebPool;
  readonly mapped: Mapped;
  readonly path: string;
  readonly worker: WebIdentity;
};

const fitsPath = (pattern: string, name: string): boolean =>
  pattern.split(',').some((one) => {
    const wanted = one.trim();
    if (wanted === '*') return true;
    // `*.` stands for what has no extension.
    if (wanted === '*.') return !name.slice(name.lastIndexOf('/') + 1).includes('.');
    const part = wanted.includes('/') ? name.replace(/^\//, '') : name.slice(name.lastIndexOf('/') + 1);
    return fits(readPieces(wanted, { '*': 'any text' }), part);
  });

const handlerFor = (handlers: ConfigNode, { request, pool, path }: Visit, content: Content): ConfigNode | undefined =>
  handlers.entries.find((one) => {
    const condition = settingOf(one, 'preCondition').toLowerCase();
    const verbs = settingOf(one, 'verb')
      .split(',')
      .map((verb) => verb.trim().toUpperCase());
    const kind = settingOf(one, 'resourceType').toLowerCase();
    if (!fitsPath(settingOf(one, 'path'), path)) return false;
    if (!verbs.includes('*') && !verbs.includes(request.method.toUpperCase())) return false;
    if (condition.includes('runtimeversionv4.0') && !pool.runtimeVersion.startsWith('v4')) return false;
    if (kind === 'file') return content.kind === 'file';
    if (kind === 'directory') return content.kind === 'folder';
    return true;
  });

/** The first module of a handler that the worker does not have; all modules missing makes the handler useless. */
const missingModule = (modules: ConfigNode, handler: ConfigNode): string | undefined => {
  const wanted = settingOf(handler, 'modules')
    .split(',')
    .map((name) => name.trim());
  const has = (name: string): boolean =>
    modules.entries.some((one) => settingOf(one, 'name').toLowerCase() === name.toLowerCase());
  return wanted.some(has) ? undefined : wanted[0];
};

const serveStatic = (visit: Visit, content: Content, files: readonly ConfigFile[], scope: WebScope): WebAnswer => {
  const section = (name: string): ConfigNode => readSection(visit.host, `system.webServer/${name}`, scope, files);
  if (content.kind === 'missing') return answer(404, 0, content.code);
  if (content.kind === 'folder') {
    const hasDefault = modulesOf(visit).entries.some((one) => settingOf(one, 'name') === 'DefaultDocumentModule');
    const documents = section('defaultDocument');
    if (hasDefault && settingOf(documents, 'enabled') === 'true')
      for (const entry of elementOf(documents, 'files').entries) {
        const name = settingOf(entry, 'value');
        const inner = openContent(visit.machine, visit.mapped, `${visit.mapped.rest.replace(/\/$/, '')}/${name}`);
        if (inner.kind === 'file') return serve(visit, inner, `${visit.path.replace(/\/$/, '')}/${name}`, files, scope);
      }
    return settingOf(section('directoryBrowse'), 'enabled') === 'true'
      ? answer(200, 0, 0, { body: content.names.join('\r\n') })
      : answer(403, 14, 0);
  }
  const extension = /\.[^./]*$/.exec(content.name)?.[0] ?? '.';
  const type = section('staticContent').entries.find(
    (one) => settingOf(one, 'fileExtension').toLowerCase() === extension.toLowerCase(),
  );
  if (!type) return answer(404, 3, 50);
  return answer(200, 0, 0, { body: content.text, contentType: settingOf(type, 'mimeType') });
};

const modulesOf = (visit: Visit): ConfigNode =>
  readSection(visit.host, 'system.webServer/modules', { site: visit.site.name });

/** Who reads files for a visitor without a name. */
const visitorOf = (visit: Visit, files: readonly ConfigFile[], scope: WebScope): WebIdentity | undefined => {
  const section = readSection(
    visit.host,
    'system.webServer/security/authentication/anonymousAuthentication',
    scope,
    files,
  );
  if (settingOf(section, 'enabled') !== 'true') return undefined;
  const user = settingOf(section, 'userName');
  if (user === '') return visit.worker;
  return user.toUpperCase() === 'IUSR' ? anonymousUser : namedIdentity(visit.machine, user);
};

const serve = (
  visit: Visit,
  content: Content,
  path: string,
  files: readonly ConfigFile[],
  scope: WebScope,
): WebAnswer => {
  const at: Visit = { ...visit, path };
  const handlers = readSection(visit.host, 'system.webServer/handlers', scope, files);
  const handler = handlerFor(handlers, at, content);
  if (!handler) return answer(404, 4, 2);
  const modules = readSection(visit.host, 'system.webServer/modules', scope, files);
  const missing = missingModule(modules, handler);
  if (missing !== undefined && missing !== 'ManagedPipelineHandler') return answer(500, 21, 0x8007000d);
  const isManaged = settingOf(handler, 'type') !== '';
  if (isManaged && !modules.entries.some((one) => settingOf(one, 'name').startsWith('ManagedEngine')))
    return answer(500, 21, 0x8007000d);
  const visitor = visitorOf(visit, files, scope);
  if (!visitor) return answer(401, 2, 0x80070005);
  if (content.kind !== 'missing' && content.node) {
    // A share is read under the credentials of the directory; what lies here, under those of the visitor.
    if (!mayUseNode(visit.machine.files, content.node, visitor.sids, neededRights.readData)) return answer(401, 3, 5);
  }
  if (isManaged) {
    const isExtensionless = settingOf(handler, 'path') === '*.';
    if (content.kind === 'file') return answer(200, 0, 0, { body: '' });
    return isExtensionless ? serveStatic(at, content, files, scope) : answer(404, 0, 2);
  }
  return serveStatic(at, content, files, scope);
};

/** Modules whose DLL is not there keep the worker from starting, until Windows disables the pool. */
const failingModule = (machine: Machine, host: ConfigFile): string | undefined =>
  readSection(host, 'system.webServer/globalModules', {})
    .entries.map((one) =>
      settingOf(one, 'image')
        .replace(/%windir%/i, 'C:\\Windows')
        .replace(/%SystemRoot%/i, 'C:\\Windows'),
    )
    .find((image) => image !== '' && !machine.files.exists(image));

const work = (visit: Visit): WebAnswer => {
  const { machine, host, site, mapped, path, worker } = visit;
  const scope: WebScope = { site: site.name, path };
  const configs = readFolderConfigs(machine, host, site, path, worker);
  const content = openContent(machine, mapped, mapped.rest);
  return serve(visit, content, path, configs, scope);
};

const bindingFits = (information: string, url: URL, host: string): boolean => {
  const [address = '*', port = '', name = ''] = information.split(/:(?=\d+:)|:(?=[^:]*$)/);
  const wantedPort = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const isLocal = ['*', '', '127.0.0.1', '0.0.0.0'].includes(address);
  return isLocal && port === wantedPort && (name === '' || name.toLowerCase() === host.toLowerCase());
};

/** The site that a request belongs to among those that run: the one with the host's name before one without. */
const siteFor = (sites: readonly WebSite[], { url, host }: WebRequest): WebSite | undefined => {
  const scheme = url.protocol.replace(':', '');
  const fitting = sites.flatMap((site) =>
    site.bindings
      .filter(({ protocol, information }) => protocol === scheme && bindingFits(information, url, host))
      .map(({ information }) => ({ site, isNamed: !information.endsWith(':') })),
  );
  return (fitting.find(({ isNamed }) => isNamed) ?? fitting[0])?.site;
};

/** Starts the worker of a pool; an answer where it cannot start. */
const startWorker = (machine: Machine, pool: WebPool, host: ConfigFile): WebIdentity | WebAnswer => {
  const worker = poolIdentity(machine, pool);
  if (!worker) {
    machine.web.disablePool(pool.name, 5057);
    return byDriver(503);
  }
  const dll = failingModule(machine, host);
  if (dll !== undefined) {
    writeModuleEvent(machine, dll);
    if (pool.rapidFailProtection) machine.web.disablePool(pool.name, 5002);
    return byDriver(503);
  }
  void machine.web.workerOf(pool.name, worker.name);
  return worker;
};

/**
 * Answers a request that reaches this machine.
 * @returns undefined when nobody listens at the port
 */
export const answerRequest = (machine: Machine, request: WebRequest): WebAnswer | undefined => {
  if (machine.services.find('W3SVC')?.state !== 'Running') return undefined;
  let host: ConfigFile;
  try {
    host = machine.web.viewConfig();
  } catch (error) {
    // What runs keeps what it has read; the lab reads anew, so it answers as a worker without configuration does.
    if (error instanceof ConfigFault) return byDriver(503);
    throw error;
  }
  const running = sitesOf(host).filter(({ name }) => machine.web.siteState(name) === 'Started');
  const site = siteFor(running, request);
  if (!site) {
    const port = request.url.port === '' ? '80' : request.url.port;
    const isHeard = running.some(({ bindings }) =>
      bindings.some(({ information }) => information.split(':').at(-2) === port),
    );
    return isHeard ? byDriver(400) : undefined;
  }
  const path = decodeURIComponent(request.url.pathname);
  const mapped = mapPath(site, path);
  const pool = mapped && poolsOf(host).find(({ name }) => name.toLowerCase() === mapped.application.pool.toLowerCase());
  if (!mapped || !pool || machine.web.poolState(pool.name) !== 'Started') return byDriver(503);
  if (overloads(machine, pool.name)) return byDriver(503);
  const worker = startWorker(machine, pool, host);
  if ('status' in worker) return worker;
  let given: WebAnswer;
  try {
    given = work({ machine, request, host, site, pool, mapped, path, worker });
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    given = answer(500, 19, error.error.hresult >>> 0, { body: error.message });
  }
  writeRequestLog(machine, site, request, given);
  return given.status < 400 ? given : { ...given, body: errorPage(given) };
};
