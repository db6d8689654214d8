import { expect, it } from 'vitest';
import { Failure } from '../../../src/kernel/failure.ts';
import { checkRemoting } from '../../../src/operations/check-remoting.ts';
import type { HostConnection } from '../../../src/planning/plan.ts';
import { jeaContentHash } from '../../../src/remote/powershell/jea-endpoint.ts';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';

const connection = {
  host: 'pc1',
  transport: 'winrm',
  tls: null,
  port: 5985,
  configurationName: 'Own',
} as HostConnection;
const held = { 'a/b/declared': 'd'.repeat(64), 'a/b/verify': 'e'.repeat(64) };
const kit = 'c'.repeat(64);
const content = jeaContentHash(kit, new Map(Object.entries(held)));

const refusal = (fqid: string): Failure => new Failure('script-error', 'refused', { facts: { error: { fqid } } });

/** A session without language whose module tells this; null: without one. */
function sessionWith(module: object | null): RemoteShell {
  const info = { host: 'pc1', shellId: 's', transport: 'winrm', mechanism: 'negotiate', sealed: true } as const;
  return {
    info,
    exhausted: false,
    describe: async () => info,
    async invoke(call) {
      if (call.kind === 'script') throw refusal('ScriptsNotAllowed');
      if (call.name !== 'Get-KtModule' || module === null) throw refusal('CommandNotFoundException');
      return { output: [JSON.stringify(module)], errors: [], hadErrors: false };
    },
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
async function check(module: object | null, here: Readonly<Record<string, string>> = held) {
  const asked: (readonly string[])[] = [];
  const exported = {
    kit,
    guard: 'g',
    of: (actions: readonly string[]) => {
      asked.push(actions);
      return new Map(Object.entries(here));
    },
  };
  const { checks } = await checkRemoting(
    connection,
    async () => sessionWith(module),
    exported,
    () => 0,
  );
  expect(checks.map(({ setup }) => setup)).toEqual(['session', 'jea', 'service']);
  return { ...checks[1], asked: asked.flat() };
}

it('an endpoint without language is as it should be with the module that is exported here for its actions', async () => {
  expect(await check({ kit, scripts: held, content, guard: 'g' })).toMatchObject({
    ok: true,
    reason: '',
    remedy: '',
    asked: ['a/b'],
  });
});

it('an endpoint without the module is named, with what writes it and what installs it', async () => {
  expect(await check(null)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('`kintsugi jea export`'),
    remedy: '.\\jea.ps1 -Name Own',
  });
});

it.each([
  ['another kit', { kit: '0'.repeat(64), scripts: held }, held, 'its host kit is of another version'],
  ['another text', { kit, scripts: { ...held, 'a/b/verify': '1' } }, held, 'a/b/verify'],
  ['another declaration', { kit, scripts: { ...held, 'a/b/declared': '1' } }, held, 'a/b/declared'],
  ['an action that is not here', { kit, scripts: held }, {}, 'of actions that are not here'],
])('an endpoint with %s is told apart', async (_what, { kit: its, scripts }, here, words) => {
  const told = { kit: its, scripts, guard: 'g', content: jeaContentHash(its, new Map(Object.entries(scripts))) };
  expect(await check(told, here)).toMatchObject({
    ok: false,
    reason: expect.stringMatching(new RegExp(`^its module \\(content .*${words}.*jea export`)),
    remedy: '.\\jea.ps1 -Name Own',
  });
});

it.each([{ guard: 'an earlier one' }, {}])(
  'an endpoint whose door is of another version (%j) is told apart, too',
  async (guard) => {
    expect(await check({ kit, scripts: held, content, ...guard })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('what it lets clients do is checked by another version'),
    });
  },
);
