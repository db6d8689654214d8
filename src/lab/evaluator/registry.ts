import type { CallContext, CmdletDefinition, DriveProvider, Extension, Program } from './host.ts';
import type { EnumDefinition, TypeDefinition } from './type-definition.ts';
import type { Value } from './value.ts';

/** Base type and default HResult of an exception type. */
export type ExceptionInfo = { readonly name: string; readonly base: string; readonly hresult: number };

/** Everything that extensions brought, by lower-case name. Later extensions win. */
export type Registry = {
  readonly cmdlets: ReadonlyMap<string, CmdletDefinition>;
  readonly aliases: ReadonlyMap<string, string>;
  readonly types: ReadonlyMap<string, TypeDefinition>;
  readonly enums: ReadonlyMap<string, EnumDefinition>;
  readonly exceptions: ReadonlyMap<string, ExceptionInfo>;
  /** Short names (aliases, names without `System.`) → full names. */
  readonly typeNames: ReadonlyMap<string, string>;
  readonly comObjects: ReadonlyMap<string, NonNullable<Extension['comObjects']>[string]>;
  readonly drives: ReadonlyMap<string, { readonly provider: DriveProvider; readonly drive: string }>;
  readonly variables: ReadonlyMap<string, Value>;
  /** Goes up with each `define`. */
  readonly version: number;
  /** Adds the types of a running script; they replace those of the same name. */
  define(types: Pick<Extension, 'types' | 'enums' | 'exceptions'>): void;
  /** Whether Windows has a command that the lab has not: everywhere, or with a feature that the hosts have not. */
  isKnownCommand(name: string): boolean;
  isFeatureCommand(name: string): boolean;
  resolveProgram(name: string): Program | undefined;
  readScript(path: string, context: CallContext): { readonly text: string; readonly path: string } | undefined;
};

type Tables = {
  cmdlets: Map<string, CmdletDefinition>;
  aliases: Map<string, string>;
  types: Map<string, TypeDefinition>;
  enums: Map<string, EnumDefinition>;
  exceptions: Map<string, ExceptionInfo>;
  typeNames: Map<string, string>;
  comObjects: Map<string, NonNullable<Extension['comObjects']>[string]>;
  drives: Map<string, { provider: DriveProvider; drive: string }>;
  variables: Map<string, Value>;
};

const addTypes = (tables: Tables, extension: Extension): void => {
  const name = (full: string, aliases: readonly string[] = []): void => {
    tables.typeNames.set(full.toLowerCase(), full);
    for (const alias of aliases) tables.typeNames.set(alias.toLowerCase(), full);
  };
  for (const type of extension.types ?? []) {
    const key = type.name.toLowerCase();
    const before = tables.types.get(key);
    // A second definition of a type adds to the first: statics of System.IO.Path, say, may come from two places.
    tables.types.set(key, before ? mergeTypes(before, type) : type);
    name(type.name, type.aliases);
  }
  for (const type of extension.enums ?? []) {
    tables.enums.set(type.name.toLowerCase(), type);
    name(type.name, type.aliases);
  }
  for (const [full, info] of Object.entries(extension.exceptions ?? {})) {
    tables.exceptions.set(full.toLowerCase(), {
      name: full,
      base: info.base,
      hresult: (info.hresult ?? 0x80131500) | 0,
    });
    name(full);
  }
};

const mergeTypes = (before: TypeDefinition, after: TypeDefinition): TypeDefinition => ({
  ...before,
  ...after,
  properties: { ...before.properties, ...after.properties },
  methods: { ...before.methods, ...after.methods },
  statics: {
    properties: { ...before.statics?.properties, ...after.statics?.properties },
    methods: { ...before.statics?.methods, ...after.statics?.methods },
  },
});

/** What extensions have brought so far. */
type Layer = {
  readonly tables: Tables;
  readonly known: Set<string>;
  readonly ofFeatures: Set<string>;
  readonly resolvers: NonNullable<Extension['resolveProgram']>[];
  readonly readers: NonNullable<Extension['readScript']>[];
};

