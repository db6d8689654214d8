import type { InputFault } from '../document/fault.ts';
import type { Rest } from '../document/sound-rest.ts';
import type { DocumentPath } from '../document/source-document.ts';
import type { Host } from './lab.generated.ts';

/** What a host of a file cannot be or have. */
export type HostFlaw = {
  /** Where in the host, as `['faults', 1, 'name']`. */
  readonly at: DocumentPath;
  readonly message: string;
  readonly expected: string | null;
  readonly suggestion: string | null;
};

/** Makes a host as a file describes it, and tells everything that it cannot be or have; whoever has the lab can. */
export type TryHost = (name: string, host: HostDescription) => readonly HostFlaw[];

/** What a host is made of: the file's keys but for those about connections. */
export type HostDescription = Pick<Host, 'base' | 'uiLanguage' | 'roles' | 'bmc' | 'faults'>;

/** What the faults of a host are tried on. */
const grounds = ['base', 'uiLanguage', 'roles', 'bmc'] as const;

/** Tries all hosts of a file: a fault may name what its host does not have, and a role may not fit its base. A host of which that is not known is not tried. */
export function checkHosts(
  { source, gaps }: Pick<Rest<unknown>, 'source' | 'gaps'>,
  hosts: { readonly [name: string]: HostDescription },
  path: DocumentPath,
  tryHost: TryHost,
): readonly InputFault[] {
  return Object.entries(hosts).flatMap(([name, host]) =>
    grounds.some((key) => gaps.at([...path, name, key]))
      ? []
      : tryHost(name, host).map(({ at, ...words }) =>
          source.fault([...path, name, ...at], { ...words, message: `host ${name}: ${words.message}` }),
        ),
  );
}
