import { readdirSync, readFileSync } from 'node:fs';

/** What proc(5) says of a process behind its name, which may hold anything: state, parent, group, …; nothing for one that is gone. */
export function statOf(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** Ids of all processes below one. */
export function descendantsOf(pid: number): readonly number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map(Number);
  const parents = pids.map((each) => [each, Number(statOf(each)[1])] as const);
  const found: number[] = [];
  let level = [pid];
  while (level.length > 0) {
    level = parents.filter(([, parent]) => level.includes(parent)).map(([child]) => child);
    found.push(...level);
  }
  return found;
}

/** Whether a process is there and not only waits to be forgotten. */
export function isAlive(pid: number): boolean {
  const [state] = statOf(pid);
  return state !== undefined && state !== 'Z';
}
