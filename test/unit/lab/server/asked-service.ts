import { expect } from 'vitest';
import type { EndpointLimits } from '../../../../src/lab/server/endpoint-options.ts';
import { ShellService } from '../../../../src/lab/server/shell-service.ts';
import { RunspacePoolClient } from '../../../../src/remote/protocol/psrp/client.ts';
import type { ServedReply } from '../../../../src/remote/protocol/wsman/encode-reply.ts';
import { type FaultName, faultCodes } from '../../../../src/remote/protocol/wsman/fault-codes.ts';
import { powershellResource, resources } from '../../../../src/remote/protocol/wsman/namespaces.ts';
import { cmdShell, encodeRequest, type WsmanRequest } from '../../../../src/remote/protocol/wsman/requests.ts';
import { FakeCmdHost } from '../../../helpers/fake-cmd-host.ts';
import { FakeRunspaceHost } from '../../../helpers/fake-runspace-host.ts';

/** The default session configuration. */
export const resourceUri = powershellResource('Microsoft.PowerShell');
const poolId = '0b5e2e1a-6d3c-4f0e-9a52-3d1f0c9b8a77';

/** A service in front of fake hosts, asked by envelopes. */
export const startService = (limits: Partial<EndpointLimits> = {}, withCmd = true) => {
  const cmdHost = new FakeCmdHost();
  const service = new ShellService({
    host: '127.0.0.1',
    port: 0,
    computerName: 'PC1',
    domainName: 'LAB',
    users: [],
    schemes: { negotiate: true, ntlm: false, basic: false },
    allowUnencrypted: false,
    runspaceHost: new FakeRunspaceHost(),
    ...(withCmd ? { cmdHost } : {}),
    clock: { now: () => 0 },
    limits,
  });
  const ask = async (
    request: WsmanRequest,
    { account = 'LAB\\op', administrator = true, session = 'uuid:ONE' } = {},
  ): Promise<ServedReply | undefined> => {
    const context = {
      to: 'http://pc1/wsman',
      sessionId: session,
      messageId: 'uuid:M',
      operationTimeoutMs: 500,
      maxEnvelopeBytes: 153_600,
    };
    const caller = { account, administrator, seal: undefined };
    const asker = {
      caller,
      connection: {},
      clientIp: '::1',
      url: 'http://pc1/wsman',
      gone: new AbortController().signal,
      notify: () => undefined,
    };
    const { reply, relatesTo } = await service.answer(encodeRequest(request, context), asker);
    expect(relatesTo).toBe('uuid:M');
    return reply;
  };
  const openCmd = async (who = {}): Promise<string> => {
    const reply = await ask(cmdShell, who);
    if (reply?.kind !== 'created') throw new Error(`expected a shell, got ${JSON.stringify(reply)}`);
    return reply.shell.shellId;
  };
  const openPool = async (): Promise<string> => {
    const psrp = new RunspacePoolClient({ id: poolId });
    psrp.open();
    const creationXml = psrp.dataToSend('pool', 100_000)?.bytes ?? new Uint8Array();
    await ask({ kind: 'create', resourceUri, shellId: poolId.toUpperCase(), name: 'one', creationXml });
    return poolId.toUpperCase();
  };
  return { ask, openCmd, openPool, cmdHost, service };
};

/** A fault as tests expect it. */
export const fault = (name: FaultName) => ({ kind: 'fault', code: faultCodes[name] });
/** The place of a cmd shell. */
export const on = (shellId: string) => ({ resourceUri: resources.cmd, shellId });
/** A request to start a program. */
export const run = (shellId: string, fields: object = {}): WsmanRequest => ({
  kind: 'run',
  ...on(shellId),
  command: 'tool',
  arguments: ['/a', 'b c'],
  ...fields,
});
