import { emptyGuid, type Guid } from '../psrp/guid.ts';

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/giu;

/** Ids on the tape and the ones that the client of today uses for the same things, in upper case. */
export class TapeIds {
  readonly #toLive = new Map<Guid, Guid>();
  readonly #toTape = new Map<Guid, Guid>();

  /** Notes that two ids mean the same. On a scrubbed tape all ids are zeros: those mean anything. */
  learn(onTape: Guid | undefined, live: Guid | undefined): void {
    if (!onTape || !live || onTape === emptyGuid) return;
    this.#toLive.set(onTape.toUpperCase(), live.toUpperCase());
    this.#toTape.set(live.toUpperCase(), onTape.toUpperCase());
  }

  /** The live id; what is not known is taken for one that the host chose, and is the same. */
  liveOf(onTape: Guid): Guid {
    return this.#toLive.get(onTape.toUpperCase()) ?? onTape;
  }

  /** Whether an id of the tape and a live one can mean the same. */
  same(onTape: Guid | undefined, live: Guid | undefined): boolean {
    if (onTape === undefined || live === undefined) return onTape === live;
    if (onTape === emptyGuid) return true;
    const known = this.#toTape.get(live.toUpperCase());
    if (known !== undefined) return known === onTape.toUpperCase();
    return (this.#toLive.get(onTape.toUpperCase()) ?? live).toUpperCase() === live.toUpperCase();
  }

  /** Puts live ids into a text wherever ids of the tape stand. */
  translate(text: string): string {
    return text.replace(guid, (found) => (found === emptyGuid ? found : this.liveOf(found)));
  }
}

/** Puts ids in the place of zeroed ones, by the names of the elements and attributes that hold them. */
export function fillZeros(text: string, ids: Readonly<Record<'ShellId' | 'CommandId', Guid | undefined>>): string {
  return text.replace(
    /(ShellId|CommandId)("?>|=")(\s*)00000000-0000-0000-0000-000000000000/gu,
    (found, name: 'ShellId' | 'CommandId', sign: string, blank: string) => {
      const id = ids[name];
      return id === undefined ? found : `${name}${sign}${blank}${id}`;
    },
  );
}
