import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { durationVariables } from '../../../../src/input/config/defaults.ts';
import { readSettings } from '../../../../src/input/config/read-settings.ts';
import { readSchema } from '../../../../src/input/document/schemas.ts';
import { faultLines, valueOf } from '../fixture-library.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kintsugi-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const write = (text: string) => writeFileSync(join(folder, 'kintsugi.yaml'), `kintsugi: config/v1\n${text}`);

test('without a file and without variables the defaults hold', () => {
  expect(valueOf(readSettings(folder, {}))).toEqual({
    home: join(folder, '.kintsugi'),
    inventory: join(folder, 'inventory.yaml'),
    language: 'en',
    redisUrl: null,
    keyFolder: join(folder, '.kintsugi', 'keys'),
    concurrency: 20,
    commitAfterMs: 14 * 86_400_000,
    times: {
      leaseMs: 30_000,
      heartbeatMs: 10_000,
      pollMs: 5_000,
      sweepMs: 15_000,
      connectMs: 30_000,
      rebootMs: 1_800_000,
    },
  });
});

test('the environment goes before the file, and the file before the defaults', () => {
  write(
    'language: ja\nhome: own\nconcurrency: 3\nredis: { url: redis://file.example }\ntimes: { lease: 1m, poll: 2s }\n',
  );
  const environment = {
    KINTSUGI_HOME: '/var/lib/kt',
    KINTSUGI_REDIS_URL: 'redis://:pw@env.example',
    KINTSUGI_POLL: '100ms',
  };
  const settings = valueOf(readSettings(folder, environment));
  expect(settings).toMatchObject({
    language: 'ja',
    home: '/var/lib/kt',
    keyFolder: '/var/lib/kt/keys',
    concurrency: 3,
  });
  expect(settings.times).toMatchObject({ leaseMs: 60_000, pollMs: 100 });
  expect(settings.redisUrl?.reveal()).toBe('redis://:pw@env.example');
  expect(JSON.stringify(settings)).not.toContain('pw@');
});

test('the address of Redis may be a reference', () => {
  write('redis: { url: env:MY_REDIS }\n');
  expect(valueOf(readSettings(folder, { MY_REDIS: 'redis://:pw@x' })).redisUrl?.reveal()).toBe('redis://:pw@x');
  expect(readSettings(folder, {}).ok).toBe(false);
});

test('a password in the address is refused and not shown', () => {
  write('redis: { url: "redis://user:canary@x:6379" }\n');
  const read = readSettings(folder, {});
  expect(faultLines(read)).toEqual(['2:15 the address of Redis holds a password (not shown)']);
  expect(JSON.stringify(read)).not.toContain('canary');
});

test('all faults come at once, those of variables too', () => {
  write('langauge: ja\ntimes: { lease: 5 }\n');
  const environment = { KINTSUGI_POLL: 'often', KINTSUGI_CONCURRENCY: '0', KINTSUGI_LANG: 'de' };
  expect(faultLines(readSettings(folder, environment))).toEqual([
    '2:1 unknown key `langauge`',
    '3:17 expected a text, got a number',
    '-:- `de` is no language that Kintsugi speaks',
    '-:- `0` is not a number of host runs',
    '-:- `often` is not a duration',
  ]);
});

test('a heartbeat that comes too late for its lease is refused', () => {
  write('times: { lease: 10s, heartbeat: 5s }\n');
  expect(faultLines(readSettings(folder, {}))).toEqual([
    '-:- the heartbeat (5000 ms) must be less than half of the lease (10000 ms)',
  ]);
});

test('the schema names the variable of every duration', () => {
  const text = JSON.stringify(readSchema('config'));
  for (const variable of Object.values(durationVariables)) expect(text).toContain(`${variable} overrides it`);
});

test.each([
  [{ LANG: 'ja_JP.UTF-8' }, 'ja'],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'ja_JP.UTF-8' }, 'ja'],
  [{ LANG: 'ja_JP.UTF-8', LC_ALL: '', LC_MESSAGES: 'C' }, 'en'],
  [{ LANG: 'jam_JM' }, 'en'],
  [{ LANG: 'ja_JP.UTF-8', KINTSUGI_LANG: 'en' }, 'en'],
  [{}, 'en'],
] as const)('the language is that of the locale where nothing else is said: %j gives %s', (environment, language) => {
  expect(valueOf(readSettings(folder, environment)).language).toBe(language);
});
