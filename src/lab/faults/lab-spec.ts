import type { DisturbanceSpec } from '../disturbances/disturbance-spec.ts';
import type { BaseName } from './bases/editions.ts';
import type { RoleName } from './bases/roles.ts';
import type { FaultSpec } from './faults.ts';

/** A host of a lab. */
export type HostSpec = {
  readonly base: BaseName;
  readonly uiLanguage?: 'en-US' | 'ja-JP';
  /** What the host is for; faults of a role bring it with them. */
  readonly roles?: readonly RoleName[];
  readonly faults?: readonly FaultSpec[];
  readonly disturbances?: readonly DisturbanceSpec[];
  readonly description?: string;
  /** False: no rule of the firewall lets its workers in; there is one by default. */
  readonly workersAllowed?: boolean;
  /** Servers: the service processor answers as a Redfish service; a fault of it does that, too. */
  readonly bmc?: boolean;
  /** No-language endpoints by the name of their session configuration: the folder of an exported one, or null for one without a module. */
  readonly jea?: Readonly<Record<string, string | null>>;
};

/** A lab: hosts by name (`schemas/lab.schema.json`). */
export type LabSpec = {
  readonly kintsugi: 'lab/v1';
  readonly hosts: Readonly<Record<string, HostSpec>>;
  /** An XClarity Administrator beside the hosts, which manages those whose service processor answers. */
  readonly xclarityAdministrator?: boolean;
};
