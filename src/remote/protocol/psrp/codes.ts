/** The closed lists of names and numbers in PSRP payloads (MS-PSRP 2.2.3). The index of a name is its number. */

/** RunspacePoolState (MS-PSRP 2.2.3.4, numbers as PowerShell sends them). */
export const poolStates = [
  'beforeOpen',
  'opening',
  'opened',
  'closed',
  'closing',
  'broken',
  'disconnecting',
  'disconnected',
  'connecting',
] as const;
/** Name of a pool's state. */
export type PoolState = (typeof poolStates)[number];

/** PSInvocationState (MS-PSRP 2.2.3.5). */
export const pipelineStates = [
  'notStarted',
  'running',
  'stopping',
  'stopped',
  'completed',
  'failed',
  'disconnected',
] as const;
/** Name of a pipeline's state. */
export type PipelineState = (typeof pipelineStates)[number];

/** PSThreadOptions (MS-PSRP 2.2.3.6). */
export const threadOptions = ['Default', 'UseNewThread', 'ReuseThread', 'UseCurrentThread'] as const;
/** Name of a thread option. */
export type ThreadOption = (typeof threadOptions)[number];

/** ApartmentState (MS-PSRP 2.2.3.7). */
export const apartmentStates = ['STA', 'MTA', 'Unknown'] as const;
/** Name of an apartment state. */
export type ApartmentState = (typeof apartmentStates)[number];

/** PipelineResultTypes (MS-PSRP 2.2.3.31). */
export const resultTypes = [
  'None',
  'Output',
  'Error',
  'Warning',
  'Verbose',
  'Debug',
  'Information',
  'All',
  'Null',
] as const;
/** Name of a result type. */
export type ResultType = (typeof resultTypes)[number];

/** Bits of RemoteStreamOptions (MS-PSRP 2.2.3.8): which records carry invocation info. */
export const remoteStreamOptions = {
  none: 0,
  error: 1,
  warning: 2,
  debug: 4,
  verbose: 8,
  addInvocationInfo: 15,
} as const;

/** ErrorCategory (MS-PSRP 2.2.3.9). */
export const errorCategories = [
  'NotSpecified',
  'OpenError',
  'CloseError',
  'DeviceError',
  'DeadlockDetected',
  'InvalidArgument',
  'InvalidData',
  'InvalidOperation',
  'InvalidResult',
  'InvalidType',
  'MetadataError',
  'NotImplemented',
  'NotInstalled',
  'ObjectNotFound',
  'OperationStopped',
  'OperationTimeout',
  'SyntaxError',
  'ParserError',
  'PermissionDenied',
  'ResourceBusy',
  'ResourceExists',
  'ResourceUnavailable',
  'ReadError',
  'WriteError',
  'FromStdErr',
  'SecurityError',
  'ProtocolError',
  'ConnectionError',
  'AuthenticationError',
  'LimitsExceeded',
  'QuotaExceeded',
  'NotEnabled',
] as const;
/** Name of an error category. */
export type ErrorCategory = (typeof errorCategories)[number];

/** ProgressRecordType. */
export const progressTypes = ['Processing', 'Completed'] as const;
/** Name of a kind of progress. */
export type ProgressType = (typeof progressTypes)[number];

/** Bits of CommandTypes (MS-PSRP 2.2.3.19). */
export const commandTypes = {
  alias: 1,
  function: 2,
  filter: 4,
  cmdlet: 8,
  externalScript: 16,
  application: 32,
  script: 64,
  configuration: 256,
} as const;
