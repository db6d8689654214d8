/** Win32 error codes that the simulated Windows returns. */
// biome-ignore format: a table
export const win32 = {
  invalidFunction: 1, fileNotFound: 2, pathNotFound: 3, accessDenied: 5, invalidHandle: 6, invalidData: 13, notSameDevice: 17,
  notReady: 21, sharingViolation: 32,
  notSupported: 50, networkPathNotFound: 53, fileExists: 80, invalidParameter: 87, diskFull: 112, invalidName: 123,
  directoryNotEmpty: 145, alreadyExists: 183, directory: 267, dependentServicesRunning: 1051, invalidServiceControl: 1052,
  serviceRequestTimeout: 1053, serviceAlreadyRunning: 1056, serviceDisabled: 1058, serviceDoesNotExist: 1060,
  serviceNotActive: 1062, serviceDependencyFail: 1068, serviceMarkedForDelete: 1072, tooManyLinks: 1142,
  privilegeNotHeld: 1314,
} as const;

/** The HRESULT (signed 32 bits) of a Win32 error code: facility 7. */
export const hresultOf = (code: number): number => 0x80070000 | (code & 0xffff) | 0;

/** A refusal of the simulated Windows: a Win32 code and what it was about. Cmdlets and types turn it into their own errors. */
export class Win32Fault extends Error {
  readonly code: number;
  readonly target: string;

  /**
   * @param code Win32 error code
   * @param target path or name the call was about
   */
  constructor(code: number, target: string) {
    super(`Win32 error ${code} (${target})`);
    this.name = 'Win32Fault';
    this.code = code;
    this.target = target;
  }
}
