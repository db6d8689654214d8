/** Payloads of opening, connecting and sizing a pool (MS-PSRP 2.2.2.1 to 2.2.2.16). */
import { type PsObject, type PsValue, psDictionary, psProperty, psText } from '../clixml/values.ts';
import { type ApartmentState, apartmentStates, type ThreadOption, threadOptions } from './codes.ts';
import {
  type EnumForm,
  enumMember,
  enumValue,
  intMember,
  intMemberOr,
  longMember,
  payload,
  textMember,
  textOf,
} from './fields.ts';
import { buildHostInfo, type HostInfo, readHostInfo } from './host-info.ts';

/** SESSION_CAPABILITY: versions as text, the client's time zone in .NET's binary form if it was sent. */
export type SessionCapability = {
  readonly protocolVersion: string;
  readonly psVersion: string;
  readonly serializationVersion: string;
  readonly timeZone: Uint8Array | null;
};

/** Builds SESSION_CAPABILITY (2.2.2.1). */
export function buildSessionCapability(
  capability: Pick<SessionCapability, 'protocolVersion'> & Partial<SessionCapability>,
): PsObject {
  const members: Record<string, PsValue> = {
    protocolversion: psText('version', capability.protocolVersion),
    PSVersion: psText('version', capability.psVersion ?? '2.0'),
    SerializationVersion: psText('version', capability.serializationVersion ?? '1.1.0.1'),
  };
  if (capability.timeZone) members['TimeZone'] = capability.timeZone;
  return payload(members);
}

/** Reads SESSION_CAPABILITY. */
export function readSessionCapability(value: PsValue): SessionCapability {
  const zone = psProperty(value, 'TimeZone');
  return {
    protocolVersion: textMember(value, 'protocolversion') ?? '',
    psVersion: textMember(value, 'PSVersion') ?? '',
    serializationVersion: textMember(value, 'SerializationVersion') ?? '',
    timeZone: zone instanceof Uint8Array ? zone : null,
  };
}

/** INIT_RUNSPACEPOOL: what a client wants of a new pool. `applicationArguments` is a PSPrimitiveDictionary or null. */
export type PoolRequest = {
  readonly minRunspaces: number;
  readonly maxRunspaces: number;
  readonly threadOptions: ThreadOption;
  readonly apartmentState: ApartmentState;
  readonly hostInfo: HostInfo;
  readonly applicationArguments: PsValue;
};

const primitiveDictionaryTypeNames = [
  'System.Management.Automation.PSPrimitiveDictionary',
  'System.Collections.Hashtable',
  'System.Object',
];

/** Makes a PSPrimitiveDictionary, the type of application arguments and private data. */
export function primitiveDictionary(entries: Iterable<readonly [PsValue, PsValue]>): PsObject {
  return psDictionary(entries, primitiveDictionaryTypeNames);
}

/** Builds INIT_RUNSPACEPOOL (2.2.2.2). */
export function buildPoolRequest(request: PoolRequest, form: EnumForm = 'full'): PsObject {
  return payload({
    MinRunspaces: request.minRunspaces,
    MaxRunspaces: request.maxRunspaces,
    PSThreadOptions: enumValue(
      'System.Management.Automation.Runspaces.PSThreadOptions',
      threadOptions,
      request.threadOptions,
      form,
    ),
    ApartmentState: enumValue('System.Threading.ApartmentState', apartmentStates, request.apartmentState, form),
    HostInfo: buildHostInfo(request.hostInfo),
    ApplicationArguments: request.applicationArguments,
  });
}

/** Reads INIT_RUNSPACEPOOL. */
export function readPoolRequest(value: PsValue): PoolRequest {
  return {
    minRunspaces: intMember(value, 'MinRunspaces'),
    maxRunspaces: intMember(value, 'MaxRunspaces'),
    threadOptions: enumMember(value, 'PSThreadOptions', threadOptions, 'Default'),
    apartmentState: enumMember(value, 'ApartmentState', apartmentStates, 'Unknown'),
    hostInfo: readHostInfo(psProperty(value, 'HostInfo')),
    applicationArguments: psProperty(value, 'ApplicationArguments') ?? null,
  };
}

