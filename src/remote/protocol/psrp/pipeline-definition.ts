/** CREATE_PIPELINE (MS-PSRP 2.2.2.10, 2.2.3.11 to .13). */
import {
  arrayListTypeNames,
  isPsObject,
  type PsObject,
  type PsValue,
  psEnum,
  psList,
  psObject,
  psProperty,
} from '../clixml/values.ts';
import { type ApartmentState, apartmentStates, type ResultType, remoteStreamOptions, resultTypes } from './codes.ts';
import {
  type EnumForm,
  enumMember,
  enumValue,
  flagMember,
  listMember,
  numberOf,
  payload,
  textMember,
} from './fields.ts';
import { buildHostInfo, type HostInfo, noHost, readHostInfo } from './host-info.ts';

/** A parameter; a null name makes it positional. A switch takes `true`: null would switch it off. */
type Parameter = { readonly name: string | null; readonly value: PsValue };

/** Where the streams of a command go. */
type Merge = {
  readonly myResult: ResultType;
  readonly toResult: ResultType;
  readonly previousResults: ResultType;
  readonly error: ResultType;
  readonly warning: ResultType;
  readonly verbose: ResultType;
  readonly debug: ResultType;
  readonly information: ResultType;
};

/** A command of a pipeline: a name, or a whole script. */
type Command = {
  readonly text: string;
  readonly isScript: boolean;
  /** Null leaves it to the server. */
  readonly useLocalScope: boolean | null;
  readonly parameters: readonly Parameter[];
  readonly merge: Merge;
};

/** What a pipeline runs: statements, each of commands joined by `|`. */
export type PipelineDefinition = {
  readonly statements: readonly (readonly Command[])[];
  /** Whether no input will come. */
  readonly noInput: boolean;
  readonly addToHistory: boolean;
  readonly apartmentState: ApartmentState;
  /** Bits of `remoteStreamOptions`. */
  readonly remoteStreamOptions: number;
  readonly hostInfo: HostInfo;
  readonly history: string | null;
  readonly redirectErrors: boolean;
  readonly isNested: boolean;
};

/** How a command is given by callers. */
type CommandFields = Pick<Command, 'text'> & Partial<Command>;
/** How a pipeline is given by callers: a lone statement or several. */
export type PipelineFields = Partial<Omit<PipelineDefinition, 'statements'>> & {
  readonly statements: readonly (readonly CommandFields[])[];
};

const noMerge: Merge = {
  myResult: 'None',
  toResult: 'None',
  previousResults: 'None',
  error: 'None',
  warning: 'None',
  verbose: 'None',
  debug: 'None',
  information: 'None',
};

/** Fills in what callers left out. */
export function completePipeline(fields: PipelineFields): PipelineDefinition {
  return {
    noInput: true,
    addToHistory: false,
    apartmentState: 'Unknown',
    remoteStreamOptions: remoteStreamOptions.none,
    hostInfo: noHost,
    history: null,
    redirectErrors: true,
    isNested: false,
    ...fields,
    statements: fields.statements.map((statement) =>
      statement.map((command) => ({
        isScript: false,
        useLocalScope: null,
        parameters: [],
        merge: noMerge,
        ...command,
      })),
    ),
  };
}

/** How the message is written: for which protocol version, and whether with type names. */
export type PipelineForm = { readonly version: string; readonly form: EnumForm };

const resultTypeName = 'System.Management.Automation.Runspaces.PipelineResultTypes';
const mergeMembers = [
  ['MergeMyResult', 'myResult', '2.1'],
  ['MergeToResult', 'toResult', '2.1'],
  ['MergePreviousResults', 'previousResults', '2.1'],
  ['MergeError', 'error', '2.2'],
  ['MergeWarning', 'warning', '2.2'],
  ['MergeVerbose', 'verbose', '2.2'],
  ['MergeDebug', 'debug', '2.2'],
  ['MergeInformation', 'information', '2.3'],
] as const;
const streamOptionNames = new Map([
  [0, 'None'],
  [1, 'ErrorRecord'],
  [2, 'WarningRecord'],
  [4, 'DebugRecord'],
  [8, 'VerboseRecord'],
  [15, 'AddInvocationInfo'],
]);

