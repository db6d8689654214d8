import { Failure } from '../../../kernel/failure.ts';
import { decodeEnvelope, type EnvelopeHeader } from './envelope.ts';
import { actions, namespaces, resources } from './namespaces.ts';
import type { WsmanRequest } from './requests.ts';
import { decodeEnvironment, splitStreams } from './shell-description.ts';
import { childText, findChild, findChildren, type XmlElement } from './xml-element.ts';
import { fromBase64, parseDuration } from './xml-text.ts';

/** A decoded request with the header fields that a server needs. */
export type IncomingRequest = { readonly header: EnvelopeHeader; readonly request: WsmanRequest };

/** Reads a request. @throws Failure `protocol-error` with fact `unsupported: true` if it is well-formed but not one that we serve */
export function decodeRequest(text: string): IncomingRequest {
  const { header, body } = decodeEnvelope(text);
  const first = body[0];
  if (first?.name === 'Identify' && first.namespace === namespaces.identify)
    return { header, request: { kind: 'identify' } };
  for (const operation of Object.keys(actions) as (keyof typeof actions)[])
    if (actions[operation] === header.action) return { header, request: readers[operation](head(header), first) };
  throw new Failure('protocol-error', `The action ${header.action ?? '(none)'} is not served.`, {
    facts: { unsupported: true },
  });
}

type Head = {
  readonly resourceUri: string;
  readonly shellId: string;
  readonly options: ReadonlyMap<string, string>;
};

const head = (header: EnvelopeHeader): Head => ({
  resourceUri: header.resourceUri ?? '',
  shellId: header.selectors.get('ShellId') ?? '',
  options: header.options,
});

type Reader = (head: Head, first: XmlElement | undefined) => WsmanRequest;

const readers: Readonly<Record<keyof typeof actions, Reader>> = {
  create: (from, first) => {
    const shell = need(first, 'Shell');
    return isCmd(from) ? readCreateCmd(from, shell) : readCreate(from, shell);
  },
  command: (from, first) => {
    const line = need(first, 'CommandLine');
    return isCmd(from) ? readRun(from, line) : readCommand(from, line);
  },
  send: ({ resourceUri, shellId }, first) => {
    const stream = findChild(need(first, 'Send'), namespaces.shell, 'Stream');
    return {
      kind: 'send',
      resourceUri,
      shellId,
      commandId: stream?.attributes.get('CommandId'),
      stream: stream?.attributes.get('Name') === 'pr' ? 'pr' : 'stdin',
      payload: fromBase64(stream?.text ?? ''),
      ...(isTrue(stream?.attributes.get('End')) ? { end: true } : {}),
    };
  },
  receive: ({ resourceUri, shellId }, first) => {
    const desired = findChild(need(first, 'Receive'), namespaces.shell, 'DesiredStream');
    const streams = splitStreams(desired?.text ?? '');
    const usual = streams.length === 0 || (streams.length === 1 && streams[0] === 'stdout');
    const commandId = desired?.attributes.get('CommandId');
    return { kind: 'receive', resourceUri, shellId, commandId, ...(usual ? {} : { streams }) };
  },
  signal: ({ resourceUri, shellId }, first) => {
    const signal = need(first, 'Signal');
    const code = childText(signal, namespaces.shell, 'Code') ?? '';
    return { kind: 'signal', resourceUri, shellId, commandId: signal.attributes.get('CommandId') ?? '', code };
  },
  delete: ({ resourceUri, shellId }) => ({ kind: 'delete', resourceUri, shellId }),
  get: ({ resourceUri, shellId }) => ({ kind: 'get', resourceUri, ...(shellId === '' ? {} : { shellId }) }),
  disconnect: ({ resourceUri, shellId }, first) => {
    const disconnect = need(first, 'Disconnect');
    const mode = childText(disconnect, namespaces.shell, 'BufferMode')?.toLowerCase();
    const bufferMode = mode === 'block' ? 'Block' : mode === 'drop' ? 'Drop' : undefined;
    return {
      kind: 'disconnect',
      resourceUri,
      shellId,
      ...durationOf('idleTimeoutMs', disconnect, 'IdleTimeOut'),
      ...(bufferMode === undefined ? {} : { bufferMode }),
    };
  },
  reconnect: ({ resourceUri, shellId }) => ({ kind: 'reconnect', resourceUri, shellId }),
  connect: ({ resourceUri, shellId, options }, first) => {
    const connect = need(first, 'Connect');
    const commandId = connect.attributes.get('CommandId');
    if (commandId !== undefined) return { kind: 'connect-command', resourceUri, shellId, commandId };
    const connectXml = fromBase64(childText(connect, namespaces.powershell, 'connectXml') ?? '');
    return { kind: 'connect', resourceUri, shellId, connectXml, ...versionOf(options) };
  },
  enumerate: ({ resourceUri }, first) => {
    const filter = findChild(need(first, 'Enumerate', namespaces.enumeration), namespaces.wsman, 'Filter');
    const set = filter && findChild(filter, namespaces.wsman, 'SelectorSet');
    if (!set) return { kind: 'enumerate', resourceUri };
    const selectors = findChildren(set, namespaces.wsman, 'Selector');
    const entries = selectors.map((selector) => [selector.attributes.get('Name') ?? '', selector.text.trim()]);
    return { kind: 'enumerate', resourceUri, filter: Object.fromEntries(entries) as Record<string, string> };
  },
  pull: ({ resourceUri }, first) => {
    const pull = need(first, 'Pull', namespaces.enumeration);
    const enumerationContext = childText(pull, namespaces.enumeration, 'EnumerationContext') ?? '';
    return { kind: 'pull', resourceUri, enumerationContext };
  },
};

