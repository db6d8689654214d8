import { describe, expect, it } from 'vitest';
import type { LintReport } from '../../../../../src/operations/lint.ts';
import { runWith } from '../fake-services.ts';

const finding: LintReport['findings'][number] = {
  rule: 'change-past-kit',
  severity: 'error',
  file: 'a/apply.ps1',
  line: 3,
  column: 1,
  text: 'Stop-Service bits',
  message: { en: 'it changes', ja: '変更します' },
  remedy: { en: 'use the kit', ja: 'キットを使う' },
  allowed: null,
};

const report = (findings: LintReport['findings']): LintReport => ({
  actions: [{ action: 'own/a', grade: 'F', causes: ['change-past-kit (apply.ps1:3)'] }],
  playbooks: [
    {
      playbook: 'own/p',
      grade: 'B',
      steps: [
        { step: 'clock', uses: 'own/clock', grade: 'B', causes: ['clock'], reason: { en: 'It stays', ja: '残る' } },
      ],
    },
  ],
  findings,
});

const run = async (findings: LintReport['findings'], ...args: readonly string[]) => {
  const asked: string[][] = [];
  const services = {
    lint: async (names: readonly string[]) => {
      asked.push([...names]);
      return report(findings);
    },
    lintSarif: () => ({ version: '2.1.0' }),
  };
  return { ...(await runWith(['lint', ...args], services)), asked };
};

describe('lint', () => {
  it('shows each finding with place, line and remedy, grades with their reasons, and a count; 1 where one counts', async () => {
    const { code, out, asked } = await run([finding]);
    expect(asked).toEqual([['.']]);
    expect(code).toBe(1);
    expect(out).toBe(`a/apply.ps1:3:1: error change-past-kit: it changes
     3 | Stop-Service bits
  use the kit
own/a: grade F (change-past-kit (apply.ps1:3))
own/p: grade B
  clock: B (It stays)
1 action: 1 error, 0 warnings, 0 allowed`);
  });

  it('lists what is allowed with the reason, and that does not count, nor does a note', async () => {
    const allowed = await run([{ ...finding, allowed: 'so it is' }], 'own/p');
    expect(allowed).toMatchObject({ code: 0, asked: [['own/p']] });
    expect(allowed.out).toContain('Allowed:\n  a/apply.ps1:3: change-past-kit -- so it is');
    expect((await run([{ ...finding, severity: 'note' }])).code).toBe(0);
    expect((await run([{ ...finding, severity: 'warning' }])).code).toBe(1);
  });

  it('speaks Japanese, JSON and SARIF', async () => {
    expect((await run([finding], '--lang', 'ja')).out).toMatch(
      /エラー change-past-kit: 変更します\n.*\n {2}キットを使う/,
    );
    const json = await run([finding], '--json');
    expect(JSON.parse(json.out)).toEqual(report([finding]));
    expect((await run([finding], '--format', 'json')).out).toBe(json.out);
    const sarif = await run([finding], '--format', 'sarif');
    expect(sarif.code).toBe(1);
    expect(JSON.parse(sarif.out)).toEqual({ version: '2.1.0' });
  });
});
