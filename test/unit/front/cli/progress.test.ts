import { describe, expect, it } from 'vitest';
import { showProgress } from '../../../../src/front/cli/progress.ts';
import { progressText } from '../../../../src/front/cli/progress-line.ts';
import type { JournalEvent } from '../../../../src/journal/event.ts';
import { emptyHead, sealEvent } from '../../../../src/journal/hash-chain.ts';
import { textWidth } from '../../../../src/report/table.ts';
import { scenarios } from '../../hostrun/scenarios.ts';
import { tellStory } from '../../hostrun/simulate.ts';
import { fakeTerminal, screenAfter } from './fake-terminal.ts';

const at = Date.parse('2026-11-21T01:02:03Z');
const sealed = (host: string, body: Parameters<typeof sealEvent>[3]): JournalEvent =>
  sealEvent({ run: 'r', host }, emptyHead, at, body);
const begun = (host: string, step: string) => sealed(host, { kind: 'stepBegun', data: { step, attempt: 1 } });
const refused = sealed('*', { kind: 'workRefused', data: { what: 'order', reason: 'no trusted key' } });

describe('what an event means to somebody who watches', () => {
  const end = {
    end: 'blocked',
    host: 'untouched',
    rebootOwed: false,
    cause: 'preflight',
    reason: 'no space',
    remedy: '',
  } as const;
  const fault = { code: 'unreachable', message: 'no route', fqid: '', hresult: null, script: '', line: null };
  it.each<[Parameters<typeof sealEvent>[3], string, string]>([
    [{ kind: 'hostRunEnded', data: end }, 'blocked: no space', '実行不可: 事前確認に合格しませんでした。(no space)'],
    [
      { kind: 'connectionFailed', data: { during: 'connect', fault } },
      'no connection: no route',
      '接続できません: no route',
    ],
    [
      { kind: 'waitBegun', data: { reason: 'reboot', ms: 65_000, detail: '' } },
      'waiting 1 min 05 s for the restart',
      '再起動を待っています(1 min 05 s)',
    ],
    [{ kind: 'stepSkipped', data: { step: 'a', because: 'condition', reason: '' } }, 'a: not wanted here', 'a: 対象外'],
    [
      { kind: 'stepSkipped', data: { step: 'a', because: 'not-possible', reason: '' } },
      'a: not possible now',
      'a: 今は実行できません',
    ],
    [
      { kind: 'stepStillRunning', data: { step: 'a', task: 't', heartbeatAgeMs: 1, lastLine: '40 %' } },
      'a: 40 %',
      'a: 40 %',
    ],
    [
      { kind: 'stepStillRunning', data: { step: 'a', task: 't', heartbeatAgeMs: 1, lastLine: '' } },
      'a: at work',
      'a: 実行中',
    ],
    [
      { kind: 'stepVerified', data: { step: 'a', ok: false, reason: 'still old', facts: null, final: false } },
      'a: failed: still old',
      'a: 失敗: still old',
    ],
    [
      { kind: 'stepFailed', data: { step: 'a', during: 'apply', fault, changes: [] } },
      'a: failed: no route',
      'a: 失敗: no route',
    ],
    [{ kind: 'stepInterrupted', data: { step: 'a' } }, 'a: interrupted', 'a: 中断'],
    [
      { kind: 'budgetExhausted', data: { budget: 'failed', limit: 1, count: 2 } },
      'budget used up (2 of at most 1): no further host begins',
      '失敗の許容数に達しました(2 件、上限 1 件)。以降のホストは開始しません',
    ],
    [
      { kind: 'orderGiven', data: { order: 'rollback', mode: null, orderedBy: 'ops' } },
      'rollback ordered by ops',
      'ops がロールバックを指示しました',
    ],
    [{ kind: 'batchStarted', data: { batch: 0, hosts: ['a', 'b'] } }, 'batch 1: a, b', 'バッチ 1: a, b'],
    [{ kind: 'undoFailed', data: { step: null, fault } }, 'Rollback: failed: no route', 'ロールバック: 失敗: no route'],
    [
      { kind: 'undoBegun', data: { cause: 'cancel', step: null, reason: 'Cancelled by ops.' } },
      'undoing: Cancelled by ops.',
      '元に戻しています: 実行が中止されました。(Cancelled by ops.)',
    ],
    [
      {
        kind: 'protectionMade',
        data: { method: 'shadow-copy', id: '{1}', proof: null, enabledSystemProtection: false },
      },
      'protected by: shadow copy {1}',
      '保護: シャドウコピー {1}',
    ],
    [
      { kind: 'goalChecked', data: { stage: 0, ok: false, reason: 'no scan', checks: [] } },
      'goal does not hold yet: no scan',
      '目標は未達成: no scan',
    ],
    [
      { kind: 'attemptStarted', data: { attempt: 2, worker: 'w', owner: 'o' } },
      'goes on (attempt 2)',
      '引き継ぎました(試行 2 回目)',
    ],
    [{ kind: 'cancelOrdered', data: { mode: null, orderedBy: 'ops' } }, 'cancel ordered', '中止が指示されました'],
  ])('%j', (body, english, japanese) => {
    const event = sealed('h', body);
    expect(progressText(event, 'en')).toBe(english);
    expect(progressText(event, 'ja')).toBe(japanese);
  });

  it.each<Parameters<typeof sealEvent>[3]>([
    { kind: 'attemptStarted', data: { attempt: 1, worker: 'w', owner: 'o' } },
    { kind: 'hostChecked', data: { check: 'c', ok: true, reason: '', facts: null } },
    { kind: 'claimTaken', data: { token: 1 } },
    { kind: 'stepDetected', data: { step: 'a', needed: true, possible: true, reason: '', facts: null } },
  ])('nothing for %j', (body) => expect(progressText(sealed('h', body), 'en')).toBeNull());

  it.each(scenarios)('no line of this story lacks a word: $name', async (scenario) => {
    const { events } = await tellStory({ ...scenario, world: scenario.world() });
    for (const language of ['en', 'ja'] as const) {
      const lines = events.map((event) => progressText(event, language)).filter((line) => line !== null);
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.join('\n')).not.toMatch(/undefined|null|\[object/);
    }
  });
});

