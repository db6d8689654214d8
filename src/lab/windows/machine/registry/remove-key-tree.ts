import type { Task } from '../../../evaluator/host.ts';
import { type Registry, subKeyNames } from './registry.ts';

/** Removes a key and all below it as RegDeleteTree does: key by key, the deepest first. @throws Win32Fault where a key refuses; what came before it is gone */
export function* removeKeyTree(registry: Registry, path: string, pid: number, sid?: string): Task<void> {
  const key = registry.find(path, sid);
  for (const name of key ? subKeyNames(key) : []) yield* removeKeyTree(registry, `${path}\\${name}`, pid, sid);
  yield registry.remove(path, pid, sid);
}
