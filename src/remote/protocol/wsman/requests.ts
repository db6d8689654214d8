import { Failure } from '../../../kernel/failure.ts';
import {
  decodeEnvelope,
  type EnvelopeHeader,
  encodeRequestEnvelope,
  type RequestContext,
  type WsmanOption,
} from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { childText, findChild, findChildren, type XmlElement } from './xml-element.ts';
import { escapeXml, formatDuration, parseDuration } from './xml-text.ts';

/** A request on the shell protocol (MS-WSMV 3.1.4), payloads as bytes. `resourceUri` names the session configuration. */
export type WsmanRequest =
  | {
      readonly kind: 'create';
      readonly resourceUri: string;
      /** Upper-case GUID that we propose; the reply's one counts. */
      readonly shellId: string;
      readonly name?: string;
      readonly idleTimeoutMs?: number;
      /** PSRP fragments that open the runspace pool. */
      readonly creationXml: Uint8Array;
    }
  | {
      readonly kind: 'command';
      readonly resourceUri: string;
      readonly shellId: string;
      readonly commandId: string;
      /** Display text. */
      readonly text: string;
      /** First PSRP fragments of the pipeline. */
      readonly payload: Uint8Array;
    }
  | {
      readonly kind: 'send';
      readonly resourceUri: string;
      readonly shellId: string;
      readonly commandId: string | undefined;
      /** `pr` carries answers to host calls. */
      readonly stream: 'stdin' | 'pr';
      readonly payload: Uint8Array;
    }
  | {
      readonly kind: 'receive';
      readonly resourceUri: string;
      readonly shellId: string;
      readonly commandId: string | undefined;
    }
  | {
      readonly kind: 'signal';
      readonly resourceUri: string;
      readonly shellId: string;
      readonly commandId: string;
      readonly code: string;
    }
  | { readonly kind: 'delete'; readonly resourceUri: string; readonly shellId: string }
  | { readonly kind: 'enumerate' }
  | { readonly kind: 'pull'; readonly enumerationContext: string }
  | { readonly kind: 'identify' };

/** A decoded request with the header fields that a server needs. */
export type IncomingRequest = { readonly header: EnvelopeHeader; readonly request: WsmanRequest };

/** Writes a request as a SOAP envelope. */
export function encodeRequest(request: WsmanRequest, context: RequestContext): string {
  if (request.kind === 'identify') {
    return `<s:Envelope xmlns:s="${namespaces.soap}" xmlns:id="${namespaces.identify}"><s:Header/><s:Body><id:Identify/></s:Body></s:Envelope>`;
  }
  const onShell = 'shellId' in request && request.kind !== 'create';
  const head = {
    action: actions[request.kind],
    resourceUri: 'resourceUri' in request ? request.resourceUri : namespaces.shell,
    shellId: onShell ? request.shellId : undefined,
    options: optionsOf(request),
  };
  return encodeRequestEnvelope(head, context, encodeBody(request));
}

function optionsOf(request: WsmanRequest): WsmanOption[] {
  if (request.kind === 'create') return [{ name: 'protocolversion', value: '2.3', mustComply: true }];
  if (request.kind === 'receive') return [{ name: 'WSMAN_CMDSHELL_OPTION_KEEPALIVE', value: 'TRUE' }];
  return [];
}

function encodeBody(request: Exclude<WsmanRequest, { kind: 'identify' }>): string {
  switch (request.kind) {
    case 'create': {
      const name = request.name === undefined ? '' : ` Name="${escapeXml(request.name)}"`;
      const idle =
        request.idleTimeoutMs === undefined
          ? ''
          : `<rsp:IdleTimeOut>${formatDuration(request.idleTimeoutMs)}</rsp:IdleTimeOut>`;
      return `<rsp:Shell ShellId="${escapeXml(request.shellId)}"${name}><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>${idle}<creationXml xmlns="${namespaces.powershell}">${toBase64(request.creationXml)}</creationXml></rsp:Shell>`;
    }
    case 'command':
      return `<rsp:CommandLine CommandId="${escapeXml(request.commandId)}"><rsp:Command>${escapeXml(request.text)}</rsp:Command><rsp:Arguments>${toBase64(request.payload)}</rsp:Arguments></rsp:CommandLine>`;
    case 'send':
      return `<rsp:Send><rsp:Stream Name="${request.stream}"${commandAttribute(request.commandId)}>${toBase64(request.payload)}</rsp:Stream></rsp:Send>`;
    case 'receive':
      return `<rsp:Receive><rsp:DesiredStream${commandAttribute(request.commandId)}>stdout</rsp:DesiredStream></rsp:Receive>`;
    case 'signal':
      return `<rsp:Signal CommandId="${escapeXml(request.commandId)}"><rsp:Code>${escapeXml(request.code)}</rsp:Code></rsp:Signal>`;
    case 'delete':
      return '';
    case 'enumerate':
      return '<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements></n:Enumerate>';
    case 'pull':
      return `<n:Pull><n:EnumerationContext>${escapeXml(request.enumerationContext)}</n:EnumerationContext><n:MaxElements>32000</n:MaxElements></n:Pull>`;
  }
}

