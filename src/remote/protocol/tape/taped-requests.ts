import type { Guid } from '../psrp/guid.ts';
import { decodeRequest, type IncomingRequest } from '../wsman/decode-request.ts';
import { resources } from '../wsman/namespaces.ts';
import type { WsmanRequest } from '../wsman/requests.ts';
import type { TapeExchange } from './tape.ts';

/** A request in a form that can be compared; undefined for those without: they are answered in the order of the tape. */
export function tryDecode(text: string): IncomingRequest | undefined {
  try {
    return decodeRequest(text);
  } catch {
    return undefined;
  }
}

/** The kind of shell that a request is about, by its resource. */
export const resourceOf = (request: WsmanRequest): string =>
  'resourceUri' in request ? request.resourceUri.toLowerCase() : '';
/** Whether a request is about a shell for native programs. */
export const isCmd = (request: WsmanRequest): boolean => resourceOf(request) === resources.cmd;
/** The shell that a request is about. */
export const shellOf = (request: WsmanRequest): Guid | undefined =>
  request.kind === 'enumerate' ? request.filter?.['ShellId'] : 'shellId' in request ? request.shellId : undefined;
/** The command that a request is about. */
export const commandOf = (request: WsmanRequest): Guid | undefined =>
  'commandId' in request ? request.commandId : undefined;

/** The PSRP messages that a request begins a session or a pipeline with. */
export function psrpOf(request: WsmanRequest): Uint8Array | undefined {
  if (request.kind === 'create') return request.creationXml;
  if (request.kind === 'connect') return request.connectXml;
  return request.kind === 'command' ? request.payload : undefined;
}

/**
 * Which other exchanges each answer may depend on: those that were asked before it came, and that change what the host has to say about the
 * same command. Times on the tape tell; without them each answer is free.
 */
export function dependencies(
  messages: readonly TapeExchange[],
  requests: readonly (WsmanRequest | undefined)[],
): (index: number) => number[] {
  return (index) => {
    const answered = messages[index]?.ms?.[1];
    const request = requests[index];
    if (answered === undefined || request?.kind !== 'receive') return [];
    return messages.flatMap(({ ms }, other) => {
      const cause = requests[other];
      return ms && cause && ms[0] < answered && touches(cause, request) ? [other] : [];
    });
  };
}

const causes: ReadonlySet<WsmanRequest['kind']> = new Set(['send', 'signal', 'delete', 'disconnect']);

function touches(cause: WsmanRequest, receive: WsmanRequest): boolean {
  if (!causes.has(cause.kind) || !same(shellOf(cause), shellOf(receive))) return false;
  return commandOf(cause) === undefined || same(commandOf(cause), commandOf(receive));
}

const same = (left: Guid | undefined, right: Guid | undefined): boolean => left?.toUpperCase() === right?.toUpperCase();