function readCreate({ resourceUri, options }: Head, shell: XmlElement): WsmanRequest {
  return {
    kind: 'create',
    resourceUri,
    shellId: shell.attributes.get('ShellId') ?? '',
    creationXml: fromBase64(childText(shell, namespaces.powershell, 'creationXml') ?? ''),
    ...nameOf(shell),
    ...durationOf('idleTimeoutMs', shell, 'IdleTimeOut'),
    ...flagOf('noProfile', options, 'WINRS_NOPROFILE'),
    ...versionOf(options),
  };
}

function readCreateCmd({ resourceUri, options }: Head, shell: XmlElement): WsmanRequest {
  const shellId = shell.attributes.get('ShellId');
  const workingDirectory = childText(shell, namespaces.shell, 'WorkingDirectory');
  const environment = decodeEnvironment(shell);
  const codepage = Number(options.get('WINRS_CODEPAGE') || Number.NaN);
  return {
    kind: 'create-cmd',
    resourceUri,
    inputStreams: splitStreams(childText(shell, namespaces.shell, 'InputStreams') ?? ''),
    outputStreams: splitStreams(childText(shell, namespaces.shell, 'OutputStreams') ?? ''),
    ...(shellId === undefined ? {} : { shellId }),
    ...nameOf(shell),
    ...durationOf('idleTimeoutMs', shell, 'IdleTimeOut'),
    ...durationOf('lifetimeMs', shell, 'Lifetime'),
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
    ...(environment === undefined ? {} : { environment }),
    ...flagOf('noProfile', options, 'WINRS_NOPROFILE'),
    ...(Number.isInteger(codepage) ? { codepage } : {}),
  };
}

function readCommand({ resourceUri, shellId }: Head, line: XmlElement): WsmanRequest {
  return {
    kind: 'command',
    resourceUri,
    shellId,
    commandId: line.attributes.get('CommandId') ?? '',
    text: childText(line, namespaces.shell, 'Command') ?? '',
    payload: Buffer.concat(findChildren(line, namespaces.shell, 'Arguments').map((part) => fromBase64(part.text))),
  };
}

function readRun({ resourceUri, shellId, options }: Head, line: XmlElement): WsmanRequest {
  const commandId = line.attributes.get('CommandId');
  return {
    kind: 'run',
    resourceUri,
    shellId,
    command: findChild(line, namespaces.shell, 'Command')?.text ?? '',
    arguments: findChildren(line, namespaces.shell, 'Arguments').map((part) => part.text),
    ...(commandId === undefined ? {} : { commandId }),
    ...flagOf('skipCmdShell', options, 'WINRS_SKIP_CMD_SHELL'),
    ...flagOf('consoleModeStdin', options, 'WINRS_CONSOLEMODE_STDIN'),
  };
}

const isCmd = ({ resourceUri }: Head): boolean => resourceUri.toLowerCase() === resources.cmd;

const isTrue = (text: string | undefined): boolean => text !== undefined && /^(?:true|1)$/iu.test(text.trim());

/** Name of the shell: an attribute, or an element as some clients write it. */
function nameOf(shell: XmlElement): { readonly name?: string } {
  const name = shell.attributes.get('Name') ?? childText(shell, namespaces.shell, 'Name');
  return name === undefined ? {} : { name };
}

function versionOf(options: ReadonlyMap<string, string>): { readonly protocolVersion?: string } {
  const protocolVersion = options.get('protocolversion');
  return protocolVersion === undefined || protocolVersion === '2.3' ? {} : { protocolVersion };
}

function flagOf<Key extends string>(
  key: Key,
  options: ReadonlyMap<string, string>,
  name: string,
): { readonly [K in Key]?: boolean } {
  const value = options.get(name);
  return value === undefined ? {} : ({ [key]: isTrue(value) } as { readonly [K in Key]?: boolean });
}

function durationOf<Key extends string>(key: Key, element: XmlElement, name: string): { readonly [K in Key]?: number } {
  const ms = parseDuration(childText(element, namespaces.shell, name) ?? '');
  return ms === undefined ? {} : ({ [key]: ms } as { readonly [K in Key]?: number });
}

function need(element: XmlElement | undefined, name: string, namespace: string = namespaces.shell): XmlElement {
  if (element?.name === name && element.namespace === namespace) return element;
  throw new Failure(
    'protocol-error',
    `Expected <${name}> in the body, got ${element ? `<${element.name}>` : 'nothing'}.`,
  );
}
