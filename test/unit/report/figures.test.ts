import { describe, expect, it } from 'vitest';
import { bytesText, changeCounts, durationText, localText, stageText } from '../../../src/report/figures.ts';
import { blockedReport, hostOf, reportOf } from './report-of.ts';

describe('figures', () => {
  it.each([
    [null, '-'],
    [0, '0.0 s'],
    [12_449, '12.4 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 00 s'],
    [200_000, '3 min 20 s'],
    [3_599_400, '59 min 59 s'],
    [3_599_600, '1 h 00 min'],
    [3_840_000, '1 h 04 min'],
    [90_000_000, '25 h 00 min'],
  ])('%s milliseconds are shown as %s', (ms, text) => expect(durationText(ms)).toBe(text));

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KB'],
    [4 * 2 ** 30, '4.0 GB'],
    [0.6 * 2 ** 30, '614.4 MB'],
    [5000 * 2 ** 40, '5000.0 TB'],
  ])('%s bytes are shown as %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));

  it('a text without a translation is shown in English', () => {
    expect(localText({ en: 'Reset', ja: 'リセット' }, 'ja')).toBe('リセット');
    expect(localText({ en: 'Reset' }, 'ja')).toBe('Reset');
    expect(localText({ en: 'Reset', ja: 'リセット' }, 'en')).toBe('Reset');
  });

  it('changes made and undone, and stages reached, are counted', async () => {
    const failed = hostOf(await reportOf('a step fails in the middle of its changes'));
    expect(changeCounts(failed)).toEqual({ made: 7, undone: 7 });
    expect(stageText(failed)).toBe('2/2');
    const blocked = hostOf(await blockedReport());
    expect(changeCounts(blocked)).toEqual({ made: 0, undone: 0 });
    expect(stageText(blocked)).toBe('-');
  });
});
