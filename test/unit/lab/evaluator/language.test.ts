import { describe, expect, test } from 'vitest';
import { readRecordings } from '../../../conformance/corpus.ts';
import { judgeScript, type RecordedScript } from '../../../conformance/language/judge-script.ts';
import { ownCorpus, ownDifferences } from '../../../conformance/own-corpus.ts';

/** Cases that pass; this number only rises. */
const floor = 303;

describe('the recorded language cases', () => {
  const passed: string[] = [];
  let total = 0;

  for (const [group, cases] of readRecordings<RecordedScript>(ownCorpus, 'language')) {
    test(`${group}: what real PowerShell gave`, async () => {
      const failed: string[] = [];
      for (const one of cases) {
        total++;
        const { differences } = await judgeScript(one);
        if (differences.length === 0) passed.push(one.id);
        else failed.push(`${one.title}: ${differences.join('; ')}`);
      }
      console.log(`${group} ${cases.length - failed.length}/${cases.length}`);
      expect(failed).toEqual([]);
    });
  }

  test('no case that once passed is lost', () => {
    console.log(`language ${passed.length}/${total}`);
    expect(total).toBe(303);
    expect(passed.length).toBeGreaterThanOrEqual(floor);
  });
});

describe('cases in which the evaluator once differed from a real PowerShell', () => {
  for (const [group, cases] of readRecordings<RecordedScript>(ownDifferences, 'language')) {
    test(`${group}: gives what it gave`, async () => {
      const failed: string[] = [];
      for (const one of cases) {
        const { differences } = await judgeScript(one);
        if (differences.length > 0) failed.push(`${one.id} (${one.title}): ${differences.join('; ')}`);
      }
      expect(failed).toEqual([]);
      expect(cases.length).toBeGreaterThan(0);
    });
  }
});
