import type { Held } from '../../machine/change-feed.ts';
import { elementOf, settingOf } from '../../machine/web/config-engine.ts';
import { setValues } from '../../machine/web/config-filter.ts';
import { ConfigFault } from '../../machine/web/config-xml.ts';
import {
  addApplication,
  addDirectory,
  addPool,
  addSite,
  poolFilter,
  removeHostEntries,
  siteFilter,
} from '../../machine/web/edit-sites.ts';
import type { Filter } from '../../machine/web/filter-text.ts';
import { sealPassword } from '../../machine/web/web-access.ts';
import { webPaths } from '../../machine/web/web-paths.ts';
import { poolDefaults, poolSetting } from '../../machine/web/web-sites.ts';
import { Win32Fault } from '../../machine/win32-fault.ts';
import { refuseMember } from '../../types/outside.ts';
import type { WindowsProgram } from '../program.ts';
import { AppcmdError, type Call, fail, server, writeNode } from './appcmd-call.ts';
import { backup, config } from './appcmd-config.ts';
import { failedCommand, type Listed, listObjects, writeObjects } from './appcmd-text.ts';

/** What a call names: by itself, or by an option such as `/apppool.name:`. */
const identifierOf = ({ identifier, options }: Call, kind: string): string =>
  identifier === '' ? (options.get(`${kind}.name`) ?? '') : identifier;

const find = (call: Call, kind: string): Listed => {
  const all: readonly Listed[] = listObjects(call.machine, kind) ?? refuseMember(`appcmd for ${kind}`);
  const wanted = identifierOf(call, kind).toLowerCase();
  const found = all.find(
    ({ name }) =>
      name.toLowerCase() === wanted ||
      (kind === 'app' && name.toLowerCase() === `${wanted}/`) ||
      (kind === 'vdir' && name.toLowerCase() === `${wanted}/`),
  );
  return (
    found ??
    fail(
      1168,
      `ERROR ( message:Cannot find ${kind.toUpperCase()} object with identifier "${identifierOf(call, kind)}". )`,
    )
  );
};

const list = (call: Call, kind: string): number => {
  const all: readonly Listed[] = listObjects(call.machine, kind) ?? refuseMember(`appcmd list ${kind}`);
  const wanted = call.identifier.toLowerCase();
  let found =
    wanted === ''
      ? all
      : all.filter(
          ({ name }) =>
            name.toLowerCase() === wanted || (kind === 'site' && all.length > 0 && name.toLowerCase() === wanted),
        );
  for (const [key, value] of call.options) {
    if (['text', 'config', 'xml'].includes(key)) continue;
    found = found.filter(({ attributes }) =>
      attributes.some(([name, one]) => name.toLowerCase() === key && one.toLowerCase() === value.toLowerCase()),
    );
  }
  const text = call.options.get('text');
  if (call.options.has('xml')) for (const line of writeObjects(found)) call.line(line);
  else if (call.options.has('config')) for (const { node } of found) writeNode(call, node);
  else
    for (const one of found) {
      if (text === undefined) call.line(one.line);
      else if (text === '*')
        for (const line of [one.kind, ...one.attributes.map(([name, value]) => `  ${name}:"${value}"`)])
          call.line(line);
      else call.line(textOf(call, one, text));
    }
  return found.length > 0 || wanted === '' ? 0 : 1;
};

const textOf = (call: Call, { attributes, node, kind }: Listed, name: string): string => {
  const found = attributes.find(([key]) => key.toLowerCase() === name.toLowerCase());
  if (found) return found[1];
  if (!node) return '';
  if (kind === 'APPPOOL') return poolSetting(node, poolDefaults(call.machine.web.viewConfig()), name);
  const steps = name.split('.');
  const leaf = steps.pop() ?? '';
  return settingOf(steps.reduce(elementOf, node), leaf);
};

/** `/processModel.identityType:SpecificUser` and `/[path='/'].physicalPath:…` as filters below an object. */
const settingsOf = (call: Call, base: Filter): { filter: Filter; name: string; value: string }[] =>
  [...call.options].flatMap(([key, value]) => {
    if (['commit', 'section', 'text', 'xml', 'config'].includes(key) || /^(site|app|vdir|apppool)\.name$/.test(key))
      return [];
    const steps: string[] = key.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [];
    const name = steps.pop() ?? '';
    const below = steps.map((step) =>
      step.startsWith('[')
        ? {
            name: base.steps.length === 1 && steps.indexOf(step) === 0 ? 'application' : 'virtualDirectory',
            tests: [...step.matchAll(/(\w+)='([^']*)'/g)].map(([, a = '', b = '']) => [a, b] as const),
          }
        : { name: step, tests: [] },
    );
    return [{ filter: { ...base, steps: [...base.steps, ...below] }, name, value }];
  });

const baseOf = (call: Call, kind: string, found: Listed): Filter => {
  const get = (name: string): string => found.attributes.find(([key]) => key === name)?.[1] ?? '';
  if (kind === 'apppool') return poolFilter(found.name);
  if (kind === 'site') return siteFilter(found.name);
  if (kind === 'app') return siteFilter(get('SITE.NAME'), get('path'));
  if (kind === 'vdir') {
    const [site = '', ...rest] = get('APP.NAME').split('/');
    return siteFilter(site, `/${rest.join('/')}`, get('path'));
  }
  return refuseMember(`appcmd set ${kind} ${call.identifier}`);
};

const setObject = function* (call: Call, kind: string): Generator<Held, number, unknown> {
  const found = find(call, kind);
  for (const { filter, name, value } of settingsOf(call, baseOf(call, kind, found))) {
    const text = /^password$/i.test(name) ? sealPassword(call.machine, value) : value;
    yield setValues(call.machine, { filter, place: server, pid: call.process.parentPid }, { [name]: text });
  }
  call.line(`${found.kind} object "${found.name}" changed`);
  return 0;
};

