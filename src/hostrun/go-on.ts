import { commit, finish } from './chapters/finish.ts';
import { claim, preflight, protect, restart, survey } from './chapters/prepare.ts';
import { awaitRestart, pause, reach } from './chapters/reach.ts';
import { resume } from './chapters/resume.ts';
import { stages } from './chapters/stages.ts';
import { undo } from './chapters/undo.ts';
import type { Decision } from './decision.ts';
import type { HostRunState } from './state.ts';

/** A part of a host run's story: what it still has to do next, or null where it has nothing (left) to do. */
type Chapter = (state: HostRunState, atMs: number) => Decision | null;

/**
 * The story of a host run in order. It is told from the beginning after every event: the first chapter that still has something
 * to do decides. So a run taken up after a crash goes the same way as one that never stopped.
 */
const chapters: readonly Chapter[] = [
  pause,
  reach,
  awaitRestart,
  commit,
  resume,
  undo,
  finish,
  restart,
  preflight,
  survey,
  claim,
  protect,
  stages,
];

/** What is to be done next in a state. */
export function goOn(state: HostRunState, atMs: number): Decision {
  for (const chapter of chapters) {
    const decision = chapter(state, atMs);
    if (decision !== null) return decision;
  }
  return { state, commands: [] };
}
