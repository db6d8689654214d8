import { expect, it } from 'vitest';
import { Secret } from '../../../src/kernel/secret.ts';
import { startLab } from '../../../src/lab/start-lab.ts';
import { scrubTape } from '../../../src/remote/protocol/tape/scrub-tape.ts';
import type { Tape, TapeExchange } from '../../../src/remote/protocol/tape/tape.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { contractScripts } from '../../contract/remote-shell-scripts.ts';
import { failureOf, script } from '../../contract/shared-shell.ts';
import { replayTape } from '../../helpers/replay/replay-tape.ts';

const password = 'Pässw0rd!';

/** A session with a host of the lab: a secret, much input, all streams, an error, and a script that is stopped. */
async function recordLab(): Promise<Tape> {
  const lab = await startLab({
    spec: { kintsugi: 'lab/v1', hosts: { pc1: { base: 'windows-server-2022' } } },
    password,
  });
  const messages: TapeExchange[] = [];
  const shell = await openWinRmShell({
    host: '127.0.0.1',
    port: lab.hosts[0]?.port ?? 0,
    auth: { mechanisms: ['negotiate'], username: 'operator', password: () => password },
    connectTimeoutMs: 10_000,
    operationTimeoutMs: 20_000,
    onExchange: (exchange) => void messages.push(exchange),
  });
  await shell.invoke(script(contractScripts.secretLength, { Password: new Secret('abc') }));
  await shell.invoke(script(contractScripts.echo, { Value: 'x'.repeat(600_000) }));
  await shell.invoke(script(contractScripts.streams));
  await failureOf(shell.invoke(script(contractScripts.throw)));
  await failureOf(shell.invoke(script(contractScripts.endless), { timeoutMs: 200 }));
  await shell.close();
  await lab.close();
  return { messages };
}

it('A session of ours that was recorded is replayed, also with other names', async () => {
  const tape = await recordLab();
  const stored = JSON.parse(JSON.stringify(tape)) as Tape;
  expect(await replayTape(stored)).toEqual([]);
  const scrubbed = scrubTape(tape, ['operator', 'pc1']);
  expect(JSON.stringify(scrubbed)).not.toContain('operator');
  expect(await replayTape(scrubbed)).toEqual([]);
});
