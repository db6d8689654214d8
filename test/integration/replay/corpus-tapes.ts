import type { Tape, TapeExchange } from '../../../src/remote/protocol/tape/tape.ts';
import type { ServedReply } from '../../../src/remote/protocol/wsman/encode-reply.ts';
import { encodeReply } from '../../../src/remote/protocol/wsman/encode-reply.ts';
import { powershellResource, signalCodes } from '../../../src/remote/protocol/wsman/namespaces.ts';
import { encodeRequest, type WsmanRequest } from '../../../src/remote/protocol/wsman/requests.ts';
import type { Exchange, Packet } from '../../conformance/psrp/exchange.ts';

const resourceUri = powershellResource('Microsoft.PowerShell');
const sessionId = 'uuid:11111111-AAAA-4BBB-8CCC-DDDDDDDDDDDD';

/** An exchange with a real PowerShell over standard input and output, told as if it had been one over WinRM. */
export function tapeOf({ packets }: Exchange): Tape {
  const messages: TapeExchange[] = [];
  const shellId = 'A0000000-1111-4222-8333-444444444444';
  const on = { resourceUri, shellId };
  const begun = new Set<string>();
  let turn = 0;
  const add = (request: WsmanRequest, reply: ServedReply) => {
    const messageId = `uuid:${String(++turn).padStart(8, '0')}-0000-4000-8000-000000000001`;
    const context = {
      to: 'http://pc1/wsman',
      sessionId,
      messageId,
      operationTimeoutMs: 20_000,
      maxEnvelopeBytes: 153_600,
    };
    const asReply = { messageId: 'uuid:1', relatesTo: messageId, machine: 'pc1' };
    messages.push({ request: encodeRequest(request, context), response: encodeReply(reply, asReply) });
  };
  const fromClient = (packet: Packet) => {
    const { target } = packet;
    const commandId = target === 'pool' ? undefined : target.toUpperCase();
    const payload = Buffer.from(packet.bytes ?? []);
    if (packet.name === 'Signal' && commandId !== undefined)
      return add({ kind: 'signal', ...on, commandId, code: signalCodes.stop }, { kind: 'signalled' });
    if (packet.name === 'Close')
      return commandId === undefined
        ? add({ kind: 'delete', ...on }, { kind: 'deleted' })
        : add({ kind: 'signal', ...on, commandId, code: signalCodes.terminate }, { kind: 'signalled' });
    if (packet.name !== 'Data') return undefined;
    const isNew = !begun.has(target);
    begun.add(target);
    if (!isNew) return add({ kind: 'send', ...on, commandId, stream: 'stdin', payload }, { kind: 'sent' });
    if (commandId !== undefined)
      return add({ kind: 'command', ...on, commandId, text: ' ', payload }, { kind: 'command-accepted', commandId });
    const shell = {
      shellId,
      resourceUri,
      owner: 'LAB\\op',
      clientIp: '',
      processId: 1,
      idleTimeoutMs: 60_000,
      state: 'Connected',
    };
    return add({ kind: 'create', ...on, creationXml: payload }, { kind: 'created', shell, to: 'http://pc1/wsman' });
  };
  const fromServer = (run: readonly Packet[]) => {
    const target = run[0]!.target;
    const commandId = target === 'pool' ? undefined : target.toUpperCase();
    const pieces = run.map((packet) => ({
      commandId,
      stream: 'stdout',
      payload: Buffer.from(packet.bytes ?? []),
      end: false,
    }));
    add({ kind: 'receive', ...on, commandId }, { kind: 'received', pieces, commandState: undefined });
  };
  let run: Packet[] = [];
  const flush = () => {
    if (run.length > 0) fromServer(run);
    run = [];
  };
  for (const packet of packets) {
    if (packet.side === 'server' && packet.name !== 'Data') continue;
    if (packet.side === 'client' || (run[0] && run[0].target !== packet.target)) flush();
    if (packet.side === 'client') fromClient(packet);
    else run.push(packet);
  }
  flush();
  return { messages };
}
