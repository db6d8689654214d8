import { isPsObject, type PsObject, type PsValue, psEnum, psList, psObject, psProperty } from '../clixml/values.ts';
import { numberOf, textOf } from './fields.ts';

/** Where a command was called (MS-PSRP 2.2.3.15.1, InvocationInfo): what errors and records say about their place. */
export type InvocationInfo = {
  readonly invocationName: string;
  /** The whole line of the script. */
  readonly line: string;
  /** From 1. */
  readonly scriptLineNumber: number;
  /** From 1. */
  readonly offsetInLine: number;
  /** File of the script; empty for text sent as such. */
  readonly scriptName: string;
  /** The block "At line:1 char:1 …" as PowerShell shows it. */
  readonly positionMessage: string;
  readonly scriptRoot: string;
  readonly commandPath: string | null;
  readonly commandOrigin: 'Runspace' | 'Internal';
  readonly historyId: bigint;
  readonly pipelineLength: number;
  readonly pipelinePosition: number;
  readonly expectingInput: boolean;
  /** How many objects each command of the pipeline has seen; empty if that was not sent. */
  readonly pipelineIterationInfo: readonly number[];
  /** A dictionary, or null. */
  readonly boundParameters: PsValue;
  /** A list, or null. */
  readonly unboundArguments: PsValue;
};

/** Reads an InvocationInfo: flat members `InvocationInfo_*` of a record, else an object under `InvocationInfo`; null if there is neither. */
export function readInvocationInfo(record: PsValue): InvocationInfo | null {
  const flat =
    psProperty(record, 'InvocationInfo_Line') !== undefined ||
    psProperty(record, 'InvocationInfo_InvocationName') !== undefined;
  const object = psProperty(record, 'InvocationInfo');
  if (!flat && !isPsObject(object)) return null;
  const member = (name: string): PsValue | undefined =>
    flat ? psProperty(record, `InvocationInfo_${name}`) : psProperty(object ?? null, name);
  const text = (name: string): string => textOf(member(name)) ?? '';
  const number = (name: string): number => numberOf(member(name)) ?? 0;
  const origin = member('CommandOrigin');
  return {
    invocationName: text('InvocationName'),
    line: text('Line'),
    scriptLineNumber: number('ScriptLineNumber'),
    offsetInLine: number('OffsetInLine'),
    scriptName: text('ScriptName'),
    positionMessage: text('PositionMessage'),
    scriptRoot: text('PSScriptRoot'),
    commandPath: textOf(member('PSCommandPath')),
    commandOrigin: numberOf(origin) === 1 || textOf(origin) === 'Internal' ? 'Internal' : 'Runspace',
    historyId: BigInt(number('HistoryId')),
    pipelineLength: number('PipelineLength'),
    pipelinePosition: number('PipelinePosition'),
    expectingInput: member('ExpectingInput') === true,
    pipelineIterationInfo: readNumbers(member('PipelineIterationInfo')),
    boundParameters: member('BoundParameters') ?? null,
    unboundArguments: member('UnboundArguments') ?? null,
  };
}

function readNumbers(list: PsValue | undefined): number[] {
  if (!isPsObject(list) || list.base === null || !('items' in list.base)) return [];
  return list.base.items.map((item) => numberOf(item) ?? 0);
}

const invocationInfoTypeNames = ['System.Management.Automation.InvocationInfo', 'System.Object'];

/** Builds an InvocationInfo as PowerShell sends it inside an error record when no extended info was asked for. */
export function buildInvocationInfo(info: InvocationInfo): PsObject {
  return psObject({
    typeNames: invocationInfoTypeNames,
    text: 'System.Management.Automation.InvocationInfo',
    adapted: {
      MyCommand: null,
      BoundParameters: info.boundParameters,
      UnboundArguments: info.unboundArguments,
      ScriptLineNumber: info.scriptLineNumber,
      OffsetInLine: info.offsetInLine,
      HistoryId: info.historyId,
      ScriptName: info.scriptName,
      Line: info.line,
      PositionMessage: info.positionMessage,
      PSScriptRoot: info.scriptRoot,
      PSCommandPath: info.commandPath,
      InvocationName: info.invocationName,
      PipelineLength: info.pipelineLength,
      PipelinePosition: info.pipelinePosition,
      ExpectingInput: info.expectingInput,
      CommandOrigin: info.commandOrigin,
      DisplayScriptPosition: null,
    },
  });
}

const intArray = ['System.Int32[]', 'System.Array', 'System.Object'];
const intCollection = [
  'System.Collections.ObjectModel.ReadOnlyCollection`1[[System.Int32, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089]]',
  'System.Object',
];

/** The pipeline iteration info that ends a record with extended info. */
export const buildIterationInfo = (info: InvocationInfo): PsObject => psList(info.pipelineIterationInfo, intCollection);

/** The flat members that a record carries when the client asked for extended info (`remoteStreamOptions`). */
export function buildFlatInvocationInfo(info: InvocationInfo): Record<string, PsValue> {
  const origin = info.commandOrigin;
  return {
    InvocationInfo_BoundParameters: info.boundParameters,
    InvocationInfo_CommandOrigin: psEnum(
      'System.Management.Automation.CommandOrigin',
      origin,
      origin === 'Internal' ? 1 : 0,
    ),
    InvocationInfo_ExpectingInput: info.expectingInput,
    InvocationInfo_InvocationName: info.invocationName,
    InvocationInfo_Line: info.line,
    InvocationInfo_OffsetInLine: info.offsetInLine,
    InvocationInfo_HistoryId: info.historyId,
    InvocationInfo_PipelineIterationInfo: psList(info.pipelineIterationInfo, intArray),
    InvocationInfo_PipelineLength: info.pipelineLength,
    InvocationInfo_PipelinePosition: info.pipelinePosition,
    InvocationInfo_PSScriptRoot: info.scriptRoot,
    InvocationInfo_PSCommandPath: info.commandPath,
    InvocationInfo_PositionMessage: info.positionMessage,
    InvocationInfo_ScriptLineNumber: info.scriptLineNumber,
    InvocationInfo_ScriptName: info.scriptName,
    InvocationInfo_UnboundArguments: info.unboundArguments,
    SerializeExtent: false,
  };
}

/** What a caller knows of a place; the rest gets its empty value. */
export function completeInvocationInfo(known: Partial<InvocationInfo>): InvocationInfo {
  return {
    invocationName: '',
    line: '',
    scriptLineNumber: 0,
    offsetInLine: 0,
    scriptName: '',
    positionMessage: '',
    scriptRoot: '',
    commandPath: null,
    commandOrigin: 'Internal',
    historyId: 1n,
    pipelineLength: 0,
    pipelinePosition: 0,
    expectingInput: false,
    pipelineIterationInfo: [],
    boundParameters: null,
    unboundArguments: null,
    ...known,
  };
}
