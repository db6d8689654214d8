import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../../../src/remote/protocol/wsman/envelope.ts';
import { faultCodes, makeFault } from '../../../../../src/remote/protocol/wsman/fault.ts';
import { namespaces, powershellResource, signalCodes } from '../../../../../src/remote/protocol/wsman/namespaces.ts';
import { decodeReply, encodeReply, type WsmanReply } from '../../../../../src/remote/protocol/wsman/replies.ts';
import { decodeRequest, encodeRequest, type WsmanRequest } from '../../../../../src/remote/protocol/wsman/requests.ts';

const resourceUri = powershellResource('Microsoft.PowerShell');
const shellId = '76056A84-51DC-4F24-9262-CA2A55464B2B';
const commandId = '0A0988DE-A676-48CB-B550-8ADEA9049A78';
const payload = Buffer.from([0, 1, 2, 250]);
const context: RequestContext = {
  to: 'http://pc1:5985/wsman?a=1&b=2',
  sessionId: 'uuid:AECF49AF-7164-43E6-B10A-E38E8C4986AD',
  messageId: 'uuid:E4811C4E-F6ED-433E-94F9-4EFC65DC30C4',
  operationTimeoutMs: 20_000,
  maxEnvelopeBytes: 512_000,
};

describe('a request', () => {
  const requests: WsmanRequest[] = [
    { kind: 'create', resourceUri, shellId, name: 'A & "B"', idleTimeoutMs: 120_000, creationXml: payload },
    { kind: 'command', resourceUri, shellId, commandId, text: 'if ($a -lt 3) { "<>" }', payload },
    { kind: 'send', resourceUri, shellId, commandId, stream: 'stdin', payload },
    { kind: 'send', resourceUri, shellId, commandId: undefined, stream: 'pr', payload },
    { kind: 'receive', resourceUri, shellId, commandId },
    { kind: 'receive', resourceUri, shellId, commandId: undefined },
    { kind: 'signal', resourceUri, shellId, commandId, code: signalCodes.stop },
    { kind: 'delete', resourceUri, shellId },
    { kind: 'enumerate' },
    { kind: 'pull', enumerationContext: 'uuid:1' },
    { kind: 'identify' },
  ];

  it.each(requests)('of kind $kind is read back as it was written', (request) => {
    expect(decodeRequest(encodeRequest(request, context)).request).toEqual(request);
  });

  it('carries what the server needs in its header', () => {
    const { header } = decodeRequest(encodeRequest(requests[4]!, context));
    expect(header).toMatchObject({
      messageId: context.messageId,
      sessionId: context.sessionId,
      operationTimeoutMs: 20_000,
      maxEnvelopeBytes: 512_000,
      resourceUri,
    });
    expect(header.options.get('WSMAN_CMDSHELL_OPTION_KEEPALIVE')).toBe('TRUE');
    expect(header.selectors.get('ShellId')).toBe(shellId);
  });

  it('stops a pipeline by the code that PowerShell compares ordinally', () => {
    expect(encodeRequest(requests[6]!, context)).toContain('<rsp:Code>powershell/signal/crtl_c</rsp:Code>');
  });

  it('with an unknown action is told apart from a malformed one', () => {
    const text = encodeRequest(requests[7]!, context).replace('transfer/Delete', 'transfer/Put');
    expect(() => decodeRequest(text)).toThrow(expect.objectContaining({ facts: { unsupported: true } }));
    expect(() => decodeRequest(text.slice(0, 200))).toThrow(expect.objectContaining({ facts: {} }));
  });
});

describe('a reply', () => {
  const shell = {
    shellId,
    name: 'kintsugi',
    resourceUri,
    owner: 'LAB\\op',
    clientIp: '127.0.0.1',
    processId: 4711,
    idleTimeoutMs: 7_200_000,
    state: 'Connected',
  };
  const replies: WsmanReply[] = [
    { kind: 'created', shell, to: 'http://pc1:5985/wsman' },
    { kind: 'command-accepted', commandId },
    { kind: 'sent' },
    {
      kind: 'received',
      pieces: [
        { commandId, payload },
        { commandId: undefined, payload },
      ],
      commandState: { commandId, state: 'done' },
    },
    { kind: 'received', pieces: [], commandState: undefined },
    { kind: 'signalled' },
    { kind: 'deleted' },
    { kind: 'shells', shells: [shell, { ...shell, shellId: commandId }], enumerationContext: undefined },
    { kind: 'identified', productVendor: 'Microsoft Corporation', productVersion: 'OS: 0.0.0 SP: 0.0 Stack: 3.0' },
    makeFault(faultCodes.invalidSelectors, 'no <such> shell'),
    makeFault(faultCodes.operationTimedOut, 'timed out'),
  ];

  it.each(replies)('of kind $kind is read back as it was written', (reply) => {
    const text = encodeReply(reply, { messageId: 'uuid:1', relatesTo: context.messageId, machine: 'pc1' });
    const decoded = decodeReply(text);
    expect(decoded.reply).toEqual(reply);
    if (reply.kind !== 'identified') expect(decoded.relatesTo).toBe(context.messageId);
  });

  it('is understood with whatever prefixes the host chose', () => {
    const text = `<?xml version="1.0"?><Envelope xmlns="${namespaces.soap}"><Header><q:Action xmlns:q="${namespaces.addressing}">${namespaces.shell}/ReceiveResponse</q:Action></Header><Body><z:ReceiveResponse xmlns:z='${namespaces.shell}'><!-- note --><z:Stream Name="stdout" CommandId="${commandId}">AAEC+g==</z:Stream></z:ReceiveResponse></Body></Envelope>`;
    expect(decodeReply(text).reply).toEqual({
      kind: 'received',
      pieces: [{ commandId, payload }],
      commandState: undefined,
    });
  });

  it('does not take a foreign element for its own because the prefix looks right', () => {
    const text = encodeReply(replies[1]!, { messageId: 'uuid:1', relatesTo: undefined, machine: 'pc1' }).replace(
      `xmlns:rsp="${namespaces.shell}"`,
      'xmlns:rsp="urn:other"',
    );
    expect(decodeReply(text).reply).toEqual({ kind: 'command-accepted', commandId: '' });
  });

  it('with a nested provider fault gives the outer code and the reason', () => {
    const detail = `<f:WSManFault xmlns:f="${namespaces.fault}" Code="2150858843" Machine="h"><f:Message><f:ProviderFault><f:WSManFault Code="7">inner</f:WSManFault></f:ProviderFault></f:Message></f:WSManFault>`;
    const text = `<s:Envelope xmlns:s="${namespaces.soap}" xmlns:w="${namespaces.wsman}"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>w:InvalidSelectors</s:Value></s:Subcode></s:Code><s:Reason><s:Text>gone</s:Text></s:Reason><s:Detail>${detail}</s:Detail></s:Fault></s:Body></s:Envelope>`;
    expect(decodeReply(text).reply).toEqual({
      kind: 'fault',
      code: 2150858843,
      subcode: 'InvalidSelectors',
      reason: 'gone',
    });
  });
});
