import { fitsAsSource, readWim } from '../devices/setup-media.ts';
import type { Machine } from '../machine.ts';

const isSame = (one: Uint8Array | undefined, other: Uint8Array): boolean =>
  one === other || (one !== undefined && Buffer.compare(one, other) === 0);

/** Whether a file of the machine has this very content. */
export const hasContent = (machine: Machine, path: string, bytes: Uint8Array): boolean => {
  const node = machine.files.find(path);
  return node !== undefined && !node.isFolder && isSame(node.bytes, bytes);
};

/**
 * Whether one of DISM's sources has the good copy of a file of the store. An image file of the same build and edition has them all; a folder (a
 * mounted image, its Windows folder or its WinSxS) has what lies in it with the very content.
 */
export const hasInSources = (machine: Machine, sources: readonly string[], file: string, bytes: Uint8Array): boolean =>
  sources.some((source) => {
    const path = source
      .replace(/^(wim|esd):/i, '')
      .replace(/:\d+$/, '')
      .replace(/\\+$/, '');
    const index = Number(/\.(?:wim|esd):(\d+)$/i.exec(source)?.[1] ?? 1);
    const node = machine.files.find(path);
    if (!node) return false;
    if (!node.isFolder)
      return readWim(node.bytes)?.some((image) => image.index === index && fitsAsSource(machine, image)) ?? false;
    const below = file.replace(/^C:\\Windows\\/i, '');
    const places = [`${path}\\Windows\\${below}`, `${path}\\${below}`];
    if (/\\WinSxS$/i.test(path)) places.push(`${path}\\${below.replace(/^WinSxS\\/i, '')}`);
    return places.some((place) => hasContent(machine, place, bytes));
  });
