import { describe, expect, test } from 'vitest';
import { unexpectedDifferences } from '../../../../src/lab/windows/allowed-differences.ts';

const file = (sizeBytes: number, more: object = {}): string =>
  JSON.stringify({ kind: 'file', sizeBytes, modified: `of ${sizeBytes}`, ...more, attributes: 0, sddl: 'O:SY' });

const ways = {
  new: [undefined, file(2)],
  gone: [file(1), undefined],
  grown: [file(1), file(2, { sha256: 'of 2' })],
  shrunk: [file(2), file(1)],
  'grown by another owner': [file(1), file(2).replace('O:SY', 'O:BA')],
  'written again': [file(2), file(2, { modified: 'later' })],
} as const;

/** A log is new, longer, or written to; never gone or shorter. */
const logWays = ['new', 'grown', 'written again'];

const allowedWays = (path: string): string[] =>
  Object.entries(ways).flatMap(([way, [before, after]]) =>
    unexpectedDifferences([{ path, before, after }]).length === 0 ? [way] : [],
  );

describe('what may differ after a rollback, and in which way', () => {
  test.each([
    ['file:C:\\ProgramData\\Kintsugi', logWays],
    ['file:c:\\programdata\\kintsugi\\ledger\\1.jsonl', logWays],
    ['file:C:\\Windows\\SoftwareDistribution.kintsugi-rejected-r1', ['new']],
    ['file:C:\\Windows\\SoftwareDistribution.kintsugi-rejected-r1\\Download', ['new']],
    ['restore:point:3', ['new']],
    ['shadow:{0F1E}', ['new']],
    ['file:C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex260101.log', logWays],
    ['file:C:\\inetpub\\history\\CFGHISTORY_0000000001\\applicationHost.config', ['new', 'gone']],
    ['file:C:\\WSUS\\WsusContent\\4F\\9A4F.cab', logWays],
    ['vss-writer:WMI Writer', ['gone']],
    ['file:C:\\Windows\\Logs\\CBS\\CBS.log', logWays],
    ['file:C:\\Windows\\Logs\\DISM\\dism.log', logWays],
    ['file:C:\\Windows\\SoftwareDistribution\\ReportingEvents.log', logWays],
  ])('%s: %j', (path, allowed) => {
    expect(allowedWays(path)).toEqual(allowed);
  });

  test.each([
    'file:C:\\ProgramData\\KintsugiOther',
    'file:D:\\ProgramData\\Kintsugi',
    'file:C:\\Windows\\SoftwareDistribution',
    'file:C:\\Windows\\SoftwareDistribution.kintsugi-aside-r1',
    'file:C:\\Windows\\Logs\\CBS\\CBS.log.bak',
    'file:C:\\Windows\\Logs\\CBS',
    'file:C:\\inetpub\\wwwroot\\logs',
    'file:C:\\Users\\hanako\\notes.txt',
    'restore:protected',
    'restore:point:x',
    'shadow:storage:C:',
    'task:\\Backup',
    'task:\\Kintsugi-r1-deadman-services',
    'defender:DisableRealtimeMonitoring',
    'component-store',
    'clock:skewMs',
    'power:boots',
    'service:BITS:state',
    'registry:HKEY_LOCAL_MACHINE\\SOFTWARE\\Kintsugi',
    'session:hanako',
  ])('%s: in none', (path) => {
    expect(allowedWays(path)).toEqual([]);
  });
});
