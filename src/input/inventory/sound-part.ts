import { closest } from '../../kernel/suggestion.ts';
import type { Json } from '../../kernel/words.ts';
import type { DocumentPath } from '../document/source-document.ts';
import type { SettingsLayer } from './host-settings.ts';
import type { InventoryDocument } from './inventory.generated.ts';
import { honours, type WaySetting } from './transport-settings.ts';

/** What a faulty inventory leaves open, so that nothing is concluded from it. */
export type Doubts = {
  /** Whether a setting of a host with these layers may be another one than it seems. */
  of(layers: readonly SettingsLayer[]): (setting: WaySetting | 'transport') => boolean;
};

/** Nothing is in doubt. */
export const noDoubts: Doubts = { of: () => () => false };

/** As the given ones, where also the hosts of groups are not known: what a host does not give itself may come from one. */
export const withGroupsInDoubt = (doubts: Doubts): Doubts => ({
  of: (layers) => (setting) => layers.at(-1)?.settings[setting] === undefined || doubts.of(layers)(setting),
});

type Table = { [key: string]: unknown };
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Stands for a credential with a fault: a whole one, for nothing is to be said of it. */
const someCredential = { username: 'unknown', password: 'env:UNKNOWN' };

/**
 * What is left of an inventory without the parts that do not fit its format, and what is in doubt without them; null where too little is left.
 * @param places of the faults
 * @param isSound whether a document fits the format
 */
export function soundPart(
  value: Json,
  places: readonly DocumentPath[],
  isSound: (value: unknown) => boolean,
): { readonly document: InventoryDocument; readonly doubts: Doubts } | null {
  const document: unknown = structuredClone(value);
  if (!isTable(document)) return null;
  const doubtful = new Map<string, Set<string>>();
  let areGroupsInDoubt = false;
  for (const place of places) {
    const [top, name] = place;
    const layer = layerAt(place);
    if (layer !== null) {
      const key = place[layer.length];
      const known = doubtful.get(layer.join('\n')) ?? new Set();
      doubtful.set(layer.join('\n'), known.add(key === undefined ? 'transport' : settingMeant(String(key))));
      remove(document, layer, key);
    } else if (top === 'credentials' && typeof name === 'string' && isTable(document['credentials'])) {
      document['credentials'][name] = { ...someCredential };
    } else if (top === 'groups' && typeof name === 'string' && isTable(document['groups'])) {
      const group = document['groups'][name];
      const defaults = isTable(group) ? group['defaults'] : undefined;
      document['groups'][name] = defaults === undefined ? {} : { defaults };
      areGroupsInDoubt = true;
    } else return null;
  }
  if (!isSound(document)) return null;
  const doubts: Doubts = {
    of: (layers) => (setting) =>
      layers.some(({ path }) => {
        const keys = doubtful.get(path.join('\n'));
        return keys?.has(setting) === true || keys?.has('transport') === true;
      }),
  };
  return {
    document: document as InventoryDocument,
    doubts: areGroupsInDoubt ? withGroupsInDoubt(doubts) : doubts,
  };
}

/** The place of settings that a fault lies in. */
function layerAt(place: DocumentPath): DocumentPath | null {
  const [top, name, part] = place;
  if (top === 'defaults') return ['defaults'];
  if (top === 'hosts' && name !== undefined) return ['hosts', name];
  return top === 'groups' && name !== undefined && part === 'defaults' ? ['groups', name, 'defaults'] : null;
}

function remove(document: Table, layer: DocumentPath, key: string | number | undefined): void {
  const settings = at(document, layer);
  if (key !== undefined && isTable(settings)) {
    delete settings[key];
    return;
  }
  const above = at(document, layer.slice(0, -1));
  const last = layer.at(-1);
  if (isTable(above) && last !== undefined) above[last] = null;
}

const at = (top: unknown, path: DocumentPath): unknown =>
  path.reduce((value, part) => (isTable(value) ? value[part] : undefined), top);

/** A key that nobody knows may be one that is written wrongly. */
function settingMeant(key: string): string {
  return closest(key, [...Object.keys(honours), 'transport']) ?? key;
}
