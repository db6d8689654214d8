import { Failure } from '../../../kernel/failure.ts';
import { decodeEnvelope } from './envelope.ts';
import { decodeFault, type WsmanFault } from './fault.ts';
import { actions, commandStates, faultAction, namespaces } from './namespaces.ts';
import { takeStreams } from './receive-reply.ts';
import { isNotice, splitEnvelopes } from './robust.ts';
import { readSettings, type Settings } from './service-settings.ts';
import { type CommandDescription, decodeCommand, decodeShell, type ShellDescription } from './shell-description.ts';
import { childText, findChild, findChildren, findDescendant, type XmlElement } from './xml-element.ts';
import { fromBase64 } from './xml-text.ts';

/** One piece of output. */
export type StreamPiece = {
  readonly commandId: string | undefined;
  /** `stdout`, or `stderr` of a cmd shell. */
  readonly stream: string;
  readonly payload: Buffer;
  /** Whether nothing follows on this stream. */
  readonly end: boolean;
};

/** State of a command in a Receive reply. */
export type CommandProgress = {
  readonly commandId: string;
  readonly state: 'running' | 'pending' | 'done';
  readonly exitCode?: number;
};

/** A reply on the shell protocol (MS-WSMV 3.1.4). */
export type WsmanReply =
  | { readonly kind: 'created'; readonly shell: ShellDescription; readonly to: string }
  | { readonly kind: 'command-accepted'; readonly commandId: string }
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'received';
      readonly pieces: readonly StreamPiece[];
      readonly commandState: CommandProgress | undefined;
    }
  | { readonly kind: 'signalled' }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'reconnected' }
  /** To a pool: PSRP fragments that answer the connection; to a command: nothing more. */
  | { readonly kind: 'connected'; readonly connectResponseXml: Buffer | undefined }
  | {
      readonly kind: 'shells';
      readonly shells: readonly ShellDescription[];
      readonly enumerationContext: string | undefined;
      /** Whether it answers a Pull. */
      readonly pulled?: boolean;
    }
  | {
      readonly kind: 'commands';
      readonly commands: readonly CommandDescription[];
      readonly enumerationContext: string | undefined;
      readonly pulled?: boolean;
    }
  | { readonly kind: 'shell'; readonly shell: ShellDescription }
  | { readonly kind: 'settings'; readonly settings: Settings }
  /** Anything else that Get or Enumerate found, as it came. */
  | {
      readonly kind: 'items';
      readonly items: readonly XmlElement[];
      readonly enumerationContext: string | undefined;
      readonly pulled?: boolean;
    }
  | { readonly kind: 'identified'; readonly productVendor: string; readonly productVersion: string }
  | WsmanFault;

/** Actions of replies by their kind; `shells` and `commands` answer Enumerate, and Pull by an action of its own. */
export const replyActions: Readonly<Record<Exclude<WsmanReply['kind'], 'identified' | 'items'>, string>> = {
  created: `${actions.create}Response`,
  'command-accepted': `${actions.command}Response`,
  sent: `${actions.send}Response`,
  received: `${actions.receive}Response`,
  signalled: `${actions.signal}Response`,
  deleted: `${actions.delete}Response`,
  disconnected: `${actions.disconnect}Response`,
  reconnected: `${actions.reconnect}Response`,
  connected: `${actions.connect}Response`,
  shells: `${actions.enumerate}Response`,
  commands: `${actions.enumerate}Response`,
  shell: `${actions.get}Response`,
  settings: `${actions.get}Response`,
  fault: faultAction,
};

/** A reply with what ties it to its request. */
export type DecodedReply = {
  readonly relatesTo: string | undefined;
  /** Of the marked request that it answers: the host keeps its answers. */
  readonly operationId: string | undefined;
  readonly reply: WsmanReply;
};

/**
 * Reads a reply, passing over notices before it; faults come back as data. Output is cut out of the text first, so that only what surrounds it is
 * parsed as XML.
 * @throws Failure `protocol-error` for anything that is no reply of the shell protocol
 */
export function decodeReply(text: string): DecodedReply {
  const envelopes = splitEnvelopes(text);
  for (const envelope of envelopes.slice(0, -1)) {
    const { action } = decodeEnvelope(envelope).header;
    if (!isNotice(action))
      throw new Failure('protocol-error', `Expected one reply, got ${action ?? 'a message'} before it.`);
  }
  return decodeOne(envelopes.at(-1) ?? '');
}

function decodeOne(text: string): DecodedReply {
  const taken = takeStreams(text);
  const { header, body } = decodeEnvelope(taken?.rest ?? text);
  const reply = decodeFault(body) ?? decodeBody(header.action, body, taken?.contents ?? []);
  return { relatesTo: header.relatesTo, operationId: header.robust?.operationId, reply };
}

