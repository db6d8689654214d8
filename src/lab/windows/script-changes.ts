import { type Change, systemPid } from './machine/change-feed.ts';

/** Folder in which the host kit keeps its own things. */
export const kitFolder = 'C:\\ProgramData\\Kintsugi';

/** Whether a change is one to the host itself, made by a script: not the kit's own book-keeping, and not Windows by itself. */
export function isScriptChange({ kind, target, pid }: Change): boolean {
  if (pid === systemPid || target.startsWith(kitFolder)) return false;
  return !/^(process|task|power|restore|shadow)\./.test(kind);
}
