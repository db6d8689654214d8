import type { CallContext, HostHooks } from '../../../evaluator/host.ts';

/** A drive that a script made with New-PSDrive; it lives as long as its session. */
export type MappedDrive = {
  readonly name: string;
  readonly provider: 'Registry' | 'FileSystem';
  /** What its root stands for, e.g. `HKEY_USERS` or `C:\\Windows`. */
  readonly root: string;
  readonly description: string;
};

const drives = new WeakMap<HostHooks, Map<string, MappedDrive>>();

/** Drives that the scripts of a session have made, by lower-case name. */
export const mappedDrives = (context: Pick<CallContext, 'hooks'>): Map<string, MappedDrive> => {
  const known = drives.get(context.hooks) ?? new Map<string, MappedDrive>();
  drives.set(context.hooks, known);
  return known;
};
