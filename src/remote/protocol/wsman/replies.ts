import { Failure } from '../../../kernel/failure.ts';
import { decodeEnvelope, encodeReplyEnvelope } from './envelope.ts';
import { decodeFault, encodeFaultBody, type WsmanFault } from './fault.ts';
import { actions, commandStates, faultAction, namespaces } from './namespaces.ts';
import { childText, findChild, findChildren, findDescendant, type XmlElement } from './xml-element.ts';
import { escapeXml, formatDuration, parseDuration } from './xml-text.ts';

/** A shell as Create and Enumerate describe it. */
export type ShellDescription = {
  readonly shellId: string;
  readonly name?: string;
  readonly resourceUri: string;
  /** Account that owns it. */
  readonly owner: string;
  readonly clientIp: string;
  readonly processId: number;
  readonly idleTimeoutMs: number;
  /** `Connected` or `Disconnected`. */
  readonly state: string;
};

/** One piece of output. */
type StreamPiece = { readonly commandId: string | undefined; readonly payload: Buffer };

/** A reply on the shell protocol. */
export type WsmanReply =
  | { readonly kind: 'created'; readonly shell: ShellDescription; readonly to: string }
  | { readonly kind: 'command-accepted'; readonly commandId: string }
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'received';
      readonly pieces: readonly StreamPiece[];
      readonly commandState: { readonly commandId: string; readonly state: 'running' | 'pending' | 'done' } | undefined;
    }
  | { readonly kind: 'signalled' }
  | { readonly kind: 'deleted' }
  | {
      readonly kind: 'shells';
      readonly shells: readonly ShellDescription[];
      readonly enumerationContext: string | undefined;
    }
  | { readonly kind: 'identified'; readonly productVendor: string; readonly productVersion: string }
  | WsmanFault;

/** What the writer needs besides the reply. */
export type ReplyContext = {
  readonly messageId: string;
  readonly relatesTo: string | undefined;
  readonly machine: string;
};

const replyActions: Readonly<Record<Exclude<WsmanReply['kind'], 'identified'>, string>> = {
  created: `${actions.create}Response`,
  'command-accepted': `${actions.command}Response`,
  sent: `${actions.send}Response`,
  received: `${actions.receive}Response`,
  signalled: `${actions.signal}Response`,
  deleted: `${actions.delete}Response`,
  shells: `${actions.enumerate}Response`,
  fault: faultAction,
};

/** Writes a reply as a SOAP envelope. */
export function encodeReply(reply: WsmanReply, context: ReplyContext): string {
  if (reply.kind === 'identified') {
    return `<s:Envelope xmlns:s="${namespaces.soap}"><s:Header/><s:Body><id:IdentifyResponse xmlns:id="${namespaces.identify}"><id:ProtocolVersion>${namespaces.wsman}</id:ProtocolVersion><id:ProductVendor>${escapeXml(reply.productVendor)}</id:ProductVendor><id:ProductVersion>${escapeXml(reply.productVersion)}</id:ProductVersion></id:IdentifyResponse></s:Body></s:Envelope>`;
  }
  return encodeReplyEnvelope({ action: replyActions[reply.kind], ...context }, encodeBody(reply, context.machine));
}

function encodeBody(reply: Exclude<WsmanReply, { kind: 'identified' }>, machine: string): string {
  switch (reply.kind) {
    case 'created':
      return `<x:ResourceCreated><a:Address>${escapeXml(reply.to)}</a:Address><a:ReferenceParameters><w:ResourceURI>${escapeXml(reply.shell.resourceUri)}</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">${escapeXml(reply.shell.shellId)}</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>${encodeShell(reply.shell)}`;
    case 'command-accepted':
      return `<rsp:CommandResponse><rsp:CommandId>${escapeXml(reply.commandId)}</rsp:CommandId></rsp:CommandResponse>`;
    case 'sent':
      return '<rsp:SendResponse/>';
    case 'received':
      return `<rsp:ReceiveResponse>${reply.pieces.map(encodePiece).join('')}${encodeState(reply.commandState)}</rsp:ReceiveResponse>`;
    case 'signalled':
      return '<rsp:SignalResponse/>';
    case 'deleted':
      return '';
    case 'shells':
      return `<n:EnumerateResponse><n:EnumerationContext>${escapeXml(reply.enumerationContext ?? '')}</n:EnumerationContext><w:Items>${reply.shells.map(encodeShell).join('')}</w:Items>${reply.enumerationContext === undefined ? '<w:EndOfSequence/>' : ''}</n:EnumerateResponse>`;
    case 'fault':
      return encodeFaultBody(reply, machine);
  }
}

function encodeShell(shell: ShellDescription): string {
  const name = shell.name === undefined ? '' : `<rsp:Name>${escapeXml(shell.name)}</rsp:Name>`;
  return `<rsp:Shell><rsp:ShellId>${escapeXml(shell.shellId)}</rsp:ShellId>${name}<rsp:ResourceUri>${escapeXml(shell.resourceUri)}</rsp:ResourceUri><rsp:Owner>${escapeXml(shell.owner)}</rsp:Owner><rsp:ClientIP>${escapeXml(shell.clientIp)}</rsp:ClientIP><rsp:ProcessId>${shell.processId}</rsp:ProcessId><rsp:IdleTimeOut>${formatDuration(shell.idleTimeoutMs)}</rsp:IdleTimeOut><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams><rsp:BufferMode>Block</rsp:BufferMode><rsp:State>${escapeXml(shell.state)}</rsp:State></rsp:Shell>`;
}