const addObject = function* (call: Call, kind: string): Generator<Held, number, unknown> {
  const { machine, options } = call;
  const pid = call.process.parentPid;
  const get = (name: string): string => options.get(name) ?? '';
  const content = {
    physicalPath: get('physicalpath'),
    ...(options.has('applicationpool') ? { pool: get('applicationpool') } : {}),
  };
  if (kind === 'apppool') yield addPool(machine, get('name'), pid);
  else if (kind === 'site') {
    const [protocol = 'http', binding = '*:80:'] = get('bindings').split('/');
    yield addSite(machine, { ...content, name: get('name'), protocol, binding }, pid);
  } else if (kind === 'app') yield addApplication(machine, get('site.name'), get('path'), content, pid);
  else if (kind === 'vdir') {
    const [site = '', ...rest] = get('app.name').split('/');
    yield addDirectory(machine, site, `/${rest.join('/')}`, get('path'), content, pid);
  } else return refuseMember(`appcmd add ${kind}`);
  call.line(
    `${kind.toUpperCase()} object "${get('name') || `${get('site.name')}${get('path')}` || get('path')}" added`,
  );
  return 0;
};

const switchObject = function* (call: Call, verb: string, kind: string): Generator<Held, number, unknown> {
  const { machine } = call;
  const pid = call.process.parentPid;
  const found = find(call, kind);
  const state = kind === 'site' ? machine.web.siteState(found.name) : machine.web.poolState(found.name);
  if (state === undefined) return fail(1062, failedCommand('80070426', 'The service has not been started.'));
  if (verb === 'recycle') {
    yield machine.web.recycle(found.name, pid);
    call.line(`"${found.name}" successfully recycled`);
    return 0;
  }
  const wanted = verb === 'start' ? 'Started' : 'Stopped';
  if (state === wanted)
    return fail(
      verb === 'start' ? 1056 : 1062,
      `ERROR ( message:The ${kind} "${found.name}" is already ${verb === 'start' ? 'started' : 'stopped'}. )`,
    );
  if (kind === 'site' && verb === 'start' && machine.web.hasConflict(found.name))
    return fail(183, failedCommand('800700b7', 'Cannot create a file when that file already exists.'));
  yield kind === 'site' ? machine.web.setSite(found.name, wanted, pid) : machine.web.setPool(found.name, wanted, pid);
  call.line(`"${found.name}" successfully ${verb === 'start' ? 'started' : 'stopped'}${kind === 'site' ? '.' : ''}`);
  return 0;
};

/** Cuts `name:value` at the first colon outside of brackets; names lose their case, what stands in brackets keeps it. */
const readOption = (text: string): [string, string] => {
  let depth = 0;
  let key = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '[') depth++;
    if (char === ']') depth--;
    if (char === ':' && depth === 0) return [key, text.slice(at + 1)];
    key += depth === 0 ? char.toLowerCase() : char;
  }
  return [key, ''];
};

const kinds: Readonly<Record<string, string>> = {
  sites: 'site',
  apps: 'app',
  vdirs: 'vdir',
  apppools: 'apppool',
  wps: 'wp',
  configs: 'config',
  backups: 'backup',
  application: 'app',
};

const route = function* (call: Call, verb: string, kind: string): Generator<Held, number, unknown> {
  if (kind === 'config') return yield* config(call, verb);
  if (kind === 'backup') return yield* backup(call, verb);
  switch (verb) {
    case 'list':
      return list(call, kind);
    case 'set':
      return yield* setObject(call, kind);
    case 'add':
      return yield* addObject(call, kind);
    case 'delete': {
      const found = find(call, kind);
      yield removeHostEntries(call.machine, baseOf(call, kind, found), call.process.parentPid);
      call.line(`${found.kind} object "${found.name}" deleted`);
      return 0;
    }
    case 'start':
    case 'stop':
    case 'recycle':
      return yield* switchObject(call, verb, kind);
    default:
      return refuseMember(`appcmd ${verb} ${kind}`);
  }
};

/** appcmd.exe: list, set, add, delete, start, stop, recycle of sites, applications, directories and pools; configuration; backups. */
export const appcmdProgram: WindowsProgram = {
  path: `${webPaths.programs}\\appcmd.exe`,
  isThere: (machine) => machine.files.exists(`${webPaths.programs}\\appcmd.exe`),
  isOnPath: false,
  *run(call) {
    const [verb = '', kind = '', ...rest] = call.args;
    const options = new Map<string, string>();
    let identifier = '';
    for (const arg of rest) {
      if (/^[/-]/.test(arg)) options.set(...readOption(arg.slice(1)));
      else identifier = arg;
    }
    const lower = kind.toLowerCase();
    try {
      return yield* route({ ...call, identifier, options }, verb.toLowerCase(), kinds[lower] ?? lower);
    } catch (error) {
      if (error instanceof AppcmdError) {
        call.line(error.message);
        return error.code;
      }
      if (error instanceof ConfigFault) {
        const { hresult, file, line, message } = error.error;
        call.line(`ERROR ( hresult:${(hresult >>> 0).toString(16)}, message:Configuration error`);
        call.line(`Filename: \\\\?\\${file}`);
        call.line(`Line Number: ${line ?? 0}`);
        call.line(`Description: ${message}`);
        call.line('. )');
        return hresult & 0xffff;
      }
      if (error instanceof Win32Fault) {
        call.line(
          `ERROR ( hresult:${((0x80070000 | error.code) >>> 0).toString(16)}, message:Command execution failed. )`,
        );
        return error.code;
      }
      throw error;
    }
  },
};
