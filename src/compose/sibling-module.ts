import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Path of a module beside the one whose `import.meta.url` is given, for starting it as a process of its own. It keeps the
 * ending of the caller: `.ts` in a checkout, `.js` in the package.
 */
export function siblingModule(moduleUrl: string, name: string): string {
  return fileURLToPath(new URL(`./${name}${extname(new URL(moduleUrl).pathname)}`, moduleUrl));
}