/** Reads a request. @throws Failure `protocol-error` with fact `unsupported: true` if it is well-formed but not one that we serve */
export function decodeRequest(text: string): IncomingRequest {
  const { header, body } = decodeEnvelope(text);
  const first = body[0];
  if (first?.name === 'Identify' && first.namespace === namespaces.identify)
    return { header, request: { kind: 'identify' } };
  const operation = operationOf(header.action);
  if (!operation) {
    throw new Failure('protocol-error', `The action ${header.action ?? '(none)'} is not served.`, {
      facts: { unsupported: true },
    });
  }
  if (operation === 'enumerate') return { header, request: { kind: 'enumerate' } };
  if (operation === 'pull') {
    const enumerationContext = childText(
      need(first, 'Pull', namespaces.enumeration),
      namespaces.enumeration,
      'EnumerationContext',
    );
    return { header, request: { kind: 'pull', enumerationContext: enumerationContext ?? '' } };
  }
  return { header, request: decodeShellRequest(operation, header, first) };
}

type ShellOperation = Exclude<keyof typeof actions, 'enumerate' | 'pull'>;

function operationOf(action: string | undefined): keyof typeof actions | undefined {
  for (const operation of Object.keys(actions) as (keyof typeof actions)[]) {
    if (actions[operation] === action) return operation;
  }
  return undefined;
}

function decodeShellRequest(
  operation: ShellOperation,
  header: EnvelopeHeader,
  first: XmlElement | undefined,
): WsmanRequest {
  const resourceUri = header.resourceUri ?? '';
  const shellId = header.selectors.get('ShellId') ?? '';
  switch (operation) {
    case 'create': {
      const shell = need(first, 'Shell');
      const idle = childText(shell, namespaces.shell, 'IdleTimeOut');
      const idleTimeoutMs = idle === undefined ? undefined : parseDuration(idle);
      const name = shell.attributes.get('Name');
      return {
        kind: 'create',
        resourceUri,
        shellId: shell.attributes.get('ShellId') ?? '',
        creationXml: fromBase64(childText(shell, namespaces.powershell, 'creationXml') ?? ''),
        ...(name === undefined ? {} : { name }),
        ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
      };
    }
    case 'command': {
      const line = need(first, 'CommandLine');
      return {
        kind: 'command',
        resourceUri,
        shellId,
        commandId: line.attributes.get('CommandId') ?? '',
        text: childText(line, namespaces.shell, 'Command') ?? '',
        payload: Buffer.concat(findChildren(line, namespaces.shell, 'Arguments').map((part) => fromBase64(part.text))),
      };
    }
    case 'send': {
      const stream = findChild(need(first, 'Send'), namespaces.shell, 'Stream');
      return {
        kind: 'send',
        resourceUri,
        shellId,
        commandId: stream?.attributes.get('CommandId'),
        stream: stream?.attributes.get('Name') === 'pr' ? 'pr' : 'stdin',
        payload: fromBase64(stream?.text ?? ''),
      };
    }
    case 'receive': {
      const desired = findChild(need(first, 'Receive'), namespaces.shell, 'DesiredStream');
      return { kind: 'receive', resourceUri, shellId, commandId: desired?.attributes.get('CommandId') };
    }
    case 'signal': {
      const signal = need(first, 'Signal');
      const code = childText(signal, namespaces.shell, 'Code') ?? '';
      return { kind: 'signal', resourceUri, shellId, commandId: signal.attributes.get('CommandId') ?? '', code };
    }
    case 'delete':
      return { kind: 'delete', resourceUri, shellId };
  }
}

function need(element: XmlElement | undefined, name: string, namespace: string = namespaces.shell): XmlElement {
  if (element?.name === name && element.namespace === namespace) return element;
  throw new Failure(
    'protocol-error',
    `Expected <${name}> in the body, got ${element ? `<${element.name}>` : 'nothing'}.`,
  );
}

function commandAttribute(commandId: string | undefined): string {
  return commandId === undefined ? '' : ` CommandId="${escapeXml(commandId)}"`;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

function fromBase64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
