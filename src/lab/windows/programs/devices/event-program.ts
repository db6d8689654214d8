import type { EventRecord } from '../../machine/event-log.ts';
import { absolutePath } from '../../machine/files/paths.ts';
import { eventXml } from '../../types/event-record.ts';
import { refuseMember } from '../../types/outside.ts';
import type { WindowsProgram } from '../program.ts';

/** Codes of wevtutil: the channel is unknown, the file is there already, a folder on the way is not there. */
const codes = { unknownChannel: 15_007, fileExists: 80, pathNotFound: 3, invalid: 87 } as const;

/** What a query of event logs asks for: ids, levels, a provider, an age. */
const readFilter = (query: string, nowMs: number): ((record: EventRecord) => boolean) => {
  const inner = /^\*(?:\[System\[(?<terms>.*)\]\])?$/s.exec(query.trim())?.groups;
  if (!inner) return refuseMember(`the event query ${query}`);
  const terms = inner['terms'] ?? '';
  const ids = [...terms.matchAll(/EventID\s*=\s*(\d+)/g)].map((match) => Number(match[1]));
  const levels = [...terms.matchAll(/\bLevel\s*=\s*(\d+)/g)].map((match) => Number(match[1]));
  const provider = /Provider\[@Name=['"]([^'"]+)['"]/.exec(terms)?.[1];
  const age = /timediff\(@SystemTime\)\s*<=\s*(\d+)/.exec(terms)?.[1];
  const rest = terms.replace(
    /EventID\s*=\s*\d+|\bLevel\s*=\s*\d+|Provider\[@Name=['"][^'"]+['"]\]|TimeCreated\[timediff\(@SystemTime\)\s*<=\s*\d+\]|\band\b|\bor\b|[()\s]/g,
    '',
  );
  if (rest !== '') return refuseMember(`the event query ${query}`);
  return (record) =>
    (ids.length === 0 || ids.includes(record.id)) &&
    (levels.length === 0 || levels.includes(record.level)) &&
    (provider === undefined || provider.toLowerCase() === record.provider.toLowerCase()) &&
    (age === undefined || nowMs - record.timeMs <= Number(age));
};

/** wevtutil.exe: el, gl, gli, qe (as XML), epl. Options as `/name:value`. */
export const eventProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\wevtutil.exe',
  *run({ machine, process, args, line, errorLine }) {
    const [verb = '', log = '', target = ''] = args;
    const option = (...names: readonly string[]): string | undefined => {
      const found = args.find((arg) => names.some((name) => arg.toLowerCase().startsWith(`/${name}:`)));
      return found?.slice(found.indexOf(':') + 1).replace(/^"|"$/g, '');
    };
    const does = (...names: readonly string[]): boolean => names.includes(verb.toLowerCase());
    if (does('el', 'enum-logs')) {
      for (const name of machine.events.names()) line(name);
      return 0;
    }
    if (!does('gl', 'get-log', 'gli', 'get-log-info', 'qe', 'query-events', 'epl', 'export-log')) return codes.invalid;
    const records = machine.events.records(log);
    if (!records) {
      errorLine('The specified channel could not be found.');
      return codes.unknownChannel;
    }
    if (does('gl', 'get-log')) {
      line(`name: ${log}`);
      line('enabled: true');
      line(`type: ${log.includes('/') ? 'Operational' : 'Admin'}`);
      return 0;
    }
    if (does('gli', 'get-log-info')) {
      line(`numberOfLogRecords: ${records.length}`);
      line(`oldestRecordNumber: ${records[0]?.recordId ?? 0}`);
      return 0;
    }
    const found = records.filter(readFilter(option('q', 'query') ?? '*', machine.clock.wallMs()));
    if (does('qe', 'query-events')) {
      const wanted = /^true$/i.test(option('rd', 'reversedirection') ?? '') ? found.toReversed() : found;
      for (const record of wanted.slice(0, Number(option('c', 'count') ?? wanted.length))) line(eventXml(record));
      return 0;
    }
    const path = absolutePath(target);
    if (machine.files.exists(path) && !/^true$/i.test(option('ow', 'overwrite') ?? '')) {
      errorLine('The file exists.');
      return codes.fileExists;
    }
    if (!machine.files.find(path.slice(0, path.lastIndexOf('\\')))?.isFolder) {
      errorLine('The system cannot find the path specified.');
      return codes.pathNotFound;
    }
    const text = `ElfFile\u0000\n${found.map(eventXml).join('\n')}`;
    yield machine.files.write(path, Buffer.from(text), process.parentPid);
    return 0;
  },
};
