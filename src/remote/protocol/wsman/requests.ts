import { encodeRequestEnvelope, type RequestContext, type WsmanOption } from './envelope.ts';
import { actions, namespaces, resources, selectorFilterDialect } from './namespaces.ts';
import { type Environment, encodeEnvironment } from './shell-description.ts';
import { escapeXml, formatDuration, toBase64 } from './xml-text.ts';

/** Where an operation on a shell goes. `resourceUri` names the session configuration, or the cmd shell. */
type OnShell = { readonly resourceUri: string; readonly shellId: string };

/** Opens a PowerShell session. */
export type CreateRequest = {
  readonly kind: 'create';
  readonly resourceUri: string;
  /** Upper-case GUID that we propose; the reply's one counts. */
  readonly shellId: string;
  readonly name?: string;
  readonly idleTimeoutMs?: number;
  /** True loads no user profile. */
  readonly noProfile?: boolean;
  /** What the host must know at least; 2.3 by default. The pool's own messages negotiate the version that is spoken. */
  readonly protocolVersion?: string;
  /** PSRP fragments that open the runspace pool. */
  readonly creationXml: Uint8Array;
};

/** Opens a cmd shell (WinRS). */
export type CreateCmdRequest = {
  readonly kind: 'create-cmd';
  readonly resourceUri: string;
  readonly shellId?: string;
  readonly name?: string;
  readonly idleTimeoutMs?: number;
  /** How long the shell may live at all. */
  readonly lifetimeMs?: number;
  readonly workingDirectory?: string;
  readonly environment?: Environment;
  readonly noProfile?: boolean;
  /** Code page of the console, e.g. 65001 for UTF-8. */
  readonly codepage?: number;
  readonly inputStreams: readonly string[];
  readonly outputStreams: readonly string[];
};

/** Starts a program in a cmd shell. */
export type RunRequest = OnShell & {
  readonly kind: 'run';
  /** Id that we propose; hosts before Windows 8 choose their own. */
  readonly commandId?: string;
  readonly command: string;
  readonly arguments: readonly string[];
  /** True starts the program itself, by its full path, instead of `cmd /c`. */
  readonly skipCmdShell?: boolean;
  /** False gives the program a pipe instead of a console for its input. */
  readonly consoleModeStdin?: boolean;
};

/** A request on the shell protocol (MS-WSMV 3.1.4), payloads as bytes. */
export type WsmanRequest =
  | CreateRequest
  | CreateCmdRequest
  | (OnShell & {
      readonly kind: 'command';
      readonly commandId: string;
      /** Display text. */
      readonly text: string;
      /** First PSRP fragments of the pipeline. */
      readonly payload: Uint8Array;
    })
  | RunRequest
  | (OnShell & {
      readonly kind: 'send';
      readonly commandId: string | undefined;
      /** `pr` carries answers to host calls. */
      readonly stream: 'stdin' | 'pr';
      readonly payload: Uint8Array;
      /** True: nothing follows on this stream. */
      readonly end?: boolean;
    })
  | (OnShell & {
      readonly kind: 'receive';
      readonly commandId: string | undefined;
      /** Streams that are wanted; `stdout` alone by default. */
      readonly streams?: readonly string[];
    })
  | (OnShell & { readonly kind: 'signal'; readonly commandId: string; readonly code: string })
  | (OnShell & { readonly kind: 'delete' })
  | (OnShell & {
      readonly kind: 'disconnect';
      /** How long the host keeps the shell meanwhile. */
      readonly idleTimeoutMs?: number;
      /** Whether output that finds no room makes the pipeline wait or is lost. */
      readonly bufferMode?: 'Block' | 'Drop';
    })
  | (OnShell & { readonly kind: 'reconnect' })
  | (OnShell & {
      readonly kind: 'connect';
      readonly protocolVersion?: string;
      /** PSRP fragments that connect to the runspace pool. */
      readonly connectXml: Uint8Array;
    })
  | (OnShell & { readonly kind: 'connect-command'; readonly commandId: string })
  | {
      readonly kind: 'enumerate';
      readonly resourceUri: string;
      /** Selectors that items must have: commands need the id of their shell. */
      readonly filter?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'pull'; readonly resourceUri: string; readonly enumerationContext: string }
  | { readonly kind: 'get'; readonly resourceUri: string; readonly shellId?: string }
  | { readonly kind: 'identify' };

