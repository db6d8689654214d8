/**
 * What helps against a fault:
 * `receive-again` nothing is wrong, ask once more · `open-shell` the shell or command is gone, a new one is needed · `replace-shell` this
 * shell's or account's share is used up · `wait` the service is short of something for now · `ask-rights` somebody must grant access ·
 * `check-configuration` the session configuration does not exist or is switched off · `go-elsewhere` another endpoint serves it, named in
 * the fault · `own-session` another client session holds the shell · `lower-version` offer an older protocol version · `send-less` the
 * envelope is too large · `report` the request was wrong: a defect of ours.
 */
export type FaultRemedy =
  | 'receive-again'
  | 'open-shell'
  | 'replace-shell'
  | 'wait'
  | 'ask-rights'
  | 'check-configuration'
  | 'go-elsewhere'
  | 'own-session'
  | 'lower-version'
  | 'send-less'
  | 'report';

type FaultRow = { readonly code: number; readonly subcode: string; readonly remedy: FaultRemedy };

/** Codes of WS-Management faults that mean something to us, as on the wire (MS-WSMV, wsmerror.h and winerror.h), with what helps. */
export const faultTable = {
  fileNotFound: { code: 0x8007_0002, subcode: 'InternalError', remedy: 'report' },
  accessDenied: { code: 5, subcode: 'AccessDenied', remedy: 'ask-rights' },
  aborted: { code: 995, subcode: 'InternalError', remedy: 'open-shell' },
  /** The operation was cancelled by the service. */
  cancelled: { code: 1223, subcode: 'InternalError', remedy: 'open-shell' },
  /** A registry key of the shell is being deleted: its profile was unloaded. */
  keyDeleted: { code: 0x8007_03fa, subcode: 'InternalError', remedy: 'open-shell' },
  resourceNotFound: { code: 0x8033_8000, subcode: 'DestinationUnreachable', remedy: 'check-configuration' },
  unsupportedAction: { code: 0x8033_8001, subcode: 'ActionNotSupported', remedy: 'report' },
  unknownUri: { code: 0x8033_8002, subcode: 'InvalidResourceURI', remedy: 'check-configuration' },
  /** The plug-in behind the configuration failed. */
  providerFailure: { code: 0x8033_8003, subcode: 'InternalError', remedy: 'wait' },
  envelopeTooLarge: { code: 0x8033_8026, subcode: 'EncodingLimit', remedy: 'send-less' },
  unknownContext: { code: 0x8033_801b, subcode: 'InvalidEnumerationContext', remedy: 'report' },
  operationTimedOut: { code: 0x8033_8029, subcode: 'TimedOut', remedy: 'receive-again' },
  encodingLimit: { code: 0x8033_8035, subcode: 'EncodingLimit', remedy: 'send-less' },
  unknownResource: { code: 0x8033_803b, subcode: 'InvalidResourceURI', remedy: 'check-configuration' },
  quotaLimit: { code: 0x8033_803f, subcode: 'QuotaLimit', remedy: 'wait' },
  invalidMessage: { code: 0x8033_8041, subcode: 'SchemaValidationError', remedy: 'report' },
  invalidSelectors: { code: 0x8033_805b, subcode: 'InvalidSelectors', remedy: 'open-shell' },
  redirected: { code: 0x8033_8199, subcode: 'InternalError', remedy: 'go-elsewhere' },
  tooManyShells: { code: 0x8033_81a5, subcode: 'QuotaLimit', remedy: 'replace-shell' },
  tooManyOperations: { code: 0x8033_81a6, subcode: 'QuotaLimit', remedy: 'replace-shell' },
  userQuota: { code: 0x8033_81a7, subcode: 'QuotaLimit', remedy: 'wait' },
  systemQuota: { code: 0x8033_81a8, subcode: 'QuotaLimit', remedy: 'wait' },
  /** The shell belongs to a login of another kind than the one that asks. */
  otherToken: { code: 0x8033_81a9, subcode: 'AccessDenied', remedy: 'own-session' },
  tooManyShellUsers: { code: 0x8033_81ab, subcode: 'QuotaLimit', remedy: 'wait' },
  shellsNotAllowed: { code: 0x8033_81ac, subcode: 'AccessDenied', remedy: 'check-configuration' },
  filterExpected: { code: 0x8033_81c0, subcode: 'InternalError', remedy: 'report' },
  shellDisconnected: { code: 0x8033_81c4, subcode: 'InternalError', remedy: 'own-session' },
  disconnectUnsupported: { code: 0x8033_81c5, subcode: 'InternalError', remedy: 'report' },
  sessionMismatch: { code: 0x8033_81c6, subcode: 'InternalError', remedy: 'own-session' },
  commandTerminated: { code: 0x8033_81cc, subcode: 'InternalError', remedy: 'open-shell' },
  shellInUse: { code: 0x8033_81cd, subcode: 'InternalError', remedy: 'own-session' },
  disconnectImpossible: { code: 0x8033_81cf, subcode: 'InternalError', remedy: 'report' },
  /** Connect or Reconnect to a shell that is not disconnected. */
  connectImpossible: { code: 0x8033_81d0, subcode: 'InternalError', remedy: 'own-session' },
  commandIdTaken: { code: 0x8033_81d6, subcode: 'InternalError', remedy: 'report' },
  shellIdTaken: { code: 0x8033_81d7, subcode: 'InternalError', remedy: 'report' },
  streamDisconnected: { code: 0x8033_81de, subcode: 'InternalError', remedy: 'own-session' },
  tooManyShellsOfUser: { code: 0x8033_81e4, subcode: 'QuotaLimit', remedy: 'replace-shell' },
  tooManyUsersOfPlugin: { code: 0x8033_81e5, subcode: 'QuotaLimit', remedy: 'wait' },
  tooManyShellsOfPlugin: { code: 0x8033_81e6, subcode: 'QuotaLimit', remedy: 'replace-shell' },
  tooManyOperationsOfPlugin: { code: 0x8033_81e7, subcode: 'QuotaLimit', remedy: 'wait' },
  tooManyOperationsOfUser: { code: 0x8033_81e8, subcode: 'QuotaLimit', remedy: 'replace-shell' },
  tooManyCommands: { code: 0x8033_81e9, subcode: 'QuotaLimit', remedy: 'replace-shell' },
  idleTimeoutOutOfBounds: { code: 0x8033_81f2, subcode: 'InternalError', remedy: 'report' },
  versionRefused: { code: 0x8054_0fa0, subcode: 'InternalError', remedy: 'lower-version' },
} as const satisfies Record<string, FaultRow>;

/** Name of a fault of the table. */
export type FaultName = keyof typeof faultTable;

const names = Object.keys(faultTable) as FaultName[];

/** The codes of the table by name. */
export const faultCodes = Object.fromEntries(names.map((name) => [name, faultTable[name].code])) as {
  readonly [Name in FaultName]: (typeof faultTable)[Name]['code'];
};

const byCode = new Map<number, FaultName>(names.map((name) => [faultTable[name].code, name]));

/** The name of a code; undefined for one that the table does not have. */
export const faultNameOf = (code: number): FaultName | undefined => byCode.get(code);

/** What helps against a fault with this code; `report` for one that the table does not have. */
export const faultRemedyOf = (code: number): FaultRemedy => {
  const name = byCode.get(code);
  return name === undefined ? 'report' : faultTable[name].remedy;
};
