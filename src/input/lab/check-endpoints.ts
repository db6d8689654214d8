import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { InputFault } from '../document/fault.ts';
import type { SourceDocument } from '../document/source-document.ts';
import type { Host } from './lab.generated.ts';

const holdsEndpoint = (folder: string): boolean =>
  existsSync(folder) && statSync(folder).isDirectory() && readdirSync(folder).some((name) => name.endsWith('.pssc'));

/** A no-language endpoint is a folder that `kintsugi jea export` wrote, seen from the lab file. */
export function checkEndpoints(
  source: SourceDocument,
  hosts: { readonly [name: string]: Pick<Host, 'jea'> },
): readonly InputFault[] {
  return Object.entries(hosts).flatMap(([host, { jea = {} }]) =>
    Object.entries(jea).flatMap(([name, folder]) => {
      if (folder === null || holdsEndpoint(resolve(dirname(source.file), folder))) return [];
      const words = {
        message: `host ${host}: there is no endpoint in \`${folder}\``,
        expected: 'a folder that `kintsugi jea export` wrote, seen from this file, or null',
      };
      return [source.fault(['hosts', host, 'jea', name], words)];
    }),
  );
}