const defaultVersion = '2.3';
/** Most items that one reply of an enumeration may hold. */
const mostItems = 32_000;

/** Writes a request as a SOAP envelope. */
export function encodeRequest(request: WsmanRequest, context: RequestContext): string {
  if (request.kind === 'identify') {
    return `<s:Envelope xmlns:s="${namespaces.soap}" xmlns:id="${namespaces.identify}"><s:Header/><s:Body><id:Identify/></s:Body></s:Envelope>`;
  }
  const creates = request.kind === 'create' || request.kind === 'create-cmd';
  const head = {
    action: actions[operationOf(request.kind)],
    resourceUri: request.resourceUri,
    shellId: !creates && 'shellId' in request ? request.shellId : undefined,
    options: optionsOf(request),
  };
  return encodeRequestEnvelope(head, context, encodeBody(request));
}

function operationOf(kind: Exclude<WsmanRequest['kind'], 'identify'>): keyof typeof actions {
  if (kind === 'create-cmd') return 'create';
  if (kind === 'run') return 'command';
  if (kind === 'connect-command') return 'connect';
  return kind;
}

function optionsOf(request: WsmanRequest): WsmanOption[] {
  switch (request.kind) {
    case 'create':
      return [versionOption(request.protocolVersion), ...profileOption(request.noProfile, true)];
    case 'connect':
      return [versionOption(request.protocolVersion)];
    case 'create-cmd':
      return [
        ...profileOption(request.noProfile, false),
        ...(request.codepage === undefined ? [] : [{ name: 'WINRS_CODEPAGE', value: String(request.codepage) }]),
      ];
    case 'run':
      return [
        ...flagOption('WINRS_CONSOLEMODE_STDIN', request.consoleModeStdin),
        ...flagOption('WINRS_SKIP_CMD_SHELL', request.skipCmdShell),
      ];
    case 'receive':
      return [{ name: 'WSMAN_CMDSHELL_OPTION_KEEPALIVE', value: 'TRUE' }];
    default:
      return [];
  }
}

const versionOption = (version = defaultVersion): WsmanOption => ({
  name: 'protocolversion',
  value: version,
  mustComply: true,
});

const profileOption = (noProfile: boolean | undefined, mustComply: boolean): WsmanOption[] =>
  noProfile === undefined ? [] : [{ name: 'WINRS_NOPROFILE', value: noProfile ? 'TRUE' : 'FALSE', mustComply }];

const flagOption = (name: string, flag: boolean | undefined): WsmanOption[] =>
  flag === undefined ? [] : [{ name, value: flag ? 'TRUE' : 'FALSE' }];

