import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/kernel/secret.ts';
import { type Lab, startLab } from '../../../src/lab/start-lab.ts';
import { openBridgeShell } from '../../../src/remote/transport/bridge/open-bridge-shell.ts';
import { conversation, endpointWith, heldScript, outcomeOf, writeFiles } from '../../helpers/no-language.ts';
import { makePwshStandIn } from '../../helpers/pwsh-programs.ts';

describe('a no-language session through the bridge', () => {
  const standIn = makePwshStandIn();
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-no-language-'));
  let lab: Lab;
  beforeAll(async () => {
    const jea = { Kintsugi: writeFiles(folder, (await endpointWith(heldScript, 'C:\\Transcripts')).files) };
    lab = await startLab({
      spec: { kintsugi: 'lab/v1', hosts: { w11: { base: 'windows-11-24h2', jea } } },
      password: 'x',
      plainUsers: ['guest'],
    });
  });
  afterAll(async () => {
    await lab?.close();
    standIn.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes commands with typed values and nothing else, as from our own client', async () => {
    await using shell = await openBridgeShell({
      target: {
        kind: 'wsman',
        host: '127.0.0.1',
        port: lab.hosts[0]?.port ?? 0,
        login: { username: 'guest', password: () => new Secret('x') },
        configurationName: 'Kintsugi',
      },
      executable: standIn.executable,
      connectTimeoutMs: 30_000,
    });
    for (const [what, call, outcome] of conversation) expect(await outcomeOf(shell, call), what).toEqual(outcome);
  });
});
