/** Facts of a host as read at connect; language-neutral. */
export type HostFacts = {
  /** The machine's id (`HKLM\SOFTWARE\Microsoft\Cryptography` MachineGuid); one host under two names is one host. */
  readonly machineId: string;
  readonly computerName: string;
  readonly os: {
    readonly build: number;
    readonly ubr: number;
    readonly productType: 1 | 2 | 3;
    readonly caption: string;
    readonly uiLanguage: string;
  };
  readonly powershell: {
    readonly version: string;
    /** `FullLanguage`, `ConstrainedLanguage`, … of the session. */
    readonly languageMode: string;
    readonly executionPolicy: string;
    /** Content hash of the module that a no-language endpoint works with; absent everywhere else. */
    readonly jeaModule?: string;
  };
  readonly elevated: boolean;
  readonly uptimeMs: number;
  /** Host clock minus reference clock, milliseconds (best of three samples). */
  readonly clockSkewMs: number;
  readonly systemDrive: { readonly freeBytes: number; readonly sizeBytes: number };
  /** Reasons for a pending restart, strongest first; empty when none. */
  readonly pendingReboot: readonly string[];
  readonly domainJoined: boolean;
  readonly roles: readonly string[];
};
