import type { Registry } from '../evaluator/registry.ts';
import type { EnumDefinition, TypeDefinition } from '../evaluator/type-definition.ts';

import { aliasesOf } from './wire-shapes.ts';

/** Classes for simulated types and enums in C#, and under which names scripts find them. */
export type ShadowSource = {
  readonly text: string;
  /** Name in a script → full name of the class. */
  readonly names: Readonly<Record<string, string>>;
  /** Full names of types that other values convert to. */
  readonly converting: readonly string[];
  /** Type, property, and which other property it is. */
  readonly aliases: readonly (readonly [string, string, string])[];
};

/** Types whose objects a PowerShell makes and uses by itself without touching a machine. */
const ofPowerShell: ReadonlySet<string> = new Set([
  'System.Security.SecureString',
  'System.Net.NetworkCredential',
  'System.Management.Automation.PSCredential',
  'System.Runtime.InteropServices.Marshal',
]);

/** Language types that look at the machine: its file names and its clock. */
export const languageTypesOfMachine: readonly string[] = ['System.IO.Path', 'System.Diagnostics.Stopwatch'];

const keywords = /^(?:checked|default|event|fixed|lock|object|operator|params|ref|string|this)$/u;
const identifier = (name: string): string => (keywords.test(name) ? `@${name}` : name);
const quoted = (name: string): string => JSON.stringify(name);

const split = (full: string): readonly [string, string] => {
  const at = full.lastIndexOf('.');
  return [full.slice(0, at), full.slice(at + 1)];
};

const inNamespace = (space: string, text: string): string => `namespace ${space} { ${text} }`;

/** Classes of .NET that simulated ones derive from are declared, too, so that `-is` and parameters find them; interfaces are not. */
const basesOf = ({ bases }: TypeDefinition): readonly string[] =>
  (bases ?? []).filter((base) => base.includes('.') && !/\.I[A-Z][a-z]\w*$/u.test(base));

/** Which class a class derives from where it is none of the table. */
const root = 'Kintsugi.Lab.Shadow';

/** Methods that every object has, and what the bridge gives its own. */
const ofObject: ReadonlySet<string> = new Set([
  'ToString',
  'GetType',
  'Equals',
  'GetHashCode',
  'ReferenceEquals',
  'GetEnumerator',
]);

/** What a PowerShell has by itself. */
export type OwnTypes = {
  /** Names that are none of its types. */
  readonly unknown: ReadonlySet<string>;
  /** `Type 1 Method` for its static methods, with 0 for those of objects. */
  readonly methods: ReadonlySet<string>;
};

/** Names of methods of a type: the simulated ones, and those of .NET that the simulator will have to refuse. */
const methodsOf = (type: TypeDefinition, own: OwnTypes, isStatic: boolean): string[] => {
  const simulated = Object.keys((isStatic ? type.statics?.methods : type.methods) ?? {});
  const start = `${type.name} ${isStatic ? 1 : 0} `;
  const others = [...own.methods].flatMap((each) => (each.startsWith(start) ? [each.slice(start.length)] : []));
  const known = new Set(simulated.map((each) => each.toLowerCase()));
  return [...simulated, ...new Set(others.filter((each) => !known.has(each.toLowerCase())))];
};

