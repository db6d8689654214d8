import { coreCmdlets } from './cmdlets/core-cmdlets.ts';
import { csvCmdlets } from './cmdlets/csv.ts';
import { formatCmdlets, formatTypes } from './cmdlets/format-cmdlets.ts';
import { itemCmdlets } from './cmdlets/item-cmdlets.ts';
import { objectCmdlets } from './cmdlets/object-cmdlets.ts';
import { outCmdlets } from './cmdlets/out-cmdlets.ts';
import { selectObject } from './cmdlets/select-object.ts';
import { matchInfoType, selectString, teeObject } from './cmdlets/select-string.ts';
import { selectXml, selectXmlInfoType } from './cmdlets/select-xml.ts';
import { sessionCmdlets } from './cmdlets/session-cmdlets.ts';
import { sessionEnums, variableCmdlets, variableType } from './cmdlets/variable-cmdlets.ts';
import { automationEnums } from './dotnet/automation-enums.ts';
import { charType } from './dotnet/char.ts';
import { collectionTypes } from './dotnet/collections.ts';
import { dateTimeKindEnum, dateTimeStylesEnum, dateTimeType, dayOfWeekEnum } from './dotnet/date-time.ts';
import { dotnetTypes } from './dotnet/dotnet-types.ts';
import { categoryInfoType, errorDetailsType, errorRecordType, exceptionType } from './dotnet/errors.ts';
import { exceptionTypes } from './dotnet/exceptions.ts';
import { executionContextTypes, languageModeEnum } from './dotnet/execution-context.ts';
import { invocationInfoType } from './dotnet/invocation-info.ts';
import { libraryEnums } from './dotnet/io-enums.ts';
import { memberTypesEnum } from './dotnet/member-types.ts';
import { numberTypes } from './dotnet/numbers.ts';
import { psCmdletType } from './dotnet/ps-cmdlet.ts';
import { hostType } from './dotnet/ps-host.ts';
import { psMethodType } from './dotnet/ps-method.ts';
import { psMethodInvokeType } from './dotnet/ps-method-invoke.ts';
import { notePropertyType, psObjectType, psPropertyType } from './dotnet/ps-object.ts';
import { enumType, referenceType, scriptBlockType, switchType, typeType } from './dotnet/reflection.ts';
import { groupCollectionType, groupType, matchCollectionType, matchType, regexType } from './dotnet/regex.ts';
import { captureCollectionType, captureType, regexOptionsEnum } from './dotnet/regex-parts.ts';
import {
  debugRecordType,
  informationRecordType,
  verboseRecordType,
  warningRecordType,
} from './dotnet/stream-records.ts';
import { stringType } from './dotnet/string.ts';
import { stringComparisonEnum, stringSplitOptionsEnum } from './dotnet/string-enums.ts';
import { timeSpanType } from './dotnet/time-span.ts';
import { nodeTypeEnum } from './dotnet/xml-node-type.ts';
import { xmlTypes } from './dotnet/xml-types.ts';
import { environmentDrive, functionDrive, variableDrive } from './drives.ts';
import type { Extension } from './host.ts';
import { commandInfoTypes } from './run/command-info.ts';
import { parameterMetadataType } from './run/command-parameters.ts';
import type { TypeDefinition } from './type-definition.ts';

const languageTypes = [
  stringType,
  charType,
  dateTimeType,
  timeSpanType,
  errorRecordType,
  categoryInfoType,
  errorDetailsType,
  exceptionType,

  invocationInfoType,
  psCmdletType,
  hostType,
  psObjectType,
  psPropertyType,
  psMethodType,
  psMethodInvokeType,
  notePropertyType,
  ...commandInfoTypes,
  ...formatTypes,
  variableType,

  typeType,
  enumType,
  scriptBlockType,
  referenceType,
  switchType,
  warningRecordType,
  verboseRecordType,
  debugRecordType,
  informationRecordType,
  regexType,
  matchType,
  captureCollectionType,
  captureType,
  groupType,
  groupCollectionType,
  matchCollectionType,
  ...numberTypes,
  ...collectionTypes,
  ...xmlTypes,
  matchInfoType,
  selectXmlInfoType,
  parameterMetadataType,
  ...executionContextTypes,
] as readonly TypeDefinition[];

/** What every runspace knows: the language's own types, cmdlets and drives. */
export const builtInExtensions: readonly Extension[] = [
  dotnetTypes,
  coreCmdlets,
  {
    types: languageTypes,
    enums: [
      ...automationEnums,
      ...sessionEnums,
      ...libraryEnums,
      stringComparisonEnum,
      stringSplitOptionsEnum,
      regexOptionsEnum,
      dayOfWeekEnum,
      dateTimeKindEnum,
      dateTimeStylesEnum,
      nodeTypeEnum,
      memberTypesEnum,
      languageModeEnum,
    ],
    exceptions: exceptionTypes,
    cmdlets: [
      ...objectCmdlets,
      selectObject,
      selectString,
      selectXml,
      teeObject,
      ...outCmdlets,
      ...formatCmdlets,
      ...csvCmdlets,
      ...variableCmdlets,
      ...sessionCmdlets,
      ...itemCmdlets,
    ],
    drives: [environmentDrive, variableDrive, functionDrive],
  },
];