/** Builds CREATE_PIPELINE. */
export function buildPipeline(definition: PipelineDefinition, { version, form }: PipelineForm): PsObject {
  const first = definition.statements[0] ?? [];
  const powerShell: Record<string, PsValue> = {
    Cmds: buildStatement(first, { version, form }),
    IsNested: definition.isNested,
    History: definition.history,
    RedirectShellErrorOutputPipe: definition.redirectErrors,
  };
  if (definition.statements.length > 1)
    powerShell['ExtraCmds'] = buildList(
      definition.statements.map((statement) => payload({ Cmds: buildStatement(statement, { version, form }) })),
      form,
    );
  return payload({
    NoInput: definition.noInput,
    ApartmentState: enumValue('System.Threading.ApartmentState', apartmentStates, definition.apartmentState, form),
    RemoteStreamOptions: buildStreamOptions(definition.remoteStreamOptions, form),
    AddToHistory: definition.addToHistory,
    HostInfo: buildHostInfo(definition.hostInfo),
    PowerShell: payload(powerShell),
    IsNested: definition.isNested,
  });
}

function buildStreamOptions(bits: number, form: EnumForm): PsValue {
  if (form === 'compact') return bits;
  const names = [1, 2, 4, 8].filter((bit) => (bits & bit) !== 0).map((bit) => streamOptionNames.get(bit));
  return psEnum(
    'System.Management.Automation.RemoteStreamOptions',
    streamOptionNames.get(bits) ?? names.join(', '),
    bits,
  );
}

const buildList = (items: readonly PsValue[], form: EnumForm): PsObject =>
  psList(items, form === 'full' ? arrayListTypeNames : []);

function buildStatement(commands: readonly Command[], how: PipelineForm): PsObject {
  return buildList(
    commands.map((command) => buildCommand(command, how)),
    how.form,
  );
}

function buildCommand(command: Command, { version, form }: PipelineForm): PsObject {
  const members: Record<string, PsValue> = {
    Cmd: command.text,
    IsScript: command.isScript,
    UseLocalScope: command.useLocalScope,
  };
  for (const [member, key, since] of mergeMembers) {
    const type = command.merge[key];
    // The compact form leaves out what the server takes for None anyway.
    if (version < since || (form === 'compact' && since !== '2.1' && type === 'None')) continue;
    members[member] = enumValue(resultTypeName, resultTypes, type, form);
  }
  members['Args'] = buildList(
    command.parameters.map((parameter) => payload({ N: parameter.name, V: parameter.value })),
    form,
  );
  return payload(members);
}

/** Reads CREATE_PIPELINE in any of its forms. */
export function readPipeline(value: PsValue): PipelineDefinition {
  const powerShell = psProperty(value, 'PowerShell') ?? psObject();
  const extra = listMember(powerShell, 'ExtraCmds');
  const statements = extra.length > 0 ? extra : [powerShell];
  return {
    statements: statements.map((statement) => listMember(statement, 'Cmds').map(readCommand)),
    noInput: flagMember(value, 'NoInput'),
    addToHistory: flagMember(value, 'AddToHistory'),
    apartmentState: enumMember(value, 'ApartmentState', apartmentStates, 'Unknown'),
    remoteStreamOptions: readStreamOptions(psProperty(value, 'RemoteStreamOptions')),
    hostInfo: readHostInfo(psProperty(value, 'HostInfo')),
    history: textMember(powerShell, 'History'),
    redirectErrors: flagMember(powerShell, 'RedirectShellErrorOutputPipe'),
    isNested: flagMember(value, 'IsNested') || flagMember(powerShell, 'IsNested'),
  };
}

function readStreamOptions(value: PsValue | undefined): number {
  if (typeof value !== 'string') return numberOf(value) ?? remoteStreamOptions.none;
  const names = new Set(value.split(',').map((name) => name.trim()));
  return Array.from(streamOptionNames).reduce((bits, [bit, name]) => (names.has(name) ? bits | bit : bits), 0);
}

function readCommand(value: PsValue): Command {
  const scope = psProperty(value, 'UseLocalScope');
  const merge = Object.fromEntries(
    mergeMembers.map(([member, key]) => [key, enumMember(value, member, resultTypes, 'None')]),
  );
  return {
    text: textMember(value, 'Cmd') ?? '',
    isScript: flagMember(value, 'IsScript'),
    useLocalScope: typeof scope === 'boolean' ? scope : null,
    parameters: listMember(value, 'Args').map((parameter) => ({
      name: textMember(parameter, 'N'),
      value: isPsObject(parameter) ? (psProperty(parameter, 'V') ?? null) : null,
    })),
    merge: { ...noMerge, ...merge },
  };
}