const bodyOf = (type: TypeDefinition, own: OwnTypes): string => {
  const [, name] = split(type.name);
  const self = quoted(type.name);
  const statics = methodsOf(type, own, true).filter((each) => !ofObject.has(each));
  const taken = new Set([...statics, ...ofObject, name]);
  const lines = [
    ...(type.construct
      ? [
          `public ${name}() : base(Kintsugi.Lab.Bridge.Construct(${self}, new object[0])) {}`,
          `public ${name}(params object[] a) : base(Kintsugi.Lab.Bridge.Construct(${self}, a)) {}`,
        ]
      : [`internal ${name}() {}`]),
    `protected ${name}(Kintsugi.Lab.Held held) : base(held) {}`,
    ...statics.map(
      (each) =>
        `public static new object ${identifier(each)}(params object[] a) => Kintsugi.Lab.Bridge.Static(${self}, ${quoted(each)}, a);`,
    ),
    ...(type.keyText || type.compare
      ? [
          'public override bool Equals(object o) => Kintsugi.Lab.Bridge.Same(this, o); public override int GetHashCode() => ToString().GetHashCode();',
        ]
      : []),
  ];
  for (const [each, definition] of Object.entries(type.statics?.properties ?? {})) {
    if (taken.has(each)) continue;
    taken.add(each);
    const set = 'set' in definition ? `set => Kintsugi.Lab.Bridge.SetStatic(${self}, ${quoted(each)}, value); ` : '';
    lines.push(
      `public static new object ${identifier(each)} { get => Kintsugi.Lab.Bridge.GetStatic(${self}, ${quoted(each)}); ${set}}`,
    );
  }
  // Properties are not the class's: the adapter finds them by the object.
  for (const each of methodsOf(type, own, false)) {
    if (taken.has(each)) continue;
    taken.add(each);
    lines.push(
      `public new object ${identifier(each)}(params object[] a) => Kintsugi.Lab.Bridge.Call(this, ${quoted(each)}, a);`,
    );
  }
  return lines.join('\n');
};

const classOf = (name: string, base: string, body: string): string => {
  const [space, short] = split(name);
  return inNamespace(space, `public class ${short} : global::${base} { ${body} }`);
};

/** The classes of types, with those that they derive from. */
const classesOf = (types: readonly TypeDefinition[], own: OwnTypes): readonly (readonly [string, string])[] => {
  const byName = new Map(types.map((type) => [type.name, type]));
  const parents = new Map<string, string>();
  for (const type of types) {
    const chain = [type.name, ...basesOf(type)];
    const last = type.enumerate || type.getItem ? 'Kintsugi.Lab.ShadowItems' : root;
    for (const [at, each] of chain.entries()) {
      if (!parents.has(each)) parents.set(each, chain[at + 1] ?? last);
    }
  }
  return Array.from(parents, ([name, parent]) => {
    const type = byName.get(name);
    const [, short] = split(name);
    const body = type
      ? bodyOf(type, own)
      : `internal ${short}() {} protected ${short}(Kintsugi.Lab.Held held) : base(held) {}`;
    return [name, classOf(name, parent, body)] as const;
  });
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
 * @param own what the PowerShell has by itself
 */
export const shadowSource = (registry: Registry, machineTypes: readonly string[], own: OwnTypes): ShadowSource => {
  const names = new Map<string, readonly [string, string]>();
  // Scripts find types without regard to case, so that an alias may be a name of the same letters.
  const called = (name: string, aliases?: readonly string[]): void => {
    for (const each of namesOf(name, aliases)) names.set(each.toLowerCase(), [each, name]);
  };
  const types = [...new Set([...machineTypes, ...languageTypesOfMachine])].flatMap((name) => {
    const type = ofPowerShell.has(name) ? undefined : registry.types.get(name.toLowerCase());
    return type ? [type] : [];
  });
  const enums = [...registry.enums.values()].filter(({ name }) => own.unknown.has(name) && name.includes('.'));
  const exceptions = [...registry.exceptions.values()].filter(
    ({ name }) => own.unknown.has(name) && name.includes('.'),
  );
  const classes = classesOf(types, own);
  for (const [name] of classes) called(name);
  for (const { name, aliases } of [...types, ...enums]) called(name, aliases);
  for (const { name } of exceptions) called(name);
  return {
    text: [
      ...classes.map(([, text]) => text),
      ...enums.map(enumOf),
      ...exceptions.map(({ name, base }) => exceptionOf(name, base)),
    ].join('\n'),
    names: Object.fromEntries(names.values()),
    aliases: types.flatMap((type) => aliasesOf(type).map(([name, of]) => [type.name, name, of] as const)),
    converting: types.flatMap((type) => ('convertFrom' in type ? [type.name] : [])),
  };
};