describe('progress where standard output is no terminal', () => {
  it('is one plain line per event, hosts aligned, the run itself without a name', () => {
    const terminal = fakeTerminal();
    const show = showProgress(terminal, ['web01', 'db']);
    show(begun('web01', 'reset'));
    show(begun('db', 'reset'));
    show(sealed('db', { kind: 'claimTaken', data: { token: 1 } }));
    show(refused);
    expect(terminal.printed).toEqual([
      '01:02:03  web01  reset: begun',
      '01:02:03  db     reset: begun',
      '01:02:03         refused: no trusted key',
    ]);
    expect(terminal.drawn).toEqual([]);
  });

  it('a text of a host stays one line and does not steer the reader', () => {
    const terminal = fakeTerminal();
    const fault = { code: 'x', message: 'one\n\u001b[2Jtwo', fqid: '', hresult: null, script: '', line: null };
    showProgress(terminal, ['a'])(sealed('a', { kind: 'connectionFailed', data: { during: 'connect', fault } }));
    expect(terminal.printed).toEqual(['01:02:03  a     no connection: one \ufffd[2Jtwo']);
  });
});

describe('progress in a terminal', () => {
  it('is one line per host, redrawn in place', () => {
    const terminal = fakeTerminal({ live: true });
    const show = showProgress(terminal, ['web01', 'db']);
    expect(screenAfter(terminal.drawn)).toEqual(['web01  …', 'db     …']);
    show(begun('db', 'reset'));
    show(begun('web01', 'scan'));
    show(begun('db', 'scan'));
    expect(screenAfter(terminal.drawn)).toEqual(['web01  scan: begun', 'db     scan: begun']);
    expect(terminal.printed).toEqual([]);
  });

  it('keeps what concerns the whole run above the hosts', () => {
    const terminal = fakeTerminal({ live: true });
    const show = showProgress(terminal, ['web01', 'db']);
    show(begun('db', 'reset'));
    show(refused);
    show(begun('web01', 'scan'));
    expect(screenAfter(terminal.drawn)).toEqual([
      '01:02:03         refused: no trusted key',
      'web01  scan: begun',
      'db     reset: begun',
    ]);
  });

  it('never draws a line that would wrap, in either script', () => {
    const terminal = fakeTerminal({ live: true, columns: 24, language: 'ja' });
    const show = showProgress(terminal, ['本社', 'db']);
    show(sealed('本社', { kind: 'hostCaptured', data: { facts: {} } }));
    show(begun('db', 'a-step-with-a-very-long-name'));
    const screen = screenAfter(terminal.drawn);
    expect(screen.map(textWidth).every((width) => width <= 23)).toBe(true);
    expect(screen).toEqual(['本社  変更前の状態を記…', 'db    a-step-with-a-ve…']);
  });

  it('more hosts than a screen holds are told as plain lines', () => {
    const terminal = fakeTerminal({ live: true });
    showProgress(
      terminal,
      Array.from({ length: 31 }, (_, index) => `h${index}`),
    )(begun('h3', 'reset'));
    expect(terminal.drawn).toEqual([]);
    expect(terminal.printed).toEqual(['01:02:03  h3    reset: begun']);
  });
});
