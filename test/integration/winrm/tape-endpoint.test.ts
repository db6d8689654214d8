import { expect, it } from 'vitest';
import { encodeReply } from '../../../src/remote/protocol/wsman/encode-reply.ts';
import { encodeRequest } from '../../../src/remote/protocol/wsman/requests.ts';
import { startTapeEndpoint } from '../../../src/remote/transport/tape/tape-endpoint.ts';
import { WinRmConnection } from '../../../src/remote/transport/winrm/winrm-connection.ts';

it('a tape takes a login that carries nothing, before a first message that must not be done twice', async () => {
  const at = { to: '', sessionId: 'uuid:1', messageId: 'uuid:2', operationTimeoutMs: 1_000, maxEnvelopeBytes: 10_000 };
  const request = encodeRequest({ kind: 'identify' }, at);
  const response = encodeReply(
    { kind: 'signalled' },
    { messageId: 'uuid:3', relatesTo: 'uuid:2', machine: 'PC1', operationId: undefined },
  );
  const tape = await startTapeEndpoint({ messages: [{ request, response, ms: [0, 1] }] });
  const connection = new WinRmConnection({
    host: '127.0.0.1',
    port: tape.port,
    auth: { mechanisms: ['basic'], username: 'anyone', password: () => '' },
    allowUnencrypted: true,
    connectTimeoutMs: 5_000,
    operationTimeoutMs: 5_000,
    warn: () => undefined,
  });
  expect(await connection.exchange(request, { timeoutMs: 5_000 })).toContain('SignalResponse');
  expect(tape.unplayed).toEqual([]);
  connection.close();
  await tape.close();
});
