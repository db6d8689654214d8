import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/lab/windows/machine/change-feed.ts';
import type { LedgerRecord } from '../../../src/remote/powershell/host-kit.ts';
import { repeated, standing, unaccounted } from '../../helpers/change-timeline.ts';

const change = (kind: string, target: string): Change => ({ n: 1, kind, target, before: 'a', after: 'b', pid: 8 });
const place = { at: '2026-11-21T00:00:00Z', journalHead: '', prev: '', hash: '' };
const before = (seq: number, token: number, target: string, name = 'service-state'): LedgerRecord => ({
  ...place,
  seq,
  token,
  kind: 'before',
  data: { step: 's', change: name, target, before: { state: 'Running' } },
});
const undone = (seq: number, of: number): LedgerRecord => ({
  ...place,
  seq,
  token: 1,
  kind: 'undone',
  data: { of, ok: true },
});

describe('the comparison of a host with its ledger', () => {
  it('finds nothing where every change was announced, made once and undone once', () => {
    const changes = [change('service.stop', 'BITS'), change('service.start', 'BITS')];
    const records = [before(1, 1, 'BITS'), undone(2, 1)];
    expect(unaccounted(changes, records)).toEqual([]);
    expect(repeated(records)).toEqual([]);
    expect(standing(records)).toEqual([]);
  });

  it('finds a change that was made twice, and one that nobody announced', () => {
    const twice = [change('service.stop', 'BITS'), change('service.stop', 'BITS')];
    expect(unaccounted(twice, [before(1, 1, 'BITS')])).toHaveLength(1);
    expect(unaccounted([change('file.delete', 'C:\\x')], [before(1, 1, 'BITS')])).toHaveLength(1);
  });

  it('knows a registry value by both spellings of its key', () => {
    const record = before(1, 1, 'HKLM:\\SOFTWARE\\A:B', 'registry-value');
    const made = change('registry.set', 'HKEY_LOCAL_MACHINE\\SOFTWARE\\A:B');
    expect(unaccounted([made], [record])).toEqual([]);
    expect(unaccounted([made, made], [record])).toHaveLength(1);
  });

  it('finds a change that a later attempt records again while the first stands, not one that was undone between', () => {
    expect(repeated([before(1, 1, 'BITS'), before(2, 2, 'BITS')])).toHaveLength(1);
    expect(repeated([before(1, 1, 'BITS'), undone(2, 1), before(3, 2, 'BITS')])).toEqual([]);
    expect(standing([before(1, 1, 'BITS'), undone(2, 1), before(3, 2, 'BITS')])).toEqual(['s service-state BITS']);
  });
});
