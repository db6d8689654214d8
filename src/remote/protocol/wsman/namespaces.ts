/** XML namespaces of WS-Management and its Microsoft extensions. Readers compare these, never prefixes. */
export const namespaces = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  addressing: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  wsman: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  microsoft: 'http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd',
  shell: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
  transfer: 'http://schemas.xmlsoap.org/ws/2004/09/transfer',
  enumeration: 'http://schemas.xmlsoap.org/ws/2004/09/enumeration',
  fault: 'http://schemas.microsoft.com/wbem/wsman/1/wsmanfault',
  powershell: 'http://schemas.microsoft.com/powershell',
  config: 'http://schemas.microsoft.com/wbem/wsman/1/config',
  identify: 'http://schemas.dmtf.org/wbem/wsman/identify/1/wsmanidentity.xsd',
  xml: 'http://www.w3.org/XML/1998/namespace',
} as const;

/** Action URIs of requests; a response's action is the same with `Response` at its end. */
export const actions = {
  create: `${namespaces.transfer}/Create`,
  delete: `${namespaces.transfer}/Delete`,
  get: `${namespaces.transfer}/Get`,
  enumerate: `${namespaces.enumeration}/Enumerate`,
  pull: `${namespaces.enumeration}/Pull`,
  command: `${namespaces.shell}/Command`,
  send: `${namespaces.shell}/Send`,
  receive: `${namespaces.shell}/Receive`,
  signal: `${namespaces.shell}/Signal`,
  disconnect: `${namespaces.shell}/Disconnect`,
  reconnect: `${namespaces.shell}/Reconnect`,
  connect: `${namespaces.shell}/Connect`,
} as const;

/** Action URI of a fault. */
export const faultAction = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/fault';
/** Address that means "on this connection". */
export const anonymousAddress = 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous';

/**
 * Signal codes. PowerShell compares its own one ordinally, misspelt as it is: any other code ends the command without a Stopped state.
 * `interrupt` is what a cmd shell takes for Ctrl+C.
 */
export const signalCodes = {
  terminate: `${namespaces.shell}/signal/Terminate`,
  interrupt: `${namespaces.shell}/signal/ctrl_c`,
  stop: 'powershell/signal/crtl_c',
} as const;

/** State URIs of a command in a Receive reply. */
export const commandStates = {
  running: `${namespaces.shell}/CommandState/Running`,
  pending: `${namespaces.shell}/CommandState/Pending`,
  done: `${namespaces.shell}/CommandState/Done`,
} as const;

/** Resource URIs that are no session configuration: shells and commands to enumerate, cmd shells to create, the service's settings. */
export const resources = {
  shells: namespaces.shell,
  commands: `${namespaces.shell}/Command`,
  cmd: `${namespaces.shell}/cmd`,
  config: namespaces.config,
} as const;

/** Dialect of the filter that names the shell whose commands are enumerated. */
export const selectorFilterDialect = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter';

/** Resource URI of a PowerShell session configuration (endpoint). */
export function powershellResource(configurationName: string): string {
  return `${namespaces.powershell}/${configurationName}`;
}
