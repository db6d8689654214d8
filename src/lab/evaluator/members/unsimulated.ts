/**
 * Methods that .NET Framework has and the lab has not, by type. Calling one must not look like the error of a method that does not
 * exist, which a script might catch: it is `LabUnsupported`.
 */
const names: Readonly<Record<string, string>> = {
  'system.string': 'CopyTo IsNormalized GetTypeCode Intern IsInterned',
  'system.char':
    'ConvertToUtf32 GetUnicodeCategory IsSurrogate IsHighSurrogate IsLowSurrogate IsSeparator IsSymbol Parse TryParse',
  'system.datetime': 'GetDateTimeFormats ToBinary FromBinary GetTypeCode ToFileTimeLocal',
  'system.math': 'Acos Asin Atan Atan2 Cosh IEEERemainder Sinh Tanh',
  'system.convert': 'FromBase64CharArray GetTypeCode IsDBNull ToBase64CharArray',
  'system.array': 'AsReadOnly Initialize',
  'system.collections.arraylist': 'Adapter FixedSize ReadOnly Repeat SetRange Synchronized',
  'system.collections.generic.list': 'AsReadOnly',
  'system.collections.generic.hashset': 'CopyTo',
  'system.collections.hashtable': 'CopyTo GetObjectData OnDeserialization Synchronized',
  'system.collections.specialized.ordereddictionary': 'AsReadOnly CopyTo GetObjectData',
  'system.text.regularexpressions.regex': 'CompileToAssembly',
  'system.type':
    'GetConstructor GetConstructors GetCustomAttributes GetField GetFields GetInterfaces GetMember GetMembers GetMethod GetMethods GetProperties GetProperty InvokeMember MakeArrayType MakeGenericType',
  'system.runtimetype':
    'GetConstructor GetConstructors GetCustomAttributes GetField GetFields GetInterfaces GetMember GetMembers GetMethod GetMethods GetProperties GetProperty InvokeMember MakeArrayType MakeGenericType',
  'system.management.automation.scriptblock': 'CheckRestrictedLanguage GetSteppablePipeline InvokeWithContext',
  'system.exception': 'GetObjectData',
  'system.timespan': 'ParseExact TryParseExact',
  'system.enum': 'Format GetTypeCode GetUnderlyingType',
  'system.object': 'MemberwiseClone',
};

const sets = new Map(Object.entries(names).map(([type, list]) => [type, new Set(list.toLowerCase().split(' '))]));

/** Whether all methods of a type are known here, so that any other name exists nowhere. */
export const isFullyKnown = (type: string): boolean =>
  sets.has(type.toLowerCase()) || /^System\.(U?Int\d+|S?Byte|Double|Single|Decimal|Boolean)$/.test(type);

const libraryName =
  /^(System|Microsoft|Windows|IO|Net|Text|Diagnostics|Collections|Security|Management|ServiceProcess|Globalization|Threading|Reflection|Runtime|Xml|DirectoryServices|ComponentModel|Data|Web|Linq|CimCmdlets)\./i;
const libraryTypes = new Set(
  'environment intptr uintptr activator appdomain gc console action func delegate attribute lazy tuple mailaddress adsi adsisearcher wmiclass wmisearcher wmi powershell runspacefactory initialsessionstate cimclass cimtype ciminstance cimsession psmoduleinfo securestring pscredential x509certificate x509certificate2 pslistmodifier timezoneinfo timezone buffer eventlog'.split(
    ' ',
  ),
);

/** Whether a type that was not found surely exists on Windows: it is the lab that lacks it. */
export const isLibraryType = (name: string): boolean => libraryName.test(name) || libraryTypes.has(name.toLowerCase());

/** Whether .NET has a method of this lower-case name on one of the types, which the lab does not simulate. */
export const isUnsimulated = (types: readonly string[], method: string): boolean =>
  types.some((type) => sets.get(type.toLowerCase())?.has(method) ?? false);
