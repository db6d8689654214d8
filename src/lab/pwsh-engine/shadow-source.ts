import type { Registry } from '../evaluator/registry.ts';
import type { EnumDefinition, TypeDefinition } from '../evaluator/type-definition.ts';

/** Classes for simulated types and enums in C#, and under which names scripts find them. */
export type ShadowSource = {
  readonly text: string;
  /** Name in a script → full name of the class. */
  readonly names: Readonly<Record<string, string>>;
};

/** Types whose objects a PowerShell makes and uses by itself without touching a machine, or that are handled as property bags. */
const ofPowerShell: ReadonlySet<string> = new Set([
  'System.Security.SecureString',
  'System.Net.NetworkCredential',
  'System.Management.Automation.PSCredential',
  'System.Runtime.InteropServices.Marshal',
  'Microsoft.Management.Infrastructure.CimInstance',
]);

/** Language types that look at the machine: its file names and its clock. */
const ofMachine = ['System.IO.Path', 'System.Diagnostics.Stopwatch'];

const keywords = /^(?:checked|default|event|fixed|lock|object|operator|params|ref|string|this)$/u;
const identifier = (name: string): string => (keywords.test(name) ? `@${name}` : name);
const quoted = (name: string): string => JSON.stringify(name);

const split = (full: string): readonly [string, string] => {
  const at = full.lastIndexOf('.');
  return [full.slice(0, at), full.slice(at + 1)];
};

const inNamespace = (space: string, text: string): string => `namespace ${space} { ${text} }`;

const classOf = (type: TypeDefinition): string => {
  const [space, name] = split(type.name);
  const self = quoted(type.name);
  const statics = Object.keys(type.statics?.methods ?? {});
  const taken = new Set([...statics, name, 'ToString', 'GetType', 'Equals', 'GetHashCode']);
  const lines = [
    ...(type.construct
      ? [
          `public ${name}() : base(Kintsugi.Lab.Bridge.Construct(${self}, new object[0])) {}`,
          `public ${name}(params object[] a) : base(Kintsugi.Lab.Bridge.Construct(${self}, a)) {}`,
        ]
      : [`private ${name}() {}`]),
    ...statics.map(
      (each) =>
        `public static object ${identifier(each)}(params object[] a) => Kintsugi.Lab.Bridge.Static(${self}, ${quoted(each)}, a);`,
    ),
  ];
  const property = (each: string, isStatic: boolean): string => {
    const [get, set] = isStatic
      ? [`GetStatic(${self}, ${quoted(each)})`, `SetStatic(${self}, ${quoted(each)}, value)`]
      : [`Get(this, ${quoted(each)})`, `Set(this, ${quoted(each)}, value)`];
    const definition = isStatic ? type.statics?.properties?.[each] : type.properties?.[each];
    const settable = definition !== undefined && 'set' in definition;
    return `public ${isStatic ? 'static ' : ''}object ${identifier(each)} { get => Kintsugi.Lab.Bridge.${get}; ${settable ? `set => Kintsugi.Lab.Bridge.${set}; ` : ''}}`;
  };
  const add = (each: string, line: string): void => {
    if (taken.has(each)) return;
    taken.add(each);
    lines.push(line);
  };
  for (const each of Object.keys(type.statics?.properties ?? {})) add(each, property(each, true));
  for (const [each, { hidden }] of Object.entries(type.properties ?? {}))
    add(each, `${hidden === true ? '[System.Management.Automation.Hidden] ' : ''}${property(each, false)}`);
  for (const each of Object.keys(type.methods ?? {}))
    add(
      each,
      `public object ${identifier(each)}(params object[] a) => Kintsugi.Lab.Bridge.Call(this, ${quoted(each)}, a);`,
    );
  return inNamespace(space, `public class ${name} : Kintsugi.Lab.Shadow { ${lines.join('\n')} }`);
};

const underlying = { Byte: 'byte', Int32: 'int', UInt32: 'uint', Int64: 'long' } as const;

const enumOf = ({ name, values, flags, underlying: base }: EnumDefinition): string => {
  const [space, short] = split(name);
  const members = Object.entries(values).map(([each, value]) => `${identifier(each)} = ${value}`);
  return inNamespace(
    space,
    `${flags === true ? '[System.Flags] ' : ''}public enum ${short} : ${underlying[base ?? 'Int32']} { ${members.join(', ')} }`,
  );
};

const exceptionOf = (name: string, base: string): string => {
  const [space, short] = split(name);
  return inNamespace(
    space,
    `public class ${short} : global::${base} { public ${short}(string m) : base(m) {} public ${short}() {} }`,
  );
};

const namesOf = (name: string, aliases: readonly string[] = []): string[] => [
  name,
  ...(name.startsWith('System.') ? [name.slice('System.'.length)] : []),
  ...aliases,
];

/**
 * Classes that stand in a PowerShell process for what the simulator has.
 * @param registry what the simulator has
 * @param machineTypes names of the types that the simulated Windows adds
 * @param unknown names of enums and exceptions that the PowerShell has not by itself
 */
export const shadowSource = (
  registry: Registry,
  machineTypes: readonly string[],
  unknown: ReadonlySet<string>,
): ShadowSource => {
  const names: Record<string, string> = {};
  const types = [...new Set([...machineTypes, ...ofMachine])].flatMap((name) => {
    const type = ofPowerShell.has(name) ? undefined : registry.types.get(name.toLowerCase());
    return type ? [type] : [];
  });
  const enums = [...registry.enums.values()].filter(({ name }) => unknown.has(name) && name.includes('.'));
  const exceptions = [...registry.exceptions.values()].filter(({ name }) => unknown.has(name) && name.includes('.'));
  for (const { name, aliases } of [...types, ...enums]) for (const each of namesOf(name, aliases)) names[each] = name;
  for (const { name } of exceptions) for (const each of namesOf(name)) names[each] = name;
  return {
    text: [
      ...types.map(classOf),
      ...enums.map(enumOf),
      ...exceptions.map(({ name, base }) => exceptionOf(name, base)),
    ].join('\n'),
    names,
  };
};
