import { anonymousAddress, namespaces } from './namespaces.ts';
import { escapeXml } from './xml-text.ts';

/**
 * Marks a request whose answer the host keeps (MS-WSMV 3.1.4.1.39, Windows 8 and Server 2012 or later): if the connection breaks, the same
 * request sent again as `resent` gets the same answer, and is done only if it had never come.
 */
export type RobustMark = {
  /** `uuid:` and a GUID of this request. */
  readonly operationId: string;
  /** Whether it was sent before. */
  readonly resent: boolean;
};

/** How long a host keeps the answer of a request whose connection broke, in ms (MS-WSMV 3.1.2). */
export const responseRetentionMs = 195_000;
/** How long a client may send a request again, in ms (MS-WSMV 3.2.5.3). */
export const longestResendMs = 185_000;

const noticeBase = 'http://schemas.microsoft.com/wbem/wsman/1/wsman';
const noticeResource = `${noticeBase}/RobustConnection`;

/** Messages between a request and its answer that say nothing to it: the host has it, or the host is still there. */
export type Notice = 'acknowledge' | 'keepAlive';

/** Header elements of a marked request. */
export function encodeMark(mark: RobustMark): string {
  return `<p:OperationID s:mustUnderstand="${mark.resent}">${escapeXml(mark.operationId)}</p:OperationID><p:SequenceId s:mustUnderstand="false">1</p:SequenceId>`;
}

/** Header elements of an answer to a marked request. */
export function encodeAnswerMark(operationId: string | undefined): string {
  if (operationId === undefined) return '';
  return `<p:OperationID s:mustUnderstand="false">${escapeXml(operationId)}</p:OperationID><p:SequenceId>1</p:SequenceId>`;
}

/** Writes a notice of the host (MS-WSMV 4.11.3). */
export function encodeNotice(
  notice: Notice,
  ids: { readonly operationId: string; readonly messageId: string },
): string {
  const action = `${noticeBase}/${notice === 'acknowledge' ? 'Acknowledge' : 'Keepalive'}`;
  const body = notice === 'acknowledge' ? '<p:LastSequenceIdReceived>1</p:LastSequenceIdReceived>' : '';
  return `<s:Envelope xmlns:s="${namespaces.soap}" xmlns:a="${namespaces.addressing}" xmlns:w="${namespaces.wsman}" xmlns:p="${namespaces.microsoft}"><s:Header><a:To>${anonymousAddress}</a:To><w:ResourceURI s:mustUnderstand="true">${noticeResource}</w:ResourceURI><a:Action s:mustUnderstand="true">${action}</a:Action><a:MessageID>${escapeXml(ids.messageId)}</a:MessageID><p:OperationID>${escapeXml(ids.operationId)}</p:OperationID></s:Header><s:Body>${body}</s:Body></s:Envelope>`;
}

/** Whether an action is that of a notice; also of one that we do not know. */
export function isNotice(action: string | undefined): boolean {
  return action?.startsWith(`${noticeBase}/`) ?? false;
}

/** The envelopes of a reply's text: one, or notices and an answer one after another. Anything else than envelopes is left in its place. */
export function splitEnvelopes(text: string): string[] {
  const parts: string[] = [];
  let at = 0;
  for (const close of text.matchAll(/<\/(?:[^\s:<>/]+:)?Envelope\s*>/gu)) {
    const end = close.index + close[0].length;
    parts.push(text.slice(at, end).replace(/^[\s\uFEFF]+/u, ''));
    at = end;
  }
  if (parts.length === 0 || text.slice(at).trim() !== '') parts.push(text.slice(at));
  return parts;
}
