import { expect, it } from 'vitest';
import { Failure } from '../../../../src/kernel/failure.ts';
import { joinHostKit } from '../../../../src/remote/powershell/host-kit-text.ts';
import { jeaContentHash } from '../../../../src/remote/powershell/jea-endpoint.ts';
import { openHostKit } from '../../../../src/remote/powershell/open-host-kit.ts';
import type { RemoteCall, RemoteShell } from '../../../../src/remote/powershell/remote-shell.ts';

const kit = joinHostKit(new Map([['00-probe.ps1', 'function Get-KtProbe { }']]));
const wanted = new Map([
  ['a/b/detect', 'd'.repeat(64)],
  ['a/b/apply', 'a'.repeat(64)],
]);

const probe = {
  languageMode: 'FullLanguage',
  version: '5.1.20348.1',
  executionPolicy: 'RemoteSigned',
  machineId: 'm-1',
  computerName: 'PC1',
  build: 20348,
  ubr: 3,
  productType: 3,
  caption: 'Windows Server 2022',
  uiLanguage: 'en-US',
  uptimeMs: 5000,
  freeBytes: 10,
  sizeBytes: 100,
};

const refusal = (fqid: string): Failure =>
  new Failure('script-error', 'refused', { facts: { error: { message: 'refused', fqid, category: 'ParserError' } } });

