import { namespaces } from './namespaces.ts';
import { childText, findChild, findChildren, type XmlElement } from './xml-element.ts';
import { escapeXml, formatDuration, parseDuration } from './xml-text.ts';

/** Variables of a shell's environment, in order. */
export type Environment = readonly (readonly [name: string, value: string])[];

/** A shell as Create, Get and Enumerate describe it (MS-WSMV 2.2.4.37); what a host leaves out is undefined. */
export type ShellDescription = {
  readonly shellId: string;
  readonly name?: string;
  readonly resourceUri: string;
  /** Account that owns it. */
  readonly owner: string;
  readonly clientIp: string;
  readonly processId: number;
  readonly idleTimeoutMs: number;
  /** `Connected` or `Disconnected`; empty where the host does not say, as before Windows 8. */
  readonly state: string;
  readonly maxIdleTimeoutMs?: number;
  readonly workingDirectory?: string;
  readonly environment?: Environment;
  /** Names of streams; `stdin pr` and `stdout` for PowerShell. */
  readonly inputStreams?: readonly string[];
  readonly outputStreams?: readonly string[];
  /** What happens to output that nobody takes: `Block` or `Drop`. */
  readonly bufferMode?: string;
  readonly locale?: string;
  readonly profileLoaded?: boolean;
  /** Age of the shell, and how long nobody has used it. */
  readonly runTimeMs?: number;
  readonly inactiveMs?: number;
};

/** A command as Enumerate describes it. */
export type CommandDescription = {
  readonly commandId: string;
  /** Its command line; blank for pipelines. */
  readonly text: string;
  /** `Running`, `Pending` or `Done`. */
  readonly state: string;
};

/** Streams of a PowerShell session. */
const powershellStreams = { input: ['stdin', 'pr'], output: ['stdout'] } as const;

/** Writes `rsp:Environment`; nothing for an empty one. */
export function encodeEnvironment(environment: Environment | undefined): string {
  if (environment === undefined || environment.length === 0) return '';
  const variables = environment.map(
    ([name, value]) => `<rsp:Variable Name="${escapeXml(name)}">${escapeXml(value)}</rsp:Variable>`,
  );
  return `<rsp:Environment>${variables.join('')}</rsp:Environment>`;
}

/** Reads `rsp:Environment` of a shell. */
export function decodeEnvironment(shell: XmlElement): Environment | undefined {
  const environment = findChild(shell, namespaces.shell, 'Environment');
  if (!environment) return undefined;
  return findChildren(environment, namespaces.shell, 'Variable').map(
    (variable) => [variable.attributes.get('Name') ?? '', variable.text] as const,
  );
}

/** Names of streams, which are separated by blanks. */
export const splitStreams = (text: string): string[] => text.split(/\s+/u).filter((name) => name !== '');

/** Writes a shell. */
export function encodeShell(shell: ShellDescription): string {
  const text = (name: string, value: string | undefined) =>
    value === undefined ? '' : `<rsp:${name}>${escapeXml(value)}</rsp:${name}>`;
  const duration = (name: string, ms: number | undefined) => (ms === undefined ? '' : text(name, formatDuration(ms)));
  return `<rsp:Shell>${[
    text('ShellId', shell.shellId),
    text('Name', shell.name),
    text('ResourceUri', shell.resourceUri),
    text('Owner', shell.owner),
    text('ClientIP', shell.clientIp),
    text('ProcessId', String(shell.processId)),
    text('WorkingDirectory', shell.workingDirectory),
    encodeEnvironment(shell.environment),
    duration('IdleTimeOut', shell.idleTimeoutMs),
    text('InputStreams', (shell.inputStreams ?? powershellStreams.input).join(' ')),
    text('OutputStreams', (shell.outputStreams ?? powershellStreams.output).join(' ')),
    duration('MaxIdleTimeOut', shell.maxIdleTimeoutMs),
    text('Locale', shell.locale),
    shell.profileLoaded === undefined ? '' : text('ProfileLoaded', shell.profileLoaded ? 'Yes' : 'No'),
    text('BufferMode', shell.bufferMode),
    text('State', shell.state),
    duration('ShellRunTime', shell.runTimeMs),
    duration('ShellInactivity', shell.inactiveMs),
  ].join('')}</rsp:Shell>`;
}

/** Reads a shell. */
export function decodeShell(shell: XmlElement): ShellDescription {
  const find = (name: string) => childText(shell, namespaces.shell, name);
  const read = (name: string) => find(name) ?? '';
  const text = <Key extends string>(key: Key, name: string) => optional(key, find(name));
  const duration = <Key extends string>(key: Key, name: string) => optional(key, parseDuration(read(name)));
  const streams = <Key extends string>(key: Key, name: string) => {
    const found = find(name);
    return optional(key, found === undefined ? undefined : splitStreams(found));
  };
  const profile = find('ProfileLoaded');
  return {
    shellId: read('ShellId'),
    resourceUri: read('ResourceUri'),
    owner: read('Owner'),
    clientIp: read('ClientIP'),
    processId: Number(read('ProcessId')) || 0,
    idleTimeoutMs: parseDuration(read('IdleTimeOut')) ?? 0,
    state: read('State'),
    ...text('name', 'Name'),
    ...duration('maxIdleTimeoutMs', 'MaxIdleTimeOut'),
    ...text('workingDirectory', 'WorkingDirectory'),
    ...optional('environment', decodeEnvironment(shell)),
    ...streams('inputStreams', 'InputStreams'),
    ...streams('outputStreams', 'OutputStreams'),
    ...text('bufferMode', 'BufferMode'),
    ...text('locale', 'Locale'),
    ...optional('profileLoaded', profile === undefined ? undefined : profile.toLowerCase() === 'yes'),
    ...duration('runTimeMs', 'ShellRunTime'),
    ...duration('inactiveMs', 'ShellInactivity'),
  };
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}

/** Writes a command of an enumeration. */
export function encodeCommand(command: CommandDescription): string {
  return `<rsp:Command><rsp:CommandId>${escapeXml(command.commandId)}</rsp:CommandId><rsp:CommandLine>${escapeXml(command.text)}</rsp:CommandLine><rsp:CommandState>${escapeXml(command.state)}</rsp:CommandState></rsp:Command>`;
}

/** Reads a command of an enumeration. */
export function decodeCommand(command: XmlElement): CommandDescription {
  const read = (name: string) => childText(command, namespaces.shell, name) ?? '';
  // Some hosts write the state's URI, some its last part.
  const state = read('CommandState').replace(/^.*\//u, '');
  return { commandId: read('CommandId'), text: read('CommandLine'), state };
}