const addExtension = ({ tables, known, ofFeatures, resolvers, readers }: Layer, extension: Extension): void => {
  for (const cmdlet of extension.cmdlets ?? []) {
    tables.cmdlets.set(cmdlet.name.toLowerCase(), cmdlet);
    for (const alias of cmdlet.aliases ?? []) tables.aliases.set(alias.toLowerCase(), cmdlet.name);
  }
  for (const [alias, target] of Object.entries(extension.aliases ?? {}))
    tables.aliases.set(alias.toLowerCase(), target);
  addTypes(tables, extension);
  for (const [id, make] of Object.entries(extension.comObjects ?? {})) tables.comObjects.set(id.toLowerCase(), make);
  for (const provider of extension.drives ?? []) {
    for (const drive of provider.drives) tables.drives.set(drive.toLowerCase(), { provider, drive });
  }
  for (const [variable, value] of Object.entries(extension.variables ?? {})) tables.variables.set(variable, value);
  for (const name of extension.knownCommands ?? []) known.add(name.toLowerCase());
  for (const name of extension.featureCommands ?? []) ofFeatures.add(name.toLowerCase());
  if (extension.resolveProgram) resolvers.push(extension.resolveProgram);
  if (extension.readScript) readers.push(extension.readScript);
};

const emptyLayer = (): Layer => ({
  tables: {
    cmdlets: new Map(),
    aliases: new Map(),
    types: new Map(),
    enums: new Map(),
    exceptions: new Map(),
    typeNames: new Map(),
    comObjects: new Map(),
    drives: new Map(),
    variables: new Map(),
  },
  known: new Set(),
  ofFeatures: new Set(),
  resolvers: [],
  readers: [],
});

const sharedLayers = new WeakMap<readonly Extension[], Layer>();

/** What a list that many sessions share brings: put together once, and copied for each of them, since a script may define types. */
const copyOfShared = (extensions: readonly Extension[]): Layer => {
  const known = sharedLayers.get(extensions);
  const layer = known ?? emptyLayer();
  if (known === undefined) {
    for (const extension of extensions) addExtension(layer, extension);
    sharedLayers.set(extensions, layer);
  }
  const { tables } = layer;
  return {
    tables: {
      cmdlets: new Map(tables.cmdlets),
      aliases: new Map(tables.aliases),
      types: new Map(tables.types),
      enums: new Map(tables.enums),
      exceptions: new Map(tables.exceptions),
      typeNames: new Map(tables.typeNames),
      comObjects: new Map(tables.comObjects),
      drives: new Map(tables.drives),
      variables: new Map(tables.variables),
    },
    known: new Set(layer.known),
    ofFeatures: new Set(layer.ofFeatures),
    resolvers: [...layer.resolvers],
    readers: [...layer.readers],
  };
};

/**
 * Puts extensions together.
 * @param shared the same list for many sessions; it must not change
 * @param own what this session has besides
 */
export const createRegistry = (shared: readonly Extension[], own: readonly Extension[] = []): Registry => {
  const layer = copyOfShared(shared);
  for (const extension of own) addExtension(layer, extension);
  const { tables, known, ofFeatures, resolvers, readers } = layer;
  let version = 0;
  return {
    ...tables,
    get version() {
      return version;
    },
    define: (types) => {
      version++;
      for (const { name } of [...(types.types ?? []), ...(types.enums ?? [])]) {
        tables.types.delete(name.toLowerCase());
        tables.enums.delete(name.toLowerCase());
      }
      addTypes(tables, types);
    },
    readScript: (path, context) => {
      for (const read of readers.toReversed()) {
        const script = read(path, context);
        if (script) return script;
      }
      return undefined;
    },
    isKnownCommand: (name) => known.has(name.toLowerCase()) || ofFeatures.has(name.toLowerCase()),
    isFeatureCommand: (name) => ofFeatures.has(name.toLowerCase()),
    resolveProgram: (name) => {
      for (const find of resolvers.toReversed()) {
        const program = find(name);
        if (program) return program;
      }
      return undefined;
    },
  };
};
