import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reachOrStartRedis } from '../../../src/compose/private-redis.ts';
import { connectRedis } from '../../../src/queue/connect-redis.ts';
import { until } from './installation.ts';

const socketOf = (address: object): string =>
  'path' in address && typeof address.path === 'string' ? address.path : '';

function isAlive(processId: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${processId}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a private Redis', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kintsugi-redis-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('listens on a socket that only this user can reach, and on no port', async () => {
    await using server = await reachOrStartRedis({ url: null, folder });
    const socket = socketOf(server.address);
    expect(lstatSync(join(socket, '..')).mode & 0o777).toBe(0o700);
    const redis = connectRedis(server.address);
    expect(await redis.config('GET', 'port')).toEqual(['port', '0']);
    expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    redis.disconnect();
  });

  it('keeps its data from one start to the next', async () => {
    {
      await using server = await reachOrStartRedis({ url: null, folder });
      const redis = connectRedis(server.address);
      await redis.set('kept', 'yes');
      redis.disconnect();
    }
    await until(() => !existsSync(join(folder, 'socket', 'keeper.sock')));
    await using server = await reachOrStartRedis({ url: null, folder });
    const redis = connectRedis(server.address);
    expect(await redis.get('kept')).toBe('yes');
    redis.disconnect();
  });

  it('is shared by those who start it on the same folder, never started twice', async () => {
    await using first = await reachOrStartRedis({ url: null, folder });
    await using second = await reachOrStartRedis({ url: null, folder });
    expect([first.own, second.own]).toEqual([true, false]);
    expect(second.address).toEqual(first.address);
  });

  it('ends when its parent is killed, and a leftover lock does not keep the next one away', async () => {
    const module = pathToFileURL(join(import.meta.dirname, '../../../src/compose/private-redis.ts')).href;
    const program = join(folder, 'parent.mjs');
    const script = `import { reachOrStartRedis } from '${module}';
const { address } = await reachOrStartRedis({ url: null, folder: process.argv[2] });
process.stdout.write(address.path + '\\n');
setInterval(() => undefined, 1000);`;
    writeFileSync(program, script);
    const data = join(folder, 'data');
    const parent = spawn(process.execPath, [program, data], { stdio: ['ignore', 'pipe', 'inherit'] });
    const socket = (
      await new Promise<string>((resolve) => parent.stdout.once('data', (chunk) => resolve(String(chunk))))
    ).trim();
    expect(existsSync(socket)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !existsSync(join(socket, '..', 'keeper.sock')));
    expect(existsSync(socket)).toBe(false);
    await using next = await reachOrStartRedis({ url: null, folder: data });
    expect(next.own).toBe(true);
  });

  it('that was left behind by a killed keeper is ended before another one reads its data', async () => {
    await using first = await reachOrStartRedis({ url: null, folder });
    const before = connectRedis(first.address);
    await before.set('kept', 'yes');
    const processOf = async (redis: typeof before) => Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
    const orphan = await processOf(before);
    const keeper = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${orphan}/status`, 'utf8'))?.[1]);
    process.kill(keeper, 'SIGKILL');
    await until(() => !isAlive(keeper));
    await using next = await reachOrStartRedis({ url: null, folder });
    expect(next.own).toBe(true);
    expect(isAlive(orphan)).toBe(false);
    // The client that was there before is back by itself, at the new server.
    expect(await before.get('kept')).toBe('yes');
    expect(await processOf(before)).not.toBe(orphan);
    before.disconnect();
  });

  it('is not started where a URL says which Redis to use', async () => {
    await using server = await reachOrStartRedis({ url: 'redis://example.invalid:1', folder: join(folder, 'unused') });
    expect(server).toMatchObject({ own: false, address: { url: 'redis://example.invalid:1' } });
    expect(existsSync(join(folder, 'unused'))).toBe(false);
  });

  it('that is not installed is told with the command that installs it', async () => {
    const path = process.env['PATH'];
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'apt-get'), '#!/bin/sh\n', { mode: 0o755 });
    process.env['PATH'] = join(folder, 'bin');
    try {
      await expect(reachOrStartRedis({ url: null, folder })).rejects.toMatchObject({
        code: 'redis-missing',
        message: expect.stringContaining('sudo apt-get install -y redis-server'),
      });
    } finally {
      process.env['PATH'] = path;
    }
  });
});
