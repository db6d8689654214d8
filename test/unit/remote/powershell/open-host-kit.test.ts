import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { Failure } from '../../../../src/kernel/failure.ts';
import type { ScriptCall } from '../../../../src/remote/powershell/host-kit.ts';
import { joinHostKit } from '../../../../src/remote/powershell/host-kit-text.ts';
import { openHostKit } from '../../../../src/remote/powershell/open-host-kit.ts';
import type { RemoteCall, RemoteShell } from '../../../../src/remote/powershell/remote-shell.ts';

const kit = joinHostKit(
  new Map([
    ['90-door.ps1', 'function Invoke-KtDoor { }\r\n'],
    ['00-probe.ps1', 'function Get-KtProbe { }\r\n'],
  ]),
);

const probe = {
  languageMode: 'FullLanguage',
  version: '5.1.22621.1',
  executionPolicy: 'AllSigned',
  machineId: 'm-1',
  computerName: 'PC1',
  build: 22631,
  ubr: 3,
  productType: 1,
  caption: 'Windows 11',
  uiLanguage: 'ja-JP',
  uptimeMs: 5000,
  freeBytes: 10,
  sizeBytes: 100,
};

/** A session that answers the kit's doors from a table and remembers what it was asked. */
function sessionWith(doors: Record<string, (given: Record<string, unknown>) => unknown>, first: object = probe) {
  const calls: RemoteCall[] = [];
  const limits: (number | undefined)[] = [];
  const info = { host: 'pc1', shellId: 's-1', transport: 'winrm', mechanism: 'negotiate', sealed: true } as const;
  const shell: RemoteShell = {
    info,
    exhausted: false,
    describe: async () => info,
    async invoke(call, options) {
      calls.push(call);
      limits.push(options?.timeoutMs);
      const output: unknown[] = [];
      if (call.kind === 'command' && call.name === 'Get-KtProbe') output.push(JSON.stringify(first));
      if (call.kind === 'command' && call.name === 'Invoke-KtDoor') {
        const { Name, With } = { Name: '', With: {}, ...call.parameters };
        output.push(JSON.stringify(doors[String(Name)]?.({ ...With }) ?? { ok: true, value: null }));
      }
      return { output, errors: [], hadErrors: false };
    },
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  return { shell, calls, limits };
}

const fault = (fqid: string) => ({
  ok: false,
  fault: { message: 'm', fqid, hresult: '0x80070005', script: 's', line: 7 },
});
const value = (given: unknown) => () => ({ ok: true, value: given });
const call: ScriptCall = {
  step: 's1',
  kind: 'detect',
  text: '@{}',
  sha256: createHash('sha256').update('@{}').digest('hex'),
  parameters: { names: ['a'], limit: 3 },
  lane: 'system',
  longestMs: 60_000,
  interruptible: true,
};
const claim = { token: 4, journalHead: 'h' };

it('the files of the kit are joined in the order of their names, whatever the order they came in', () => {
  expect(kit.text.indexOf('Get-KtProbe')).toBeLessThan(kit.text.indexOf('Invoke-KtDoor'));
  expect(kit.text).not.toContain('\r');
  expect(kit.sha256).toBe(createHash('sha256').update(kit.text).digest('hex'));
});

it('open takes the clock sample with the smallest round trip, tells the skew, and every later call tells the time of its arrival', async () => {
  const epoch = 621_355_968_000_000_000n;
  const times = [1000, 1900, 2000, 2010, 3000, 3500, 4000, 5000];
  // the host is 7 minutes ahead of the middle of the second sample
  const hostTicks = epoch + BigInt((2005 + 420_000) * 10_000);
  const { shell, calls } = sessionWith({
    clock: value({ utcTicks: String(hostTicks), timestamp: '77' }),
    facts: value({ elevated: true, uptimeMs: 1, pendingReboot: ['CBS'], domainJoined: false, roles: ['iis'] }),
  });
  const facts = await openHostKit(shell, kit).open({
    run: 'r1',
    host: 'h1',
    reference: () => times.shift() ?? 0,
    scripts: new Map(),
  });
  expect(facts).toMatchObject({
    machineId: 'm-1',
    elevated: true,
    clockSkewMs: 420_000,
    pendingReboot: ['CBS'],
    roles: ['iis'],
  });
  expect(calls.map((made) => (made.kind === 'script' ? 'script' : made.name)).slice(0, 4)).toEqual([
    'script',
    'Get-KtProbe',
    'script',
    'Initialize-KtState',
  ]);
  // sent at 4000 with a round trip of 10 ms: it arrives at 4005
  const told = calls.find((made) => made.parameters?.['Name'] === 'facts');
  expect(told?.parameters).toMatchObject({ UtcTicks: String(epoch + 40_050_000n), RoundTripMs: 10 });
});

it('a restricted host is told as such and the kit is not loaded', async () => {
  const { shell, calls } = sessionWith({}, { ...probe, languageMode: 'ConstrainedLanguage' });
  const facts = await openHostKit(shell, kit).open({ run: 'r1', host: 'h1', reference: () => 0, scripts: new Map() });
  expect(facts.powershell.languageMode).toBe('ConstrainedLanguage');
  expect(calls).toHaveLength(2);
});

it('a read in the system lane is asked after until it ends', async () => {
  const running = { kind: 'running', task: 'T', heartbeatAgeMs: 0, lastLine: '' };
  const answers = [running, { kind: 'done', result: { needed: true, possible: true, reason: '', facts: { n: 1 } } }];
  const { shell, calls } = sessionWith({ read: value(running), poll: () => ({ ok: true, value: answers.shift() }) });
  const outcome = await openHostKit(shell, kit).read(call);
  expect(outcome).toEqual({ kind: 'done', result: { needed: true, possible: true, reason: '', facts: { n: 1 } } });
  expect(calls.map((made) => made.parameters?.['Name'])).toEqual(['read', 'poll', 'poll']);
});

it('a read that is over its longest duration is ended on the host', async () => {
  const running = { kind: 'running', task: 'T', heartbeatAgeMs: 0, lastLine: '' };
  const { shell, calls } = sessionWith({ read: value(running), poll: value(running) });
  const outcome = await openHostKit(shell, kit, { readWaitMs: 50_000, pollWaitMs: 1 }).read(call);
  expect(outcome).toMatchObject({ kind: 'failed', fault: { fqid: 'KtTaskOverdue', script: 's1/detect.ps1' } });
  expect(calls.at(-1)?.parameters).toEqual({ Name: 'endTask', With: { Task: 'T' } });
});

it('a read in the session itself has its own longest duration and a grace as limit, and is told as overdue when it was stopped', async () => {
  const late = (stopped: boolean) => () => {
    throw new Failure('timed-out', 'late', { facts: { stopped } });
  };
  const inline = { ...call, lane: 'inline' } as const;
  const { shell, limits } = sessionWith({ read: late(true) });
  const fault = {
    fqid: 'KtTaskOverdue',
    message: expect.stringMatching(/^Script s1\/detect.ps1 did not end within 1m .* and was ended\. Give /),
  };
  expect(await openHostKit(shell, kit, { readGraceMs: 0 }).read(inline)).toMatchObject({ kind: 'failed', fault });
  await openHostKit(shell, kit).read(inline);
  expect(limits).toEqual([60_000, 180_000]);
  // Where the host does not confirm that it was stopped, the session is lost.
  const lost = openHostKit(sessionWith({ read: late(false) }).shell, kit).read(inline);
  await expect(lost).rejects.toMatchObject({ code: 'timed-out' });
});

it('an apply in the session has its own longest duration and a grace as limit, and what ended it has its place where one is known', async () => {
  const stackTrace =
    'at <ScriptBlock>, <No file>: line 4\nat Invoke-KtBody, <No file>: line 12\nat Invoke-KtScript, <No file>: line 40';
  const apply = { ...call, kind: 'apply', lane: 'inline' } as const;
  const failing = (code: 'timed-out' | 'script-error', facts: Record<string, unknown>) =>
    sessionWith({
      apply: () => {
        throw new Failure(code, 'm', { facts });
      },
    });
  const late = failing('timed-out', { stopped: true, stackTrace });
  const run = (shell: RemoteShell) =>
    openHostKit(shell, kit, { applyGraceMs: 1000 }).apply(apply, { ...claim, attempt: 1 });
  await expect(run(late.shell)).rejects.toMatchObject({
    code: 'timed-out',
    facts: { stopped: true, error: { fqid: 'KtTaskOverdue', position: { scriptName: 's1/apply.ps1', line: 4 } } },
  });
  expect(late.limits).toEqual([61_000]);
  const limit = failing('script-error', { error: { message: 'm', fqid: 'LabStepLimit', stackTrace } });
  await expect(run(limit.shell)).rejects.toMatchObject({
    code: 'script-error',
    facts: { error: { fqid: 'LabStepLimit', position: { scriptName: 's1/apply.ps1', line: 4 } } },
  });
});

it('an answer of an earlier kit to an undo, which does not say of what kind a staying change is, is read', async () => {
  const irreversible = [{ seq: 3, target: 'C:\\a', reason: 'r' }];
  const { shell } = sessionWith({ undo: value({ changes: [], irreversible }) });
  const { irreversible: read } = await openHostKit(shell, kit).undo({ ...claim, step: null });
  expect(read).toEqual([{ seq: 3, target: 'C:\\a', reason: 'r' }]);
});

it('I4: a stale claim, a folder that others prepared, a broken ledger and a committed run are failures of their own', async () => {
  const ids = {
    KtStaleClaim: 'claim-lost',
    KtTampered: 'kit-folder-tampered',
    KtLedgerBroken: 'ledger-broken',
    KtCommitted: 'run-committed',
    KtHeld: 'kit-error',
  };
  for (const [fqid, code] of Object.entries(ids)) {
    const { shell } = sessionWith({ undo: () => fault(fqid) });
    const error: unknown = await openHostKit(shell, kit)
      .undo({ ...claim, step: null })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ code, facts: { error: { fqid, hresult: 0x80070005, position: { line: 7 } } } });
  }
});

it('an answer of another form is a protocol error that names the field', async () => {
  const { shell } = sessionWith({ claim: value({ kind: 'claimed', token: 'four' }) });
  await expect(openHostKit(shell, kit).claim({ owner: 'o', journalHead: '' })).rejects.toMatchObject({
    code: 'protocol-error',
    message: expect.stringContaining("'token'"),
  });
});

it('secrets travel as they are, to be sealed by the transport, and absent lists of touches are left out', async () => {
  const secret = { reveal: () => 'x' };
  const { shell, calls } = sessionWith({
    apply: value({ kind: 'done', result: { changed: true, facts: {}, rebootRequired: false } }),
    touched: value({ 'service:bits:state': 'Running' }),
  });
  const opened = openHostKit(shell, kit);
  await opened.apply({ ...call, kind: 'apply', parameters: { password: secret } }, { ...claim, attempt: 2 });
  expect(calls[0]?.parameters?.['With']).toMatchObject({ Parameters: { password: secret }, Token: 4, Attempt: 2 });
  expect(await opened.facts([{ services: ['bits'] }])).toEqual({ 'service:bits:state': 'Running' });
  expect(calls[1]?.parameters?.['With']).toEqual({ Touches: [{ services: ['bits'] }] });
});