/** A no-language session with a module that tells this; null: without one. */
function noLanguage(
  held: { kit: string; scripts: ReadonlyMap<string, string>; settled?: Record<string, string> } | null,
) {
  const calls: RemoteCall[] = [];
  const answers: Record<string, (call: RemoteCall) => unknown> = {
    'Get-KtProbe': () => probe,
    'Open-KtSession': () => undefined,
    'Get-KtModule': () =>
      held && {
        format: 1,
        kit: held.kit,
        scripts: Object.fromEntries(held.scripts),
        content: jeaContentHash(held.kit, held.scripts),
        settled: held.settled,
      },
    'Invoke-KtModuleDoor': ({ parameters }) => {
      if (parameters?.['Name'] === 'clock')
        return { ok: true, value: { utcTicks: '621355968000000000', timestamp: '1' } };
      if (parameters?.['Name'] === 'facts')
        return { ok: true, value: { elevated: true, pendingReboot: [], domainJoined: false, roles: [] } };
      return { ok: true, value: { kind: 'done', result: { needed: true, possible: true, reason: '', facts: {} } } };
    },
  };
  const info = { host: 'pc1', shellId: 's-1', transport: 'winrm', mechanism: 'negotiate', sealed: true } as const;
  const shell: RemoteShell = {
    info,
    exhausted: false,
    describe: async () => info,
    async invoke(call) {
      calls.push(call);
      if (call.kind === 'script') throw refusal('ScriptsNotAllowed');
      const answer = held === null ? undefined : answers[call.name];
      if (answer === undefined) throw refusal('CommandNotFoundException');
      const value = answer(call);
      return { output: value === undefined ? [] : [JSON.stringify(value)], errors: [], hadErrors: false };
    },
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  return { shell, calls };
}

const open = (shell: RemoteShell) =>
  openHostKit(shell, kit).open({ run: 'r1', host: 'h1', reference: () => 0, scripts: wanted });

it('a no-language endpoint whose module holds what the plan needs is worked with by commands alone', async () => {
  const { shell, calls } = noLanguage({ kit: kit.sha256, scripts: wanted });
  const opened = openHostKit(shell, kit);
  const facts = await opened.open({ run: 'r1', host: 'h1', reference: () => 0, scripts: wanted });
  expect(facts).toMatchObject({
    elevated: true,
    powershell: { languageMode: 'NoLanguage', jeaModule: jeaContentHash(kit.sha256, wanted) },
  });
  const [first, ...rest] = calls;
  expect(first?.kind).toBe('script');
  expect(rest.map((call) => (call.kind === 'command' ? call.name : 'script')).slice(0, 4)).toEqual([
    'Get-KtModule',
    'Get-KtProbe',
    'Open-KtSession',
    'Invoke-KtModuleDoor',
  ]);
  expect(rest[2]?.parameters).toEqual({ Run: 'r1', HostName: 'h1', SessionId: 's-1' });
});

it('a script is chosen there by its hash: its text is not sent', async () => {
  const { shell, calls } = noLanguage({ kit: kit.sha256, scripts: wanted });
  const opened = openHostKit(shell, kit);
  await opened.open({ run: 'r1', host: 'h1', reference: () => 0, scripts: wanted });
  await opened.read({
    step: 's',
    kind: 'detect',
    text: 'the text',
    sha256: 'd'.repeat(64),
    parameters: {},
    lane: 'inline',
    longestMs: 1,
    interruptible: true,
  });
  const given = calls.at(-1)?.parameters?.['With'];
  expect(given).toMatchObject({ Sha256: 'd'.repeat(64), Kind: 'detect' });
  expect(JSON.stringify(calls.slice(1))).not.toContain('the text');
});

it('a module that holds more beside the same kit and scripts is fit, too', async () => {
  const more = new Map([...wanted, ['c/d/verify', 'c'.repeat(64)]]);
  const { shell } = noLanguage({ kit: kit.sha256, scripts: more });
  expect((await open(shell)).powershell.jeaModule).toBe(jeaContentHash(kit.sha256, more));
});

it.each([
  ['another kit', { kit: 'f'.repeat(64), scripts: wanted }, /its host kit is of another version\.$/],
  [
    'a script of another text, and lacks one',
    { kit: kit.sha256, scripts: new Map([['a/b/detect', 'e'.repeat(64)]]) },
    /no or other texts and declarations for a\/b\/detect, a\/b\/apply\.$/,
  ],
])('a module that has %s is refused before anything is run', async (_what, held, message) => {
  const { shell, calls } = noLanguage(held);
  await expect(open(shell)).rejects.toMatchObject({ code: 'jea-module', message: expect.stringMatching(message) });
  expect(calls.map((call) => (call.kind === 'command' ? call.name : 'script'))).toEqual(['script', 'Get-KtModule']);
});

it('a module that keeps a parameter to other values than the run gives it is refused before anything is run', async () => {
  const held = { kit: kit.sha256, scripts: wanted, settled: { 'a/b': '{"deep":[true,false],"source":[["x"]]}' } };
  const { shell, calls } = noLanguage(held);
  const options = { run: 'r1', host: 'h1', reference: () => 0, scripts: wanted };
  const giving = (source: readonly string[]) => [
    { action: 'a/b', name: 'deep', value: false },
    { action: 'a/b', name: 'source', value: source },
    { action: 'a/b', name: 'limit', value: 3 },
    { action: 'c/d', name: 'source', value: 'free' },
  ];
  await expect(openHostKit(shell, kit).open({ ...options, given: giving(['y']) })).rejects.toMatchObject({
    code: 'jea-module',
    message: expect.stringMatching(/exported for playbooks that give other values to source of a\/b\.$/),
  });
  expect(calls).toHaveLength(2);
  await openHostKit(shell, kit).open({ ...options, given: giving(['x']) });
});

it('an endpoint without the module is told as such, with the command that writes it', async () => {
  const { shell } = noLanguage(null);
  await expect(open(shell)).rejects.toMatchObject({
    code: 'jea-module',
    message: expect.stringContaining('kintsugi jea export'),
  });
});

it('any other error of the first script is not taken for a no-language endpoint', async () => {
  const { shell } = noLanguage(null);
  const failing: RemoteShell = { ...shell, invoke: () => Promise.reject(refusal('ParserError')) };
  await expect(open(failing)).rejects.toMatchObject({ code: 'script-error' });
});
