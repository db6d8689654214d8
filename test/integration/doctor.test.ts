import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { examine } from '../../src/compose/doctor.ts';
import { startCliLab } from '../../src/compose/lab-session.ts';
import type { DoctorFinding } from '../../src/front/cli/services.ts';
import { readSettings } from '../../src/input/config/read-settings.ts';
import { openInstallationKey } from '../../src/operations/installation-key.ts';
import { layProject } from '../../src/operations/new-project/new-project.ts';
import { valueOf } from '../unit/input/fixture-library.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kintsugi-doctor-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
});

/** The findings by what they are about. */
async function findings(
  environment: NodeJS.ProcessEnv = {},
  language: 'en' | 'ja' = 'en',
  inventory: string | null = null,
): Promise<{ readonly [what: string]: DoctorFinding }> {
  const settings = valueOf(readSettings(folder, environment));
  const list = await examine(settings, { projectDir: folder, environment, language, inventory });
  return Object.fromEntries(list.map((each) => [each.what, each]));
}

/** A port on which something listens until the test ends, or (closed) nothing does. */
async function port(open: boolean): Promise<number> {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  if (open) onTestFinished(close);
  else await close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('doctor', () => {
  it('finds the private Redis, no keys and no inventory in an empty project', async () => {
    const found = await findings();
    expect(found['Node']).toEqual({ what: 'Node', state: 'ok', detail: process.versions.node, remedy: '' });
    expect(found['Redis']).toMatchObject({
      state: 'ok',
      detail: `private, data in ${join(folder, '.kintsugi/redis')}`,
    });
    expect(found['Keys']?.detail).toContain('none yet');
    expect(found['Inventory']).toMatchObject({ state: 'warning', remedy: 'write one, or name one with -i' });
  });

  it('finds that a given Redis does not answer', async () => {
    const found = await findings({ KINTSUGI_REDIS_URL: `redis://127.0.0.1:${await port(false)}` });
    expect(found['Redis']).toMatchObject({ state: 'missing', remedy: expect.stringContaining('KINTSUGI_REDIS_URL') });
  });

  it('finds hosts that answer and hosts that do not, in the order of the inventory, and each secret once', async () => {
    const [open, closed] = [await port(true), await port(false)];
    writeFileSync(
      join(folder, 'inventory.yaml'),
      `kintsugi: inventory/v1
defaults: { credential: admin, address: 127.0.0.1 }
hosts: { away: { port: ${closed} }, here: { port: ${open} }, nobody: { port: ${open}, credential: other }, unnamed: { address: ${'x'.repeat(64)}.invalid } }
credentials:
  admin: { username: admin, password: env:KT_DOCTOR }
  other: { username: other, password: env:KT_OTHER }
`,
    );
    const environment = { KINTSUGI_REDIS_URL: `redis://127.0.0.1:${closed}`, KT_DOCTOR: 'a long secret' };
    const found = await findings(environment);
    expect(found['Inventory']?.detail).toBe(`4 hosts in ${join(folder, 'inventory.yaml')}`);
    expect(found['Host here']).toMatchObject({ state: 'ok', detail: `127.0.0.1:${open} answers` });
    expect(found['Host away']).toMatchObject({
      state: 'missing',
      remedy: expect.stringContaining('Enable-PSRemoting'),
    });
    expect(found['Host unnamed']?.remedy).toContain('check the address in the inventory');
    expect(found['Secret env:KT_DOCTOR']?.state).toBe('ok');
    expect(found['Secret env:KT_OTHER']).toMatchObject({ state: 'missing' });
    expect(Object.keys(found).filter((what) => /^(Host|Secret)/.test(what))).toEqual([
      'Host away',
      'Host here',
      'Host nobody',
      'Host unnamed',
      'Secret env:KT_DOCTOR',
      'Secret env:KT_OTHER',
    ]);
    expect(JSON.stringify(found)).not.toContain('a long secret');
  });

  it('of the hosts of a lab that has ended says how it is started', async () => {
    writeFileSync(join(folder, 'my-lab.yaml'), 'kintsugi: lab/v1\nhosts: { pc: { base: windows-11-24h2 } }\n');
    const environment = { KINTSUGI_REDIS_URL: `redis://127.0.0.1:${await port(false)}` };
    const settings = valueOf(readSettings(folder, environment));
    const ignored = (): void => undefined;
    const told = { onDisturbance: ignored, onNotice: ignored };
    const options = { file: 'my-lab.yaml', port: null, engine: 'simulator', ...told } as const;
    const lab = await startCliLab(settings, folder, {}, options);
    expect((await findings(environment, 'en', lab.inventoryFile))['Host pc']?.state).toBe('ok');
    await lab[Symbol.asyncDispose]();
    expect((await findings(environment, 'en', lab.inventoryFile))['Host pc']).toMatchObject({
      state: 'missing',
      remedy: 'start the lab again, in another terminal: kintsugi lab my-lab.yaml',
    });
  });

  it('tells names of examples as what they are: they are not looked for, and nothing is missing', async () => {
    layProject(folder);
    const environment = { KINTSUGI_REDIS_URL: `redis://127.0.0.1:${await port(false)}` };
    const found = await findings(environment);
    expect(found['Host pc01']).toEqual({
      what: 'Host pc01',
      state: 'warning',
      detail: 'pc01.example.com is a name of examples, which no host has: not looked for',
      remedy: 'write your own host into the inventory',
    });
    expect(found['Secret env:OPS_PASSWORD']).toMatchObject({ state: 'warning' });
  });

  it('looks at the inventory that is named, which must be there', async () => {
    writeFileSync(
      join(folder, 'other.yaml'),
      `kintsugi: inventory/v1\ndefaults: { credential: own }\nhosts: { here: { address: 127.0.0.1, port: ${await port(true)} } }\ncredentials: { own: { username: x, password: env:KT_X } }\n`,
    );
    const environment = { KINTSUGI_REDIS_URL: `redis://127.0.0.1:${await port(false)}` };
    const other = await findings(environment, 'en', join(folder, 'other.yaml'));
    expect(other['Host here']?.state).toBe('ok');
    expect((await findings(environment, 'en', join(folder, 'none.yaml')))['Inventory']?.state).toBe('missing');
  });

  it('finds faults of the inventory and a key that is none', async () => {
    writeFileSync(join(folder, 'inventory.yaml'), 'kintsugi: inventory/v1\nhots: {}\n');
    openInstallationKey(join(folder, '.kintsugi', 'keys'));
    const environment = { KINTSUGI_REDIS_URL: `redis://127.0.0.1:${await port(false)}` };
    const good = await findings(environment);
    expect(good['Keys']?.detail).toContain('1 trusted');
    expect(good['Inventory']).toMatchObject({ state: 'missing', remedy: `kintsugi validate ${folder}/inventory.yaml` });
    writeFileSync(join(folder, '.kintsugi', 'keys', 'other.pub'), 'no key');
    expect((await findings(environment))['Keys']).toMatchObject({ state: 'missing' });
  });

  it('speaks Japanese', async () => {
    const found = await findings({ KINTSUGI_REDIS_URL: `redis://127.0.0.1:${await port(false)}` }, 'ja');
    expect(Object.keys(found)).toEqual(['Node', 'Redis', '鍵', 'インベントリ', 'このマシンの PowerShell']);
    expect(found['インベントリ']?.remedy).toContain('-i で指定');
  });
});
