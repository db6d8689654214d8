import { describe, expect, test } from 'vitest';
import { differences, recordedGroups } from './recorded-cases.ts';

/** Cases that pass; this number only rises. */
const floor = 303;

describe('the recorded language cases', () => {
  const passed: string[] = [];
  let total = 0;

  for (const [group, cases] of recordedGroups()) {
    test(`${group}: what real PowerShell gave`, async () => {
      const failed: string[] = [];
      for (const one of cases) {
        total++;
        const found = await differences(one);
        if (found.length === 0) passed.push(one.id);
        else failed.push(`${one.title}: ${found.join('; ')}`);
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
