import { parseSddl, type SecurityDescriptor } from '../rights/security-descriptor.ts';

/** Numbers of System.ServiceProcess.ServiceControllerStatus. */
export const serviceStates = {
  Stopped: 1,
  StartPending: 2,
  StopPending: 3,
  Running: 4,
  ContinuePending: 5,
  PausePending: 6,
  Paused: 7,
} as const;
/** Name of a service state. */
export type ServiceState = keyof typeof serviceStates;

/** Start values of a service as the registry holds them. */
export const startValues = { Boot: 0, System: 1, Automatic: 2, Manual: 3, Disabled: 4 } as const;
/** Name of a start type. */
export type ServiceStart = keyof typeof startValues;

/** What the service control manager knows of a service. */
export type Service = {
  readonly name: string;
  displayName: string;
  description: string;
  start: ServiceStart;
  /** An automatic service with it starts some time after the others; the mark stays while the start type is another. */
  delayedStart: boolean;
  /** Has start triggers: Windows starts it again when it is wanted. */
  trigger: boolean;
  /** After how much time something in Windows wants it again, in ms; `undefined`: nobody does by itself. */
  readonly wantedAfterMs: number | undefined;
  state: ServiceState;
  pid: number;
  dependsOn: readonly string[];
  account: string;
  path: string;
  /** Win32 service type: 16 own process, 32 shared process. */
  type: number;
  exitCode: number;
  sddl: string;
  /** Runs in the process of another service of the same host group; `undefined`: a process of its own. */
  readonly hostGroup: string | undefined;
  /** Protected services refuse configuration and stop even for administrators. */
  readonly isProtected: boolean;
  /** The service's own code hangs when it is asked to stop. */
  stopHangs: boolean;
  /** Deleted while it ran: it goes when it stops, and nothing can be asked of it until then. */
  isDeleted?: boolean;
};

/** Whether an automatic service starts some time after the others. */
export const isDelayed = ({ start, delayedStart }: Service): boolean => start === 'Automatic' && delayedStart;

/** Default SDDL of a service: SYSTEM and administrators control it, users may ask. */
export const usualServiceSddl =
  'D:(A;;CCLCSWRPWPDTLOCRRC;;;SY)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)(A;;CCLCSWLOCRRC;;;IU)(A;;CCLCSWLOCRRC;;;SU)';

const noRules = { owner: 'S-1-5-18', group: 'S-1-5-18', isProtected: true, rules: [] };
/** Rules of a service; `undefined` where its text is none. */
export const readServiceSddl = (sddl: string): SecurityDescriptor | undefined => {
  try {
    return parseSddl(sddl, noRules);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};
