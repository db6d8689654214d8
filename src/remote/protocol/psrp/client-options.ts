import type { PsValue } from '../clixml/values.ts';
import type { EnumForm } from './fields.ts';
import type { Guid } from './guid.ts';
import { noHost } from './host-info.ts';
import type { SessionKeyPair } from './session-key.ts';
import type { PoolRequest } from './session-messages.ts';
import type { ProtocolVersion } from './versions.ts';

/** What a client's pool is made from; only the id is needed. */
export type ClientOptions = Partial<PoolRequest> & {
  /** Id of the pool, fresh for each. */
  readonly id: Guid;
  /** Makes or gives the RSA pair when the first secret must travel; without it secrets are refused below version 2.4. */
  readonly keyPair?: () => SessionKeyPair;
  /** Highest version to offer; 2.3 by default. */
  readonly protocolVersion?: ProtocolVersion;
  /** Whether the owner answers host calls; otherwise those that wait for an answer get an error at once. */
  readonly answersHostCalls?: boolean;
  /** `compact` leaves out type names of enums and lists: about a third of the size, proven with PowerShell 7 only. */
  readonly form?: EnumForm;
};

/** What INIT_RUNSPACEPOOL asks for, with defaults: one runspace, no host, no arguments. */
export function toPoolRequest(options: ClientOptions): PoolRequest {
  const applicationArguments: PsValue = options.applicationArguments ?? null;
  return {
    minRunspaces: options.minRunspaces ?? 1,
    maxRunspaces: options.maxRunspaces ?? 1,
    threadOptions: options.threadOptions ?? 'Default',
    apartmentState: options.apartmentState ?? 'Unknown',
    hostInfo: options.hostInfo ?? noHost,
    applicationArguments,
  };
}
