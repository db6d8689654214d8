import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** What the package is built from. */
const sources = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'src',
  'scripts',
  'playbooks',
  'schemas',
  'LICENSE',
];

let folder = '';
let project = '';

/** The user's surroundings: none of this checkout's programs on the PATH, none of its settings. */
function surroundings(): NodeJS.ProcessEnv {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((each) => !each.startsWith(root));
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(KINTSUGI_|npm_(package|lifecycle)_|VITEST|NODE_ENV$|CI$)/.test(name),
  );
  return { ...Object.fromEntries(own), PATH: path.join(delimiter), LC_ALL: 'C.UTF-8' };
}

const run = (cwd: string, program: string, ...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(program, args, { cwd, env: surroundings(), encoding: 'utf8', timeout: 240_000 });
const kintsugi = (...args: string[]): SpawnSyncReturns<string> =>
  run(project, 'npx', '--no-install', 'kintsugi', ...args);

/** @throws Error with all output where a program that must succeed did not */
function mustSucceed(result: SpawnSyncReturns<string>): string {
  if (result.status === 0) return result.stdout;
  throw new Error(`exit code ${result.status}\n${result.stdout}\n${result.stderr}`, { cause: result.error });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kintsugi-package-'));
  const copy = join(folder, 'copy');
  mkdirSync(copy);
  for (const each of sources) cpSync(join(root, each), join(copy, each), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  mustSucceed(run(copy, 'npm', 'pack', '--pack-destination', folder));
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "somebody", "private": true }\n');
  mustSucceed(
    run(project, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', join(folder, tarball ?? '')),
  );
}, 290_000);

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const installed = (...path: string[]): string => join(project, 'node_modules', 'kintsugi', ...path);

/** Files below a folder that are no TypeScript. */
const assetsBelow = (base: string): readonly string[] =>
  readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && !/\.(ts|js|md)$/.test(each.name))
    .map((each) => join(each.parentPath, each.name).slice(base.length + 1))
    .toSorted();

describe('the packed package, installed in an empty project', () => {
  it('tells its version and its help', () => {
    expect(mustSucceed(kintsugi('--version'))).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(mustSucceed(kintsugi('--help'))).toContain('kintsugi <command> [options]');
    expect(mustSucceed(kintsugi('run', '--help', '--lang', 'ja'))).toContain('使い方: kintsugi run');
  });

  it('finds the shipped playbooks, actions and schemas', () => {
    expect(mustSucceed(kintsugi('validate', 'windows-update/file-not-found'))).toBe(
      'windows-update/file-not-found: ok\n',
    );
  });

  it('ends with 2 for a wrong option', () => {
    const { status, stderr } = kintsugi('validate', 'windows-update/file-not-found', '--jsn');
    expect(stderr).toContain('kintsugi: Unknown option --jsn. Did you mean --json?\n');
    expect(status).toBe(2);
  });

  it('holds every file that is no TypeScript beside its module', () => {
    const wanted = assetsBelow(join(root, 'src'));
    expect(wanted.length).toBeGreaterThan(5);
    expect(assetsBelow(installed('dist'))).toEqual(wanted);
  });

  it('holds no sources, tests or settings of the checkout', () => {
    expect(readdirSync(installed()).toSorted()).toEqual(
      ['LICENSE', 'dist', 'package.json', 'playbooks', 'schemas']
        .concat(existsSync(installed('node_modules')) ? ['node_modules'] : [])
        .toSorted(),
    );
  });

  it('plans with the host kit, and starts its private Redis and its stores', () => {
    writeFileSync(
      join(project, 'inventory.yaml'),
      'kintsugi: inventory/v1\ndefaults: { credential: admin }\nhosts: { web01: { address: 192.0.2.1 } }\ncredentials: { admin: { username: admin, password: "env:NOWHERE" } }\n',
    );
    expect(mustSucceed(kintsugi('plan', 'windows-update/file-not-found', '--hosts', 'web01'))).toContain('web01');
    expect(JSON.parse(mustSucceed(kintsugi('status', '--json')))).toEqual([]);
    expect(existsSync(join(project, '.kintsugi', 'redis'))).toBe(true);
  });

  it('runs the whole demo: Redis, lab, workers, run and report', () => {
    const out = mustSucceed(kintsugi('demo'));
    for (const host of ['w11-cache', 'w11-clock', 'srv-2022', 'w11-healthy', 'w11-full'])
      expect(out).toMatch(new RegExp(`^${host} .* ✓ `, 'm'));
    const report = /^Report: (\S+\.html)$/m.exec(out)?.[1] ?? '';
    expect(readFileSync(report, 'utf8')).toMatch(/<style>[^<]+<\/style>/);
  });
});
