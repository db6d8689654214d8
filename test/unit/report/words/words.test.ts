import { describe, expect, it } from 'vitest';
import { endCauses, hostConditions, hostEnds } from '../../../../src/journal/event-data.ts';
import { causeSentences, reasonText, remedyText } from '../../../../src/report/words/causes.ts';
import { wordsOf } from '../../../../src/report/words/words.ts';
import { scenarios } from '../../hostrun/scenarios.ts';
import { blockedReport, hostOf, reportOf } from '../report-of.ts';

const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;
const jargon = /^[\x20-\x7e]*$/;

describe('the words of both languages', () => {
  it('every end and condition has a word in both languages', () => {
    for (const end of hostEnds) {
      expect(wordsOf('en').ends[end]).toMatch(jargon);
      expect(wordsOf('ja').ends[end]).toMatch(japanese);
    }
    for (const condition of hostConditions) expect(wordsOf('ja').conditions[condition]).toMatch(japanese);
  });

  it('no Japanese word was left in English, and no English one in Japanese', () => {
    const plain = (language: 'en' | 'ja') =>
      Object.entries(wordsOf(language)).flatMap(([name, value]) =>
        typeof value === 'string' && name !== 'language' ? [value] : [],
      );
    for (const word of plain('ja')) expect(word).toMatch(japanese);
    for (const word of plain('en')) expect(word).toMatch(jargon);
  });

  it('words with figures say them', () => {
    expect(wordsOf('en').asBefore(2, 3)).toBe('as before: 2 of 3 facts');
    expect(wordsOf('en').asBefore(0, 0)).toBe('nothing compared: no step names a fact');
    expect(wordsOf('ja').asBefore(0, 0)).toMatch(/^比較なし/);
    expect([wordsOf('en').facts(1), wordsOf('en').facts(41), wordsOf('ja').facts(41)]).toEqual([
      '1 fact',
      '41 facts',
      '41 項目',
    ]);
    expect(wordsOf('en').staysBy('a')).toBe('a change of a stays');
    expect(wordsOf('ja').staysBy('a')).toBe('a の変更が残るため');
    expect(wordsOf('ja').asBefore(2, 3)).toBe('実行前と同じ: 3 項目中 2 項目');
    expect([wordsOf('en').reboots(1), wordsOf('en').reboots(2)]).toEqual(['1 restart', '2 restarts']);
    expect([wordsOf('en').attempts(1), wordsOf('en').attempts(2)]).toEqual(['1 attempt', '2 attempts']);
    expect(wordsOf('en').chain(4, false)).toContain('BROKEN');
    expect(wordsOf('ja').chain(4, false)).toContain('破損');
    expect(wordsOf('ja').position('apply.ps1', 12)).toBe('apply.ps1 12 行目');
    expect(wordsOf('en').position('apply.ps1', null)).toBe('apply.ps1');
  });
});

describe('causes of ends', () => {
  it('every cause that the engine can name has a sentence in both languages, and no other one has', () => {
    expect(Object.keys(causeSentences).toSorted()).toEqual([...endCauses].toSorted());
    for (const { en, ja } of Object.values(causeSentences)) {
      expect(en).toMatch(/^[A-Z].*\.$/);
      expect(ja).toMatch(/^\S.*。$/);
      expect(ja).toMatch(japanese);
    }
  });

  it.each(scenarios)('the cause of this end is in the table: $name', async ({ name }) => {
    const { end } = hostOf(await reportOf(name));
    expect(causeSentences).toHaveProperty([end?.cause ?? 'none']);
  });

  it('English shows the detail, Japanese the sentence and the detail', () => {
    expect(reasonText('preflight', 'restart pending', 'en')).toBe('restart pending');
    expect(reasonText('preflight', 'restart pending', 'ja')).toBe('事前確認に合格しませんでした。(restart pending)');
    expect(reasonText('preflight', '', 'en')).toBe('A preflight check did not pass.');
    expect(reasonText('preflight', '', 'ja')).toBe('事前確認に合格しませんでした。');
  });

  it('a cause of another version is shown by its detail alone', () => {
    const unknown = 'of-a-later-version' as 'preflight';
    expect(reasonText(unknown, 'something new', 'ja')).toBe('something new');
  });

  it('a remedy is told in both languages, and only where there is one', async () => {
    const end = hostOf(await blockedReport()).end;
    if (end === null) throw new Error('an end is expected');
    const advised = { ...end, remedy: 'restart it' };
    expect(remedyText(advised, 'en')).toBe('restart it');
    expect(remedyText(advised, 'ja')).toBe('原因を取り除いてから、もう一度実行してください。(restart it)');
    expect(remedyText({ ...end, remedy: '' }, 'ja')).toBe('');
    expect(remedyText({ ...advised, cause: 'goal-holds' }, 'ja')).toBe('restart it');
  });
});