function encodeBody(request: Exclude<WsmanRequest, { kind: 'identify' }>): string {
  switch (request.kind) {
    case 'create':
      return `<rsp:Shell ShellId="${escapeXml(request.shellId)}"${attribute('Name', request.name)}><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>${duration('IdleTimeOut', request.idleTimeoutMs)}${powershellElement('creationXml', request.creationXml)}</rsp:Shell>`;
    case 'create-cmd':
      return `<rsp:Shell${attribute('ShellId', request.shellId)}${attribute('Name', request.name)}>${encodeEnvironment(request.environment)}${request.workingDirectory === undefined ? '' : `<rsp:WorkingDirectory>${escapeXml(request.workingDirectory)}</rsp:WorkingDirectory>`}${duration('Lifetime', request.lifetimeMs)}${duration('IdleTimeOut', request.idleTimeoutMs)}<rsp:InputStreams>${escapeXml(request.inputStreams.join(' '))}</rsp:InputStreams><rsp:OutputStreams>${escapeXml(request.outputStreams.join(' '))}</rsp:OutputStreams></rsp:Shell>`;
    case 'command':
      return `<rsp:CommandLine CommandId="${escapeXml(request.commandId)}"><rsp:Command>${escapeXml(request.text)}</rsp:Command><rsp:Arguments>${toBase64(request.payload)}</rsp:Arguments></rsp:CommandLine>`;
    case 'run':
      return `<rsp:CommandLine${attribute('CommandId', request.commandId)}><rsp:Command>${escapeXml(request.command)}</rsp:Command>${request.arguments.map((argument) => `<rsp:Arguments>${escapeXml(argument)}</rsp:Arguments>`).join('')}</rsp:CommandLine>`;
    case 'send':
      return `<rsp:Send><rsp:Stream Name="${request.stream}"${attribute('CommandId', request.commandId)}${request.end === true ? ' End="true"' : ''}>${toBase64(request.payload)}</rsp:Stream></rsp:Send>`;
    case 'receive':
      return `<rsp:Receive><rsp:DesiredStream${attribute('CommandId', request.commandId)}>${escapeXml((request.streams ?? ['stdout']).join(' '))}</rsp:DesiredStream></rsp:Receive>`;
    case 'signal':
      return `<rsp:Signal CommandId="${escapeXml(request.commandId)}"><rsp:Code>${escapeXml(request.code)}</rsp:Code></rsp:Signal>`;
    case 'disconnect':
      return `<rsp:Disconnect>${duration('IdleTimeOut', request.idleTimeoutMs)}${request.bufferMode === undefined ? '' : `<rsp:BufferMode>${request.bufferMode}</rsp:BufferMode>`}</rsp:Disconnect>`;
    case 'connect':
      return `<rsp:Connect>${powershellElement('connectXml', request.connectXml)}</rsp:Connect>`;
    case 'connect-command':
      return `<rsp:Connect CommandId="${escapeXml(request.commandId)}"/>`;
    case 'enumerate':
      return `<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>${mostItems}</w:MaxElements>${encodeFilter(request.filter)}</n:Enumerate>`;
    case 'pull':
      return `<n:Pull><n:EnumerationContext>${escapeXml(request.enumerationContext)}</n:EnumerationContext><n:MaxElements>${mostItems}</n:MaxElements></n:Pull>`;
    case 'delete':
    case 'reconnect':
    case 'get':
      return '';
  }
}

function encodeFilter(filter: Readonly<Record<string, string>> | undefined): string {
  if (filter === undefined) return '';
  const selectors = Object.entries(filter).map(
    ([name, value]) => `<w:Selector Name="${escapeXml(name)}">${escapeXml(value)}</w:Selector>`,
  );
  return `<w:Filter Dialect="${selectorFilterDialect}"><w:SelectorSet>${selectors.join('')}</w:SelectorSet></w:Filter>`;
}

const attribute = (name: string, value: string | undefined): string =>
  value === undefined ? '' : ` ${name}="${escapeXml(value)}"`;

const duration = (name: string, ms: number | undefined): string =>
  ms === undefined ? '' : `<rsp:${name}>${formatDuration(ms)}</rsp:${name}>`;

const powershellElement = (name: string, bytes: Uint8Array): string =>
  `<${name} xmlns="${namespaces.powershell}">${toBase64(bytes)}</${name}>`;

/** What a cmd shell is created with unless something else is asked for. */
export const cmdShell = {
  kind: 'create-cmd',
  resourceUri: resources.cmd,
  inputStreams: ['stdin'],
  outputStreams: ['stdout', 'stderr'],
} as const satisfies CreateCmdRequest;
