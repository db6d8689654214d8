import type { Held } from '../../machine/change-feed.ts';
import { addBackup, backupsOf, removeBackup, restoreBackup } from '../../machine/web/config-backup.ts';
import { settingOf } from '../../machine/web/config-engine.ts';
import {
  addEntry,
  clearSection,
  readFiltered,
  removeEntries,
  setLock,
  setValues,
} from '../../machine/web/config-filter.ts';
import { type Filter, readFilter } from '../../machine/web/filter-text.ts';
import { refuseMember } from '../../types/outside.ts';
import { type Call, fail, scopeOf, writeNode } from './appcmd-call.ts';

const sectionOf = (call: Call): Filter => {
  const name = call.options.get('section') ?? fail(87, 'ERROR ( message:The parameter "section" must be specified. )');
  return (
    readFilter(name) ??
    readFilter(`//${name}`) ??
    fail(1168, `ERROR ( message:Unknown config section "${name}". Replace with ? for help. )`)
  );
};

/** Calls about the configuration. */
export const config = function* (call: Call, verb: string): Generator<Held, number, unknown> {
  const filter = sectionOf(call);
  const { machine } = call;
  const pid = call.process.parentPid;
  const scope = scopeOf(call.identifier);
  const isHost = (call.options.get('commit') ?? '').toLowerCase() === 'apphost';
  const place = isHost ? { scope: {}, location: scope } : { scope, location: {} };
  const shown = `"${filter.section}"`;
  const at = call.identifier === '' ? 'MACHINE/WEBROOT/APPHOST' : `MACHINE/WEBROOT/APPHOST/${call.identifier}`;
  switch (verb) {
    case 'list': {
      const { section } = readFiltered(machine, filter, place);
      if (call.options.has('text'))
        call.line(
          call.options.get('text') === '*' ? filter.section : settingOf(section, call.options.get('text') ?? ''),
        );
      else writeNode(call, section);
      return 0;
    }
    case 'unlock':
    case 'lock':
      yield setLock(machine, filter.section, scope, verb === 'lock' ? 'Deny' : 'Allow', pid);
      call.line(`${verb === 'lock' ? 'Locked' : 'Unlocked'} section ${shown} at configuration path "${at}".`);
      return 0;
    case 'clear':
    case 'reset':
      yield clearSection(machine, { filter, place, pid });
      call.line(`Cleared local configuration section ${shown} from configuration path "${at}".`);
      return 0;
    case 'set': {
      for (const [key, value] of call.options) {
        if (key === 'section' || key === 'commit') continue;
        const entry = /^([+-])(?:(\w+)\.)?\[(.*)\]$/.exec(key);
        const tests = [...(entry?.[3] ?? '').matchAll(/(\w+)='([^']*)'/g)].map(([, a = '', b = '']) => [a, b] as const);
        const inner = entry?.[2] === undefined ? filter : { ...filter, steps: [{ name: entry[2], tests: [] }] };
        if (entry?.[1] === '+') yield addEntry(machine, { filter: inner, place, pid }, Object.fromEntries(tests));
        else if (entry?.[1] === '-') {
          const name = readFiltered(machine, inner, place).found[0]?.schema.entries?.name ?? 'add';
          yield removeEntries(machine, { filter: { ...inner, steps: [...inner.steps, { name, tests }] }, place, pid });
        } else {
          const steps = key.split('.');
          const name = steps.pop() ?? '';
          yield setValues(
            machine,
            { filter: { ...filter, steps: steps.map((step) => ({ name: step, tests: [] })) }, place, pid },
            { [name]: value },
          );
        }
      }
      call.line(
        `Applied configuration changes to section ${shown} for "${at}" at configuration commit path "${isHost || scope.site === undefined ? 'MACHINE/WEBROOT/APPHOST' : at}"`,
      );
      return 0;
    }
    default:
      return refuseMember(`appcmd ${verb} config`);
  }
};

/** Calls about backups. */
export const backup = function* (call: Call, verb: string): Generator<Held, number, unknown> {
  const { machine } = call;
  const pid = call.process.parentPid;
  const name = call.identifier;
  const isThere = backupsOf(machine).some((one) => one.name.toLowerCase() === name.toLowerCase());
  if (verb === 'list') {
    for (const one of backupsOf(machine))
      if (name === '' || one.name.toLowerCase() === name.toLowerCase()) call.line(`BACKUP "${one.name}"`);
    return name === '' || isThere ? 0 : 1;
  }
  if (verb === 'add') {
    if (isThere) return fail(183, `ERROR ( message:Backup with name "${name}" already exists. )`);
    const day = new Date(machine.clock.wallMs())
      .toISOString()
      .replace(/[-:]/g, '')
      .replace(/T(\d+).*/, 'T$1');
    const chosen = name === '' ? day : name;
    yield addBackup(machine, chosen, pid);
    call.line(`BACKUP object "${chosen}" added`);
    return 0;
  }
  if (!isThere) return fail(1168, `ERROR ( message:Cannot find BACKUP object with identifier "${name}". )`);
  if (verb === 'restore') {
    yield restoreBackup(machine, name, pid);
    call.line(`Restored configuration from backup "${name}"`);
    return 0;
  }
  yield removeBackup(machine, name, pid);
  call.line(`BACKUP object "${name}" deleted`);
  return 0;
};
