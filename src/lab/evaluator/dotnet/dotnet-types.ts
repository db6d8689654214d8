import { defineExtension } from '../define.ts';
import type { Extension } from '../host.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { bigIntegerType } from './big-integer.ts';
import { byteStreamTypes, compressionMode } from './byte-streams.ts';
import { bitConverterType, convertType } from './convert.ts';
import { cryptographyTypes } from './cryptography.ts';
import { cultureType, textInfoType } from './culture.ts';
import { dateTimeOffsetType } from './date-time-offset.ts';
import { dbNullType } from './db-null.ts';
import { encodingTypes } from './encoding.ts';
import { environmentType } from './environment.ts';
import { guidType, versionType } from './identifiers.ts';
import { addressFamilyEnum, ipAddressType } from './ip-address.ts';
import { mathType, midpointRounding } from './math.ts';
import { pathType } from './path.ts';
import { randomType } from './random.ts';
import { stopwatchType } from './stopwatch.ts';
import { stringBuilderType } from './string-builder.ts';
import { stringComparerType } from './string-comparer.ts';
import { uriType } from './uri.ts';
import { securityElementType, webUtilityType } from './web-utility.ts';
import { wildcardOptionsEnum, wildcardPatternType } from './wildcard-pattern.ts';

/** .NET types that need nothing of the machine: built into every runspace. */
export const dotnetTypes: Extension = defineExtension({
  types: [
    mathType,
    convertType,
    bitConverterType,
    ...encodingTypes,
    ...cryptographyTypes,
    ...byteStreamTypes,
    stringBuilderType,
    guidType,
    versionType,
    dateTimeOffsetType,
    bigIntegerType,
    ipAddressType,
    wildcardPatternType,
    uriType,
    dbNullType,
    environmentType,
    webUtilityType,
    securityElementType,
    textInfoType,
    pathType,
    stopwatchType,
    randomType,
    cultureType,
    stringComparerType,
  ] as readonly TypeDefinition[],
  enums: [midpointRounding, compressionMode, addressFamilyEnum, wildcardOptionsEnum],
});
