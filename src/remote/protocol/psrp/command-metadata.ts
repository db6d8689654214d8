/** GET_COMMAND_METADATA (MS-PSRP 2.2.2.14): which commands does the server have. */
import { arrayTypeNames, type PsObject, type PsValue, psEnum, psList, psProperty } from '../clixml/values.ts';
import { listMember, numberOf, payload, textOf } from './fields.ts';

/** A question for commands. Names may have wildcards; `commandTypes` holds bits of the table of that name. */
export type CommandMetadataRequest = {
  readonly names: readonly string[];
  readonly commandTypes: number;
  readonly namespaces: readonly string[];
  readonly fullyQualifiedModules: readonly PsValue[];
  readonly arguments: readonly PsValue[];
};

const listOrNull = (items: readonly PsValue[], typeNames: readonly string[]): PsValue =>
  items.length === 0 ? null : psList(items, typeNames);
const stringArray = ['System.String[]', 'System.Array', 'System.Object'];

/** Builds GET_COMMAND_METADATA. */
export function buildCommandMetadataRequest(request: CommandMetadataRequest): PsObject {
  return payload({
    Name: listOrNull(request.names, stringArray),
    CommandType: psEnum(
      'System.Management.Automation.CommandTypes',
      String(request.commandTypes),
      request.commandTypes,
    ),
    Namespace: listOrNull(request.namespaces, stringArray),
    FullyQualifiedModule: listOrNull(request.fullyQualifiedModules, arrayTypeNames),
    ArgumentList: listOrNull(request.arguments, arrayTypeNames),
  });
}

/** Reads GET_COMMAND_METADATA. */
export function readCommandMetadataRequest(value: PsValue): CommandMetadataRequest {
  const texts = (name: string): string[] => listMember(value, name).map((item) => textOf(item) ?? '');
  return {
    names: texts('Name'),
    commandTypes: numberOf(psProperty(value, 'CommandType')) ?? 0,
    namespaces: texts('Namespace'),
    fullyQualifiedModules: listMember(value, 'FullyQualifiedModule'),
    arguments: listMember(value, 'ArgumentList'),
  };
}