type Contents = NonNullable<ReturnType<typeof takeStreams>>['contents'];

function decodeBody(action: string | undefined, body: readonly XmlElement[], contents: Contents): WsmanReply {
  const first = body[0];
  if (action === replyActions.deleted) return { kind: 'deleted' };
  if (action === replyActions.sent) return { kind: 'sent' };
  if (action === replyActions.signalled) return { kind: 'signalled' };
  if (action === replyActions.disconnected) return { kind: 'disconnected' };
  if (action === replyActions.reconnected) return { kind: 'reconnected' };
  if (action === replyActions.connected)
    return { kind: 'connected', connectResponseXml: first && readConnectResponse(first) };
  if (first && action === replyActions.created) return decodeCreated(body);
  if (first && action === replyActions.received) return decodeReceived(first, contents);
  if (first && action === replyActions['command-accepted'])
    return { kind: 'command-accepted', commandId: childText(first, namespaces.shell, 'CommandId') ?? '' };
  if (first && action === replyActions.shells) return decodeItems(first);
  if (first && action === `${actions.pull}Response`) return { ...decodeItems(first), pulled: true };
  if (first && action === replyActions.shell) return decodeGot(first);
  if (first?.name === 'IdentifyResponse' && first.namespace === namespaces.identify) {
    const read = (name: string) => childText(first, namespaces.identify, name) ?? '';
    return { kind: 'identified', productVendor: read('ProductVendor'), productVersion: read('ProductVersion') };
  }
  throw new Failure('protocol-error', `Expected a reply of the shell protocol, got the action ${action ?? '(none)'}.`);
}

function readConnectResponse(response: XmlElement): Buffer | undefined {
  const text = childText(response, namespaces.powershell, 'connectResponseXml');
  return text === undefined ? undefined : fromBase64(text);
}

function decodeGot(first: XmlElement): WsmanReply {
  if (first.name === 'Shell' && first.namespace === namespaces.shell)
    return { kind: 'shell', shell: decodeShell(first) };
  if (first.name === 'Config' && first.namespace === namespaces.config)
    return { kind: 'settings', settings: readSettings(first) };
  return { kind: 'items', items: [first], enumerationContext: undefined };
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

function decodeReceived(response: XmlElement, contents: Contents): WsmanReply {
  const streams = findChildren(response, namespaces.shell, 'Stream');
  const cutOut = new Set(contents.map(({ index }) => response.children[index]));
  const pieces = [
    ...contents.map(({ index, payload }) => toPiece(response.children[index], payload)),
    ...streams.filter((stream) => !cutOut.has(stream)).map((stream) => toPiece(stream, fromBase64(stream.text))),
  ].filter((piece): piece is StreamPiece => piece !== undefined && (piece.end || piece.payload.length > 0));
  const element = findChild(response, namespaces.shell, 'CommandState');
  if (!element) return { kind: 'received', pieces, commandState: undefined };
  const uri = element.attributes.get('State');
  const state = uri === commandStates.done ? 'done' : uri === commandStates.pending ? 'pending' : 'running';
  const exitCode = childText(element, namespaces.shell, 'ExitCode');
  const commandId = element.attributes.get('CommandId') ?? '';
  const exit = exitCode !== undefined && /^-?\d+$/u.test(exitCode) ? { exitCode: Number(exitCode) } : {};
  return { kind: 'received', pieces, commandState: { commandId, state, ...exit } };
}

function toPiece(element: XmlElement | undefined, payload: Buffer): StreamPiece | undefined {
  if (element?.name !== 'Stream' || element.namespace !== namespaces.shell) return undefined;
  const { attributes } = element;
  return {
    commandId: attributes.get('CommandId'),
    stream: attributes.get('Name') ?? '',
    payload,
    end: attributes.get('End')?.toLowerCase() === 'true',
  };
}

function decodeItems(response: XmlElement): Extract<WsmanReply, { readonly enumerationContext: string | undefined }> {
  const find = (name: string) =>
    findChild(response, namespaces.wsman, name) ?? findChild(response, namespaces.enumeration, name);
  const items = find('Items');
  const context = childText(response, namespaces.enumeration, 'EnumerationContext');
  const enumerationContext = find('EndOfSequence') || !context ? undefined : context;
  const found = items?.children ?? [];
  const all = (name: string) => found.every((item) => item.name === name && item.namespace === namespaces.shell);
  if (all('Shell')) return { kind: 'shells', shells: found.map(decodeShell), enumerationContext };
  if (all('Command')) return { kind: 'commands', commands: found.map(decodeCommand), enumerationContext };
  return { kind: 'items', items: found, enumerationContext };
}
