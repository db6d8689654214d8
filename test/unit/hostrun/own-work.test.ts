import { describe, expect, it } from 'vitest';
import { noteCommandFailed, noteFailed } from '../../../src/hostrun/absorb/work.ts';
import { resume } from '../../../src/hostrun/chapters/resume.ts';
import { defaultLimits } from '../../../src/hostrun/limits.ts';
import { initialState } from '../../../src/hostrun/state.ts';
import { planFor } from './plan-for.ts';

const plan = planFor({ stages: [[{ id: 'a' }]] });
const initial = { ...initialState(plan, 'pc1', defaultLimits), connected: true };

it('A restore point that a former attempt has begun is waited for as long as one may take, not as long as the steps.', () => {
  const reading = {
    standing: 'whole',
    detail: '',
    records: 2,
    ledger: null,
    claimed: false,
    unended: { step: '(protect)', seq: 2 },
    inDoubt: false,
    outcome: null,
    undoneByHost: false,
  } as const;
  const waited = { reason: 'former-attempt', sinceMs: 0, count: 9 } as const;
  const state = { ...initial, touched: true, token: 1, reading, former: 'alive', waited } as const;
  const after = (minutes: number) => resume(state, minutes * 60_000)?.commands[0]?.kind;
  expect(after(15)).toBe('wait');
  expect(after(60)).toBe('record');
});

describe("the kit's folder, where it fails its check before the claim is sought", () => {
  const fault = {
    code: 'script-error',
    message: 'it is a link',
    fqid: 'KtTampered',
    hresult: null,
    script: '',
    line: null,
  };
  const tampered = { end: 'blocked', host: 'untouched', cause: 'kit-folder-tampered', reason: 'it is a link' };

  it('blocks by its own name when a survey in the system lane finds out', () => {
    const { outcome } = noteFailed(initial, { step: 'a', during: 'survey', fault, changes: [] });
    expect(outcome).toMatchObject(tampered);
  });

  it('blocks by its own name when a check, the goal or the kit itself finds out', () => {
    const check = noteCommandFailed(initial, { command: 'checkGoal', subject: 'goal', fault });
    const kit = { ...fault, code: 'kit-folder-tampered', fqid: '' };
    const ledger = noteCommandFailed(initial, { command: 'readLedger', subject: '', fault: kit });
    expect([check.outcome, ledger.outcome]).toMatchObject([tampered, tampered]);
  });
});
