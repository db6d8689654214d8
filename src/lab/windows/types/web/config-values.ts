import { defineType } from '../../../evaluator/define.ts';
import { int64, newObject, timeSpan } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import { type ConfigNode, elementOf } from '../../machine/web/config-engine.ts';
import type { Setting } from '../../machine/web/config-schema.ts';

/** Ticks of a time span as configuration files write it: `1.05:00:00`, `00:20:00`. */
const ticksOf = (text: string): bigint => {
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0'] =
    /^(-?)(?:(\d+)\.)?(\d+):(\d+)(?::(\d+))?$/.exec(text) ?? [];
  const all = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  return (sign === '-' ? -all : all) * 10_000_000n;
};

/** A setting as .NET value: numbers, truths and time spans have their types, enums are texts. */
export const settingValue = (setting: Setting | undefined, text: string): Value => {
  switch (setting?.type) {
    case 'bool':
      return text.toLowerCase() === 'true';
    case 'int':
      return Number(text);
    case 'uint':
      return int64(BigInt(text === '' ? '0' : text));
    case 'int64':
      return int64(BigInt(text === '' ? '0' : text));
    case 'timeSpan':
      return timeSpan(ticksOf(text));
    case 'string':
    case 'enum':
    case 'flags':
    case undefined:
      return text;
  }
};

/** An attribute as the cmdlets hand it out. */
export type AttributeState = {
  readonly name: string;
  readonly value: Value;
  readonly isDefault: boolean;
  readonly path: string;
};

/** Microsoft.IIs.PowerShell.Framework.ConfigurationAttribute. */
export const attributeType = defineType<AttributeState>({
  name: 'Microsoft.IIs.PowerShell.Framework.ConfigurationAttribute',
  properties: {
    ItemXPath: { get: ({ path }) => path },
    Name: { get: ({ name }) => name },
    Value: { get: ({ value }) => value },
    TypeName: { get: ({ value }) => typeNameOf(value) },
    IsInheritedFromDefaultValue: { get: ({ isDefault }) => isDefault },
    IsProtected: { get: () => false },
  },
});
const typeNameOf = (value: Value): string =>
  typeof value === 'boolean'
    ? 'System.Boolean'
    : typeof value === 'string'
      ? 'System.String'
      : typeof value === 'number'
        ? 'System.Int32'
        : value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'timespan'
          ? 'System.TimeSpan'
          : 'System.Int64';

/** A configured element as the cmdlets hand it out. */
export type ElementState = {
  readonly node: ConfigNode;
  readonly defaults: ConfigNode | undefined;
  /** Its place as XPath. */
  readonly path: string;
  readonly place: string;
  /** Properties that the module adds to sites, pools, applications. */
  readonly extra: readonly (readonly [name: string, get: () => Value])[];
};

const settingsOf = ({ node }: ElementState): (readonly [string, Setting | undefined])[] => {
  const known = Object.entries(node.schema.settings);
  const others = [...node.values.values()].filter(
    ({ name }) => !known.some(([key]) => key.toLowerCase() === name.toLowerCase()),
  );
  return [...known, ...others.map(({ name }) => [name, undefined] as const)];
};

const textOf = ({ node, defaults }: ElementState, name: string, setting: Setting | undefined): string =>
  (node.values.get(name.toLowerCase()) ?? defaults?.values.get(name.toLowerCase()))?.value ?? setting?.fallback ?? '';

/** The element below another, with the defaults that belong to it. */
export const innerElement = (state: ElementState, name: string): ElementState => ({
  node: elementOf(state.node, name),
  defaults: state.defaults && elementOf(state.defaults, name),
  path: `${state.path}/${name}`,
  place: state.place,
  extra: [],
});

/** An attribute, an inner element or an added property of an element; `undefined` when it has none of the name. */
export const memberOf = (state: ElementState, name: string): Value => {
  const lower = name.toLowerCase();
  const extra = state.extra.find(([key]) => key.toLowerCase() === lower);
  if (extra) return extra[1]();
  const setting = settingsOf(state).find(([key]) => key.toLowerCase() === lower);
  if (setting) return settingValue(setting[1], textOf(state, setting[0], setting[1]));
  const inner = Object.keys(state.node.schema.elements ?? {}).find((key) => key.toLowerCase() === lower);
  if (inner !== undefined) return newObject(elementType, innerElement(state, inner));
  if (lower === 'collection' && state.node.schema.entries) return entriesOf(state);
  return undefined;
};

/** The entries of an element's collection as elements. */
export const entriesOf = (state: ElementState): Value[] =>
  state.node.entries.map((node) => {
    const { name = 'add', keys = [] } = state.node.schema.entries ?? {};
    const tests = keys.map((key) => `@${key}='${node.values.get(key.toLowerCase())?.value ?? ''}'`);
    return newObject(elementType, {
      node,
      defaults: undefined,
      path: `${state.path}/${name}[${tests.join(' and ')}]`,
      place: state.place,
      extra: [],
    });
  });

/**
 * An attribute as the cmdlets give it alone: texts of enums as they are, all else as object with `Value`.
 * @param open reads a sealed password; other texts come through as they are
 */
export const attributeValue = (state: ElementState, name: string, open: (text: string) => string): Value => {
  const lower = name.toLowerCase();
  const setting = settingsOf(state).find(([key]) => key.toLowerCase() === lower);
  if (!setting || state.extra.some(([key]) => key.toLowerCase() === lower)) return memberOf(state, name);
  const text =
    lower === 'password' ? open(textOf(state, setting[0], setting[1])) : textOf(state, setting[0], setting[1]);
  if (setting[1]?.type === 'enum' || setting[1]?.type === 'flags') return text;
  return newObject(attributeType, {
    name: setting[0],
    value: settingValue(setting[1], text),
    isDefault: !state.node.values.has(lower),
    path: state.path,
  });
};

/** Microsoft.IIs.PowerShell.Framework.ConfigurationElement. */
export const elementType = defineType<ElementState>({
  name: 'Microsoft.IIs.PowerShell.Framework.ConfigurationElement',
  properties: {
    ItemXPath: { get: ({ path }) => path },
    PSPath: { get: ({ place }) => place },
    ElementTagName: { get: ({ node }) => node.name, hidden: true },
  },
  methods: {
    GetAttributeValue: (state, [name], context) => memberOf(state, context.text(name)) ?? null,
  },
  dynamicProperties: (state) => ({
    names: () => [
      ...state.extra.map(([name]) => name),
      ...settingsOf(state)
        .map(([name]) => name)
        .filter((name) => !state.extra.some(([key]) => key.toLowerCase() === name.toLowerCase())),
      ...Object.keys(state.node.schema.elements ?? {}).filter(
        (name) => !state.extra.some(([key]) => key.toLowerCase() === name.toLowerCase()),
      ),
      ...(state.node.schema.entries ? ['Collection'] : []),
    ],
    get: (name) => memberOf(state, name),
  }),
});

/** A configuration text of a value that a script gave: truths in lower case, time spans with days before a dot. */
export const configText = (value: Value, text: (value: Value) => string): string => {
  if (typeof value === 'boolean') return String(value);
  if (value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'switch')
    return String(value.isPresent);
  if (value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'timespan') {
    const seconds = value.ticks / 10_000_000n;
    const two = (part: bigint): string => String(part).padStart(2, '0');
    const clock = `${two((seconds / 3600n) % 24n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
    return seconds >= 86_400n ? `${seconds / 86_400n}.${clock}` : clock;
  }
  return text(value);
};
