import { isPsObject, type PsValue, psDictionary, psObject, psProperty } from '../clixml/values.ts';
import { flagMember, intMember, numberOf, payload, textMember } from './fields.ts';

/** A pair of numbers: a place (x, y) or a size (width, height) in characters. */
export type Pair = readonly [number, number];

/** What a console looks like (MS-PSRP 2.2.3.14); colours are ConsoleColor numbers. */
type HostDefaultData = {
  readonly foregroundColor: number;
  readonly backgroundColor: number;
  readonly cursorPosition: Pair;
  readonly windowPosition: Pair;
  readonly cursorSize: number;
  readonly bufferSize: Pair;
  readonly windowSize: Pair;
  readonly maxWindowSize: Pair;
  readonly maxPhysicalWindowSize: Pair;
  readonly windowTitle: string;
};

/** What the client's host is (MS-PSRP 2.2.3.14). */
export type HostInfo = {
  readonly isHostNull: boolean;
  readonly isHostUINull: boolean;
  readonly isHostRawUINull: boolean;
  readonly useRunspaceHost: boolean;
  readonly defaultData: HostDefaultData | null;
};

/** No host at all. */
export const noHost: HostInfo = {
  isHostNull: true,
  isHostUINull: true,
  isHostRawUINull: true,
  useRunspaceHost: true,
  defaultData: null,
};

const coordinates = 'System.Management.Automation.Host.Coordinates';
const size = 'System.Management.Automation.Host.Size';
const color = 'System.ConsoleColor';
// Key of each entry is its index.
const defaultDataRows = [
  ['foregroundColor', color],
  ['backgroundColor', color],
  ['cursorPosition', coordinates],
  ['windowPosition', coordinates],
  ['cursorSize', 'System.Int32'],
  ['bufferSize', size],
  ['windowSize', size],
  ['maxWindowSize', size],
  ['maxPhysicalWindowSize', size],
  ['windowTitle', 'System.String'],
] as const;

/** Builds a HostInfo. */
export function buildHostInfo(info: HostInfo): PsValue {
  const members: Record<string, PsValue> = {
    _isHostNull: info.isHostNull,
    _isHostUINull: info.isHostUINull,
    _isHostRawUINull: info.isHostRawUINull,
    _useRunspaceHost: info.useRunspaceHost,
  };
  const { defaultData } = info;
  if (defaultData === null) return payload(members);
  const entries = defaultDataRows.map(([name, type], key): [PsValue, PsValue] => [
    key,
    payload({ T: type, V: buildEntry(defaultData[name], type) }),
  ]);
  const data = psDictionary(entries, ['System.Collections.Hashtable', 'System.Object']);
  return payload({ _hostDefaultData: payload({ data }), ...members });
}

function buildEntry(value: number | string | Pair, type: string): PsValue {
  if (typeof value !== 'object') return value;
  const [first, second] = value;
  return type === size ? payload({ width: first, height: second }) : payload({ x: first, y: second });
}

/** Reads a HostInfo; an absent one means no host. */
export function readHostInfo(value: PsValue | undefined): HostInfo {
  if (!isPsObject(value)) return noHost;
  return {
    isHostNull: flagMember(value, '_isHostNull'),
    isHostUINull: flagMember(value, '_isHostUINull'),
    isHostRawUINull: flagMember(value, '_isHostRawUINull'),
    useRunspaceHost: flagMember(value, '_useRunspaceHost'),
    defaultData: readDefaultData(psProperty(value, '_hostDefaultData')),
  };
}

function readDefaultData(value: PsValue | undefined): HostDefaultData | null {
  const data = value === undefined ? undefined : psProperty(value, 'data');
  if (!isPsObject(data) || data.base?.kind !== 'dictionary') return null;
  const entries = new Map(data.base.entries.map(([key, entry]) => [numberOf(key), entry]));
  const entry = (key: number): PsValue => psProperty(entries.get(key) ?? psObject(), 'V') ?? null;
  const number = (key: number): number => numberOf(entry(key)) ?? 0;
  const pair = (key: number, first: string, second: string): Pair => {
    const found = entry(key);
    return found === null ? [0, 0] : [intMember(found, first), intMember(found, second)];
  };
  return {
    foregroundColor: number(0),
    backgroundColor: number(1),
    cursorPosition: pair(2, 'x', 'y'),
    windowPosition: pair(3, 'x', 'y'),
    cursorSize: number(4),
    bufferSize: pair(5, 'width', 'height'),
    windowSize: pair(6, 'width', 'height'),
    maxWindowSize: pair(7, 'width', 'height'),
    maxPhysicalWindowSize: pair(8, 'width', 'height'),
    windowTitle: textMember(entries.get(9) ?? psObject(), 'V') ?? '',
  };
}
