/** Type accelerators and common types that have no definition of their own. */
export const accelerators: Readonly<Record<string, string>> = {
  object: 'System.Object',
  psobject: 'System.Management.Automation.PSObject',
  pscustomobject: 'System.Management.Automation.PSObject',
  'system.management.automation.pscustomobject': 'System.Management.Automation.PSCustomObject',
  array: 'System.Array',
  int: 'System.Int32',
  long: 'System.Int64',
  short: 'System.Int16',
  ushort: 'System.UInt16',
  uint: 'System.UInt32',
  ulong: 'System.UInt64',
  float: 'System.Single',
  bool: 'System.Boolean',
  void: 'System.Void',
  hashtable: 'System.Collections.Hashtable',
  ordered: 'System.Collections.Specialized.OrderedDictionary',
  switch: 'System.Management.Automation.SwitchParameter',
  scriptblock: 'System.Management.Automation.ScriptBlock',
  ref: 'System.Management.Automation.PSReference',
  type: 'System.Type',
  wmi: 'System.Management.ManagementObject',
  exception: 'System.Exception',
  errorrecord: 'System.Management.Automation.ErrorRecord',
};

const plainNames = [
  'System.Object',
  'System.String',
  'System.Int32',
  'System.Int64',
  'System.Int16',
  'System.UInt16',
  'System.UInt32',

  'System.UInt64',
  'System.Byte',
  'System.SByte',
  'System.Single',
  'System.Double',
  'System.Decimal',
  'System.Boolean',

  'System.Char',
  'System.DateTime',
  'System.TimeSpan',
  'System.Array',
  'System.Void',
  'System.Type',
  'System.RuntimeType',

  'System.Collections.Hashtable',
  'System.Collections.Specialized.OrderedDictionary',
  'System.Collections.ArrayList',
  'System.Collections.Generic.List',
  'System.Collections.Generic.Dictionary',
  'System.Collections.Generic.HashSet',

  'System.Collections.Generic.SortedDictionary',
  'System.Collections.SortedList',
  'System.Collections.Generic.SortedList',
  'System.Collections.Generic.Queue',
  'System.Collections.Generic.Stack',

  'System.Collections.Queue',
  'System.Collections.Stack',
  'System.Collections.IDictionary',
  'System.Collections.IList',
  'System.Collections.IEnumerable',
  'System.Collections.ICollection',
  'System.IDisposable',
  'System.IComparable',

  'System.Collections.ObjectModel.Collection',
  'System.Nullable',
  'System.Predicate',
  'System.Converter',
  'System.Func',
  'System.Action',
  'System.Comparison',
  'System.Enum',
  'System.ValueType',
  'System.IConvertible',

  'System.Collections.Generic.IEnumerable',
  'System.Collections.Generic.IList',
  'System.Collections.Generic.IDictionary',
  'System.Management.Automation.PSObject',
  'System.Management.Automation.PSCustomObject',
  'System.Management.Automation.PSReference',
  'System.Management.Automation.ScriptBlock',
  'System.Management.Automation.SwitchParameter',
  'System.Management.Automation.ErrorRecord',
];

/** Full names of the types that have no definition of their own, by lower-case name as written. */
export const knownTypes = new Map<string, string>();
for (const name of plainNames) {
  knownTypes.set(name.toLowerCase(), name);
  if (name.startsWith('System.')) knownTypes.set(name.slice(7).toLowerCase(), name);
}
for (const [short, name] of Object.entries(accelerators)) knownTypes.set(short, name);
