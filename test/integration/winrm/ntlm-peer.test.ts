import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WinRmConnection } from '../../../src/remote/transport/winrm/winrm-connection.ts';
import { WinRmMemory } from '../../../src/remote/transport/winrm/winrm-memory.ts';
import { type GssPeer, startGssPeer } from '../../helpers/gss-peer.ts';

describe('NTLM within SPNEGO against GSS-NTLMSSP', () => {
  let folder: string;
  let peer: GssPeer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kintsugi-test-'));
    const users = join(folder, 'users');
    await writeFile(users, 'LAB:op:Passw0rd!\n');
    peer = await startGssPeer({ NTLM_USER_FILE: users, KRB5_KTNAME: '/nowhere' }, '--ntlm');
  });
  afterAll(async () => {
    await peer[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const connect = (password: string, memory = new WinRmMemory()) =>
    new WinRmConnection({
      host: '127.0.0.1',
      port: peer.port,
      auth: { mechanisms: ['negotiate'], username: 'LAB\\op', password: () => password },
      connectTimeoutMs: 5_000,
      operationTimeoutMs: 20_000,
      memory,
    });

  it('both sign the list of mechanisms, and messages are sealed after it, also one with the last token', async () => {
    const memory = new WinRmMemory();
    for (const requests of [3, 2]) {
      const connection = connect('Passw0rd!', memory);
      for (const [index, size] of [1, 100, 70_000].entries()) {
        const answer = await connection.exchange('x'.repeat(size), { timeoutMs: 5_000, harmless: true });
        expect(answer).toContain(`requests="${requests + index}" who="LAB\\op`);
        expect(answer).toContain('mechanism="<OID 1.3.6.1.4.1.311.2.2.10>"');
        expect(answer.endsWith(`\n${'x'.repeat(size)}`)).toBe(true);
      }
      connection.close();
    }
  });

  it('a wrong password is refused', async () => {
    await expect(connect('wrong').exchange('<a/>', { timeoutMs: 5_000 })).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });
});
