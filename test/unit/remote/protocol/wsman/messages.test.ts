import { describe, expect, it } from 'vitest';
import { decodeRequest } from '../../../../../src/remote/protocol/wsman/decode-request.ts';
import { encodeReply, type ServedReply } from '../../../../../src/remote/protocol/wsman/encode-reply.ts';
import type { RequestContext } from '../../../../../src/remote/protocol/wsman/envelope.ts';
import { makeFault } from '../../../../../src/remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../../../../src/remote/protocol/wsman/fault-codes.ts';
import {
  namespaces,
  powershellResource,
  resources,
  signalCodes,
} from '../../../../../src/remote/protocol/wsman/namespaces.ts';
import { decodeReply } from '../../../../../src/remote/protocol/wsman/replies.ts';
import { cmdShell, encodeRequest, type WsmanRequest } from '../../../../../src/remote/protocol/wsman/requests.ts';
import { envelopeBytesOf } from '../../../../../src/remote/protocol/wsman/service-settings.ts';

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
  const receive: WsmanRequest = { kind: 'receive', resourceUri, shellId, commandId };
  const stop: WsmanRequest = { kind: 'signal', resourceUri, shellId, commandId, code: signalCodes.stop };
  const cmd = { resourceUri: resources.cmd, shellId };
  const requests: WsmanRequest[] = [
    { kind: 'create', resourceUri, shellId, name: 'A & "B"', idleTimeoutMs: 120_000, creationXml: payload },
    { kind: 'create', resourceUri, shellId, noProfile: true, protocolVersion: '2.2', creationXml: payload },
    cmdShell,
    {
      ...cmdShell,
      shellId,
      name: 'shell 1',
      idleTimeoutMs: 60_000,
      lifetimeMs: 90_000,
      workingDirectory: String.raw`C:\Program Files & more`,
      environment: [
        ['a', ' <b> '],
        ['_-(){}[]<>*+-/\\?"!@#$^&|;:i,.`~0', '1'],
      ],
      noProfile: false,
      codepage: 65_001,
    },
    { kind: 'command', resourceUri, shellId, commandId, text: 'if ($a -lt 3) { "<>" }', payload },
    { kind: 'run', ...cmd, command: 'cmd.exe', arguments: [] },
    {
      kind: 'run',
      ...cmd,
      commandId,
      command: 'powershell.exe',
      arguments: ['-Command', ' "a & b" '],
      skipCmdShell: true,
      consoleModeStdin: false,
    },
    { kind: 'send', resourceUri, shellId, commandId, stream: 'stdin', payload },
    { kind: 'send', resourceUri, shellId, commandId: undefined, stream: 'pr', payload },
    { kind: 'send', ...cmd, commandId, stream: 'stdin', payload, end: true },
    receive,
    { kind: 'receive', resourceUri, shellId, commandId: undefined },
    { kind: 'receive', ...cmd, commandId, streams: ['stdout', 'stderr'] },
    stop,
    { kind: 'delete', resourceUri, shellId },
    { kind: 'disconnect', resourceUri, shellId },
    { kind: 'disconnect', resourceUri, shellId, idleTimeoutMs: 3_600_000, bufferMode: 'Drop' },
    { kind: 'reconnect', resourceUri, shellId },
    { kind: 'connect', resourceUri, shellId, connectXml: payload },
    { kind: 'connect-command', resourceUri, shellId, commandId },
    { kind: 'enumerate', resourceUri: resources.shells },
    { kind: 'enumerate', resourceUri: resources.commands, filter: { ShellId: shellId } },
    { kind: 'pull', resourceUri: resources.shells, enumerationContext: 'uuid:1' },
    { kind: 'get', resourceUri: resources.shells, shellId },
    { kind: 'get', resourceUri: resources.config },
    { kind: 'identify' },
  ];

  it.each(requests)('of kind $kind is read back as it was written', (request) => {
    expect(decodeRequest(encodeRequest(request, context)).request).toEqual(request);
  });

  it('carries what the server needs in its header', () => {
    const { header } = decodeRequest(encodeRequest(receive, context));
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
    expect(encodeRequest(stop, context)).toContain('<rsp:Code>powershell/signal/crtl_c</rsp:Code>');
  });

  it('names options in the way of other clients too: 1, True and TRUE are the same', () => {
    const text = encodeRequest({ kind: 'run', ...cmd, command: 'a', arguments: [], skipCmdShell: true }, context);
    for (const value of ['1', 'True', 'true'])
      expect(decodeRequest(text.replace('>TRUE<', `>${value}<`)).request).toMatchObject({ skipCmdShell: true });
    expect(decodeRequest(text.replace('>TRUE<', '>False<')).request).toMatchObject({ skipCmdShell: false });
  });

  it('with an unknown action is told apart from a malformed one', () => {
    const text = encodeRequest({ kind: 'delete', resourceUri, shellId }, context).replace(
      'transfer/Delete',
      'transfer/Put',
    );
    expect(() => decodeRequest(text)).toThrow(expect.objectContaining({ facts: { unsupported: true } }));
    expect(() => decodeRequest(text.slice(0, 200))).toThrow(expect.objectContaining({ facts: {} }));
  });

  it('whose body is another one than its action says is malformed', () => {
    const text = encodeRequest(receive, context).replace('shell/Receive<', 'shell/Disconnect<');
    expect(() => decodeRequest(text)).toThrow('Expected <Disconnect> in the body, got <Receive>.');
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
    inputStreams: ['stdin', 'pr'],
    outputStreams: ['stdout'],
    state: 'Connected',
  };
  const cmd = {
    ...shell,
    resourceUri: resources.cmd,
    maxIdleTimeoutMs: 2_147_483_647,
    workingDirectory: 'C:\\',
    environment: [['a', 'b']] as const,
    inputStreams: ['stdin'],
    outputStreams: ['stdout', 'stderr'],
    bufferMode: 'Block',
    locale: 'ja-JP',
    profileLoaded: false,
    runTimeMs: 3_723_000,
    inactiveMs: 0,
  };
  const piece = { commandId, stream: 'stdout', payload, end: false };
  const replies: ServedReply[] = [
    { kind: 'created', shell, to: 'http://pc1:5985/wsman' },
    { kind: 'created', shell: cmd, to: 'http://pc1:5985/wsman' },
    { kind: 'command-accepted', commandId },
    { kind: 'sent' },
    {
      kind: 'received',
      pieces: [piece, { ...piece, commandId: undefined }],
      commandState: { commandId, state: 'running' },
    },
    {
      kind: 'received',
      pieces: [piece, { ...piece, stream: 'stderr' }, { ...piece, payload: Buffer.alloc(0), end: true }],
      commandState: { commandId, state: 'done', exitCode: -1 },
    },
    { kind: 'received', pieces: [], commandState: undefined },
    { kind: 'signalled' },
    { kind: 'deleted' },
    { kind: 'disconnected' },
    { kind: 'reconnected' },
    { kind: 'connected', connectResponseXml: payload },
    { kind: 'connected', connectResponseXml: undefined },
    { kind: 'shells', shells: [shell, { ...shell, shellId: commandId }], enumerationContext: undefined },
    { kind: 'shells', shells: [], enumerationContext: undefined },
    {
      kind: 'commands',
      commands: [{ commandId, text: 'cmd /c "a & b"', state: 'Running' }],
      enumerationContext: 'uuid:2',
    },
    { kind: 'shell', shell },
    {
      kind: 'settings',
      settings: new Map([
        ['MaxEnvelopeSizekb', '500'],
        ['Service/Auth/Kerberos', 'true'],
        ['Service/Auth/Basic', 'false'],
        ['Service/MaxConnections', '300'],
        ['Winrs/MaxShellsPerUser', '30'],
      ]),
    },
    { kind: 'identified', productVendor: 'Microsoft Corporation', productVersion: 'OS: 0.0.0 SP: 0.0 Stack: 3.0' },
    makeFault(faultCodes.invalidSelectors, 'no <such> shell'),
    makeFault(faultCodes.operationTimedOut, 'timed out'),
    {
      kind: 'fault',
      code: faultCodes.fileNotFound,
      subcode: 'InternalError',
      reason: 'no such file',
      provider: {
        name: 'Shell cmd plugin',
        path: '%systemroot%\\system32\\winrscmd.dll',
        code: 0,
        text: 'no such file',
      },
    },
  ];
  const asReply = { messageId: 'uuid:1', relatesTo: context.messageId, machine: 'pc1' };

  it.each(replies)('of kind $kind is read back as it was written', (reply) => {
    const decoded = decodeReply(encodeReply(reply, asReply));
    expect(decoded.reply).toEqual(reply);
    if (reply.kind !== 'identified') expect(decoded.relatesTo).toBe(context.messageId);
  });

  it('to a Pull has its items in another namespace', () => {
    const reply: ServedReply = { kind: 'shells', shells: [shell], enumerationContext: undefined, pulled: true };
    const text = encodeReply(reply, asReply);
    expect(text).toContain('<n:PullResponse><n:EnumerationContext></n:EnumerationContext><n:Items>');
    expect(decodeReply(text).reply).toEqual(reply);
  });

  it('is understood with whatever prefixes the host chose', () => {
    const text = `<?xml version="1.0"?><Envelope xmlns="${namespaces.soap}"><Header><q:Action xmlns:q="${namespaces.addressing}">${namespaces.shell}/ReceiveResponse</q:Action></Header><Body><z:ReceiveResponse xmlns:z='${namespaces.shell}'><!-- note --><z:Stream Name="stdout" CommandId="${commandId}">AAEC+g==</z:Stream></z:ReceiveResponse></Body></Envelope>`;
    expect(decodeReply(text).reply).toEqual({ kind: 'received', pieces: [piece], commandState: undefined });
  });

  it('does not take a foreign element for its own because the prefix looks right', () => {
    const text = encodeReply({ kind: 'command-accepted', commandId }, asReply).replace(
      `xmlns:rsp="${namespaces.shell}"`,
      'xmlns:rsp="urn:other"',
    );
    expect(decodeReply(text).reply).toEqual({ kind: 'command-accepted', commandId: '' });
  });

  it('tells the envelope size of the service in bytes, or nothing if it is no number', () => {
    expect(envelopeBytesOf(new Map([['MaxEnvelopeSizekb', '150']]))).toBe(153_600);
    expect(envelopeBytesOf(new Map([['MaxEnvelopeSizekb', 'much']]))).toBeUndefined();
  });

  it('to Get or Enumerate with anything else gives the elements as they came', () => {
    const got = encodeReply({ kind: 'shell', shell }, asReply).replaceAll('rsp:Shell>', 'rsp:Other>');
    expect(decodeReply(got).reply).toMatchObject({ kind: 'items', items: [{ name: 'Other' }] });
    const reply: ServedReply = { kind: 'shells', shells: [shell], enumerationContext: 'uuid:3' };
    const mixed = encodeReply(reply, asReply).replace('</w:Items>', '<rsp:Other/></w:Items>');
    expect(decodeReply(mixed).reply).toMatchObject({
      kind: 'items',
      items: [{ name: 'Shell' }, { name: 'Other' }],
      enumerationContext: 'uuid:3',
    });
  });
});
