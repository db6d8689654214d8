import { encodeReplyEnvelope } from './envelope.ts';
import { encodeFaultBody } from './fault.ts';
import { actions, commandStates, namespaces } from './namespaces.ts';
import { type CommandProgress, replyActions, type StreamPiece, type WsmanReply } from './replies.ts';
import { encodeSettings } from './service-settings.ts';
import { encodeCommand, encodeShell } from './shell-description.ts';
import { escapeXml, toBase64 } from './xml-text.ts';

/** What the writer needs besides the reply. */
export type ReplyContext = {
  readonly messageId: string;
  readonly relatesTo: string | undefined;
  readonly machine: string;
  /** Of the request that it answers, if that was marked. */
  readonly operationId?: string | undefined;
};

/** Replies that a server of ours gives. */
export type ServedReply = Exclude<WsmanReply, { kind: 'items' }>;

/** Writes a reply as a SOAP envelope. */
export function encodeReply(reply: ServedReply, context: ReplyContext): string {
  if (reply.kind === 'identified') {
    return `<s:Envelope xmlns:s="${namespaces.soap}"><s:Header/><s:Body><id:IdentifyResponse xmlns:id="${namespaces.identify}"><id:ProtocolVersion>${namespaces.wsman}</id:ProtocolVersion><id:ProductVendor>${escapeXml(reply.productVendor)}</id:ProductVendor><id:ProductVersion>${escapeXml(reply.productVersion)}</id:ProductVersion></id:IdentifyResponse></s:Body></s:Envelope>`;
  }
  const pulled = 'pulled' in reply && reply.pulled === true;
  const action = pulled ? `${actions.pull}Response` : replyActions[reply.kind];
  return encodeReplyEnvelope({ action, ...context }, encodeBody(reply, context.machine, pulled));
}

function encodeBody(reply: Exclude<ServedReply, { kind: 'identified' }>, machine: string, pulled: boolean): string {
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
    case 'disconnected':
    case 'reconnected':
      return '';
    case 'connected':
      return reply.connectResponseXml === undefined
        ? '<rsp:ConnectResponse/>'
        : `<rsp:ConnectResponse><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams><connectResponseXml xmlns="${namespaces.powershell}">${toBase64(reply.connectResponseXml)}</connectResponseXml></rsp:ConnectResponse>`;
    case 'shells':
      return encodeItems(reply.shells.map(encodeShell), reply.enumerationContext, pulled);
    case 'commands':
      return encodeItems(reply.commands.map(encodeCommand), reply.enumerationContext, pulled);
    case 'shell':
      return encodeShell(reply.shell);
    case 'settings':
      return encodeSettings(reply.settings);
    case 'fault':
      return encodeFaultBody(reply, machine);
  }
}

/** Items of an enumeration: in the answer to Enumerate they belong to WS-Management's own namespace, in that to Pull to WS-Enumeration's. */
function encodeItems(items: readonly string[], context: string | undefined, pulled: boolean): string {
  const prefix = pulled ? 'n' : 'w';
  const list = items.length === 0 ? '' : `<${prefix}:Items>${items.join('')}</${prefix}:Items>`;
  const end = context === undefined ? `<${prefix}:EndOfSequence/>` : '';
  const name = pulled ? 'PullResponse' : 'EnumerateResponse';
  return `<n:${name}><n:EnumerationContext>${escapeXml(context ?? '')}</n:EnumerationContext>${list}${end}</n:${name}>`;
}

function encodePiece(piece: StreamPiece): string {
  const command = piece.commandId === undefined ? '' : ` CommandId="${escapeXml(piece.commandId)}"`;
  return `<rsp:Stream Name="${escapeXml(piece.stream)}"${command}${piece.end ? ' End="true"' : ''}>${toBase64(piece.payload)}</rsp:Stream>`;
}

function encodeState(progress: CommandProgress | undefined): string {
  if (progress === undefined) return '';
  const exit = progress.exitCode === undefined ? '' : `<rsp:ExitCode>${progress.exitCode}</rsp:ExitCode>`;
  return `<rsp:CommandState CommandId="${escapeXml(progress.commandId)}" State="${commandStates[progress.state]}">${exit}</rsp:CommandState>`;
}
