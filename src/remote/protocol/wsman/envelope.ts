import { Failure } from '../../../kernel/failure.ts';
import { anonymousAddress, namespaces } from './namespaces.ts';
import { encodeAnswerMark, encodeMark, type RobustMark } from './robust.ts';
import { childText, findChild, findChildren, parseXml, type XmlElement } from './xml-element.ts';
import { escapeXml, formatDuration, parseDuration } from './xml-text.ts';

const declarations = `xmlns:s="${namespaces.soap}" xmlns:a="${namespaces.addressing}" xmlns:w="${namespaces.wsman}" xmlns:p="${namespaces.microsoft}" xmlns:rsp="${namespaces.shell}" xmlns:x="${namespaces.transfer}" xmlns:n="${namespaces.enumeration}"`;

/** What every request of one client session has in common. */
export type RequestContext = {
  /** Endpoint URL. */
  readonly to: string;
  /** `uuid:` and an upper-case GUID, constant for the client session. */
  readonly sessionId: string;
  /** `uuid:` and a fresh upper-case GUID; the reply's RelatesTo equals it. */
  readonly messageId: string;
  readonly operationTimeoutMs: number;
  /** Bytes of the largest reply that we take. */
  readonly maxEnvelopeBytes: number;
  /** Present: the host is asked to keep its answer for the case that it gets lost. */
  readonly robust?: RobustMark;
};

/** One option of the header's OptionSet. */
export type WsmanOption = { readonly name: string; readonly value: string; readonly mustComply?: boolean };

/** Header fields that differ by operation. */
export type RequestHead = {
  readonly action: string;
  readonly resourceUri: string;
  readonly shellId?: string | undefined;
  readonly options?: readonly WsmanOption[];
};

/** A decoded header, of a request or a reply. */
export type EnvelopeHeader = {
  readonly action: string | undefined;
  readonly messageId: string | undefined;
  readonly relatesTo: string | undefined;
  readonly resourceUri: string | undefined;
  readonly sessionId: string | undefined;
  readonly operationTimeoutMs: number | undefined;
  readonly maxEnvelopeBytes: number | undefined;
  /** Of a request that is marked, or of an answer to one. */
  readonly robust: RobustMark | undefined;
  readonly selectors: ReadonlyMap<string, string>;
  readonly options: ReadonlyMap<string, string>;
};

/** A decoded envelope. */
export type Envelope = {
  readonly header: EnvelopeHeader;
  /** Child elements of the body. */
  readonly body: readonly XmlElement[];
};

/** Writes a request (DSP0226 and MS-WSMV 2.2.4). `body` is XML that uses the prefixes s, a, w, p, rsp, x, n. */
export function encodeRequestEnvelope(head: RequestHead, context: RequestContext, body: string): string {
  const options = (head.options ?? []).map(
    (option) =>
      `<w:Option Name="${escapeXml(option.name)}"${option.mustComply ? ' MustComply="true"' : ''}>${escapeXml(option.value)}</w:Option>`,
  );
  const header = [
    `<a:To>${escapeXml(context.to)}</a:To>`,
    `<w:ResourceURI s:mustUnderstand="true">${escapeXml(head.resourceUri)}</w:ResourceURI>`,
    `<a:ReplyTo><a:Address s:mustUnderstand="true">${anonymousAddress}</a:Address></a:ReplyTo>`,
    `<a:Action s:mustUnderstand="true">${head.action}</a:Action>`,
    `<w:MaxEnvelopeSize s:mustUnderstand="true">${context.maxEnvelopeBytes}</w:MaxEnvelopeSize>`,
    `<a:MessageID>${escapeXml(context.messageId)}</a:MessageID>`,
    '<w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/>',
    `<p:SessionId s:mustUnderstand="false">${escapeXml(context.sessionId)}</p:SessionId>`,
    context.robust === undefined ? '' : encodeMark(context.robust),
    `<w:OperationTimeout>${formatDuration(context.operationTimeoutMs)}</w:OperationTimeout>`,
    options.length > 0 ? `<w:OptionSet s:mustUnderstand="true">${options.join('')}</w:OptionSet>` : '',
    head.shellId === undefined
      ? ''
      : `<w:SelectorSet><w:Selector Name="ShellId">${escapeXml(head.shellId)}</w:Selector></w:SelectorSet>`,
  ];
  return `<s:Envelope ${declarations}><s:Header>${header.join('')}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
}

/** Writes a reply. */
export function encodeReplyEnvelope(
  head: {
    readonly action: string;
    readonly messageId: string;
    readonly relatesTo: string | undefined;
    /** Of the request that it answers, if that was marked. */
    readonly operationId?: string | undefined;
  },
  body: string,
): string {
  const relates = head.relatesTo === undefined ? '' : `<a:RelatesTo>${escapeXml(head.relatesTo)}</a:RelatesTo>`;
  return `<s:Envelope xml:lang="en-US" ${declarations}><s:Header><a:Action>${head.action}</a:Action><a:MessageID>${escapeXml(head.messageId)}</a:MessageID>${encodeAnswerMark(head.operationId)}<a:To>${anonymousAddress}</a:To>${relates}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
}

/** Reads a SOAP 1.2 envelope. @throws Failure `protocol-error` */
export function decodeEnvelope(text: string): Envelope {
  const root = parseXml(text);
  const body = findChild(root, namespaces.soap, 'Body');
  if (root.name !== 'Envelope' || root.namespace !== namespaces.soap || !body) {
    throw new Failure('protocol-error', `Expected a SOAP 1.2 envelope with a body, got <${root.name}>.`);
  }
  const header = findChild(root, namespaces.soap, 'Header');
  return { header: decodeHeader(header), body: body.children };
}

function decodeHeader(header: XmlElement | undefined): EnvelopeHeader {
  const read = (namespace: string, name: string) => (header ? childText(header, namespace, name) : undefined);
  const timeout = read(namespaces.wsman, 'OperationTimeout');
  const size = read(namespaces.wsman, 'MaxEnvelopeSize');
  return {
    action: read(namespaces.addressing, 'Action'),
    messageId: read(namespaces.addressing, 'MessageID'),
    relatesTo: read(namespaces.addressing, 'RelatesTo'),
    resourceUri: read(namespaces.wsman, 'ResourceURI'),
    sessionId: read(namespaces.microsoft, 'SessionId'),
    operationTimeoutMs: timeout === undefined ? undefined : parseDuration(timeout),
    maxEnvelopeBytes: size !== undefined && /^\d{1,9}$/u.test(size) ? Number(size) : undefined,
    robust: header && readMark(header),
    selectors: readNamed(header, 'SelectorSet', 'Selector'),
    options: readNamed(header, 'OptionSet', 'Option'),
  };
}

function readMark(header: XmlElement): RobustMark | undefined {
  const element = findChild(header, namespaces.microsoft, 'OperationID');
  if (!element) return undefined;
  const resent = element.attributes.get(`{${namespaces.soap}}mustUnderstand`)?.trim().toLowerCase();
  return { operationId: element.text.trim(), resent: resent === 'true' || resent === '1' };
}

function readNamed(header: XmlElement | undefined, set: string, item: string): Map<string, string> {
  const found = header && findChild(header, namespaces.wsman, set);
  const items = found ? findChildren(found, namespaces.wsman, item) : [];
  return new Map(items.map((element) => [element.attributes.get('Name') ?? '', element.text.trim()]));
}