function encodePiece(piece: StreamPiece): string {
  const command = piece.commandId === undefined ? '' : ` CommandId="${escapeXml(piece.commandId)}"`;
  return `<rsp:Stream Name="stdout"${command}>${piece.payload.toString('base64')}</rsp:Stream>`;
}

function encodeState(state: Extract<WsmanReply, { kind: 'received' }>['commandState']): string {
  return state
    ? `<rsp:CommandState CommandId="${escapeXml(state.commandId)}" State="${commandStates[state.state]}"/>`
    : '';
}

/** Reads a reply; faults come back as data. @throws Failure `protocol-error` for anything that is no reply of the shell protocol */
export function decodeReply(text: string): { readonly relatesTo: string | undefined; readonly reply: WsmanReply } {
  const { header, body } = decodeEnvelope(text);
  const reply = decodeFault(body) ?? decodeBody(header.action, body);
  return { relatesTo: header.relatesTo, reply };
}

function decodeBody(action: string | undefined, body: readonly XmlElement[]): WsmanReply {
  const first = body[0];
  if (action === replyActions.deleted) return { kind: 'deleted' };
  if (action === replyActions.sent) return { kind: 'sent' };
  if (action === replyActions.signalled) return { kind: 'signalled' };
  if (first && action === replyActions.created) return decodeCreated(body);
  if (first && action === replyActions.received) return decodeReceived(first);
  if (first && action === replyActions['command-accepted']) {
    return { kind: 'command-accepted', commandId: childText(first, namespaces.shell, 'CommandId') ?? '' };
  }
  if (first && (action === replyActions.shells || action === `${actions.pull}Response`)) return decodeShells(first);
  if (first?.name === 'IdentifyResponse') {
    const read = (name: string) => childText(first, namespaces.identify, name) ?? '';
    return { kind: 'identified', productVendor: read('ProductVendor'), productVersion: read('ProductVersion') };
  }
  throw new Failure('protocol-error', `Expected a reply of the shell protocol, got the action ${action ?? '(none)'}.`);
}

function decodeCreated(body: readonly XmlElement[]): WsmanReply {
  const created = body.find((element) => element.name === 'ResourceCreated');
  const shellElement = body.find((element) => element.name === 'Shell' && element.namespace === namespaces.shell);
  const selector = created && findDescendant(created, namespaces.wsman, 'Selector');
  const shell = shellElement && decodeShell(shellElement);
  const shellId = shell?.shellId || selector?.text.trim();
  if (!shellId) throw new Failure('protocol-error', 'The host created a shell but did not say its id.');
  const to = created ? (childText(created, namespaces.addressing, 'Address') ?? '') : '';
  return { kind: 'created', shell: { ...(shell ?? emptyShell), shellId }, to };
}

const emptyShell: ShellDescription = {
  shellId: '',
  resourceUri: '',
  owner: '',
  clientIp: '',
  processId: 0,
  idleTimeoutMs: 0,
  state: '',
};

function decodeShell(shell: XmlElement): ShellDescription {
  const read = (name: string) => childText(shell, namespaces.shell, name) ?? '';
  const name = childText(shell, namespaces.shell, 'Name');
  return {
    shellId: read('ShellId'),
    resourceUri: read('ResourceUri'),
    owner: read('Owner'),
    clientIp: read('ClientIP'),
    processId: Number(read('ProcessId')) || 0,
    idleTimeoutMs: parseDuration(read('IdleTimeOut')) ?? 0,
    state: read('State'),
    ...(name === undefined ? {} : { name }),
  };
}

function decodeReceived(response: XmlElement): WsmanReply {
  const pieces = findChildren(response, namespaces.shell, 'Stream')
    .filter((stream) => stream.text !== '')
    .map((stream) => ({ commandId: stream.attributes.get('CommandId'), payload: Buffer.from(stream.text, 'base64') }));
  const element = findChild(response, namespaces.shell, 'CommandState');
  if (!element) return { kind: 'received', pieces, commandState: undefined };
  const uri = element.attributes.get('State');
  const state = uri === commandStates.done ? 'done' : uri === commandStates.pending ? 'pending' : 'running';
  return { kind: 'received', pieces, commandState: { commandId: element.attributes.get('CommandId') ?? '', state } };
}

function decodeShells(response: XmlElement): WsmanReply {
  const items = findChild(response, namespaces.wsman, 'Items') ?? findChild(response, namespaces.enumeration, 'Items');
  const ended =
    findChild(response, namespaces.wsman, 'EndOfSequence') ??
    findChild(response, namespaces.enumeration, 'EndOfSequence');
  const context = childText(response, namespaces.enumeration, 'EnumerationContext');
  return {
    kind: 'shells',
    shells: items ? findChildren(items, namespaces.shell, 'Shell').map(decodeShell) : [],
    enumerationContext: ended || !context ? undefined : context,
  };
}