/** The sizes of a pool; null where the message leaves them open. */
export type PoolSize = { readonly minRunspaces: number | null; readonly maxRunspaces: number | null };

/** Builds CONNECT_RUNSPACEPOOL (2.2.2.28) or RUNSPACEPOOL_INIT_DATA (2.2.2.29); without sizes an empty string. */
export function buildPoolSize(size: PoolSize): PsValue {
  if (size.minRunspaces === null || size.maxRunspaces === null) return '';
  return payload({ MinRunspaces: size.minRunspaces, MaxRunspaces: size.maxRunspaces });
}

/** Reads CONNECT_RUNSPACEPOOL or RUNSPACEPOOL_INIT_DATA. */
export function readPoolSize(value: PsValue): PoolSize {
  const size = (name: string): number | null => {
    const found = intMemberOr(value, name, Number.NaN);
    return Number.isNaN(found) ? null : found;
  };
  return { minRunspaces: size('MinRunspaces'), maxRunspaces: size('MaxRunspaces') };
}

/** A message that asks something of the pool and carries a call id: its number where it has one. */
export type PoolCall = { readonly callId: bigint; readonly count: number | null };

/** Builds SET_MAX_RUNSPACES, SET_MIN_RUNSPACES, GET_AVAILABLE_RUNSPACES or RESET_RUNSPACE_STATE (2.2.2.6, .7, .11, .31). */
export function buildPoolCall(type: 'setMaxRunspaces' | 'setMinRunspaces' | 'plain', call: PoolCall): PsObject {
  const name = { setMaxRunspaces: 'MaxRunspaces', setMinRunspaces: 'MinRunspaces', plain: null }[type];
  return payload({ ...(name === null ? {} : { [name]: call.count ?? 0 }), ci: call.callId });
}

/** Reads one of these messages. */
export function readPoolCall(type: 'setMaxRunspaces' | 'setMinRunspaces' | 'plain', value: PsValue): PoolCall {
  const name = { setMaxRunspaces: 'MaxRunspaces', setMinRunspaces: 'MinRunspaces', plain: null }[type];
  return { callId: longMember(value, 'ci'), count: name === null ? null : intMember(value, name) };
}

/** RUNSPACE_AVAILABILITY: whether a change was made, or how many runspaces are free. */
export type RunspaceAvailability = { readonly callId: bigint; readonly result: boolean | number };

/** Builds RUNSPACE_AVAILABILITY (2.2.2.8). */
export function buildRunspaceAvailability(answer: RunspaceAvailability): PsObject {
  return payload({ SetMinMaxRunspacesResponse: answer.result, ci: answer.callId });
}

/** Reads RUNSPACE_AVAILABILITY; the count may be an Int32 or an Int64. */
export function readRunspaceAvailability(value: PsValue): RunspaceAvailability {
  const result = psProperty(value, 'SetMinMaxRunspacesResponse');
  return {
    callId: longMember(value, 'ci'),
    result: typeof result === 'boolean' ? result : intMember(value, 'SetMinMaxRunspacesResponse'),
  };
}

/** Builds PUBLIC_KEY or ENCRYPTED_SESSION_KEY (2.2.2.3, 2.2.2.4). */
export function buildKey(type: 'publicKey' | 'encryptedSessionKey', text: string): PsObject {
  return payload({ [type === 'publicKey' ? 'PublicKey' : 'EncryptedSessionKey']: text });
}

/** Reads PUBLIC_KEY or ENCRYPTED_SESSION_KEY. */
export function readKey(type: 'publicKey' | 'encryptedSessionKey', value: PsValue): string {
  return textMember(value, type === 'publicKey' ? 'PublicKey' : 'EncryptedSessionKey') ?? textOf(value) ?? '';
}

/** Builds APPLICATION_PRIVATE_DATA (2.2.2.13) from a PSPrimitiveDictionary or null. */
export const buildApplicationPrivateData = (data: PsValue): PsObject => payload({ ApplicationPrivateData: data });

/** Reads APPLICATION_PRIVATE_DATA. */
export const readApplicationPrivateData = (value: PsValue): PsValue =>
  psProperty(value, 'ApplicationPrivateData') ?? null;
