import type { Action } from '../input/action/action.ts';
import { sha256 } from '../kernel/canonical-json.ts';
import type { ReversibilityGrade, ScriptKind } from '../kernel/words.ts';
import type { PlannedAction } from './plan.ts';

/** Texts by their SHA-256 (hex), as the store keeps them. */
export type Blobs = Map<string, string>;

/** Keeps a text and gives its hash. */
export function keepText(text: string, blobs: Blobs): string {
  const hash = sha256(text);
  blobs.set(hash, text);
  return hash;
}

/**
 * An action as frozen into a plan; its scripts go into `blobs`.
 * @param grade how far it can be taken back, where somebody graded it
 */
export function planAction(action: Action, blobs: Blobs, grade?: ReversibilityGrade): PlannedAction {
  const scripts: { [kind in ScriptKind]?: string } = {};
  for (const kind of ['detect', 'apply', 'verify', 'undo'] as const) {
    const text = action.scripts[kind];
    if (text !== undefined) scripts[kind] = keepText(text, blobs);
  }
  return {
    id: action.id,
    kind: action.kind,
    title: action.title,
    lanes: action.lanes,
    scripts,
    parameters: action.parameters,
    typicalMs: action.typicalMs,
    longestMs: action.longestMs,
    risk: action.risk,
    ...(action.kind === 'change' ? { protect: action.protect } : {}),
    ...(action.protectReason === null ? {} : { protectReason: action.protectReason }),
    reboot: action.reboot,
    interruptible: action.interruptible,
    irreversible: action.irreversible,
    touches: action.touches,
    targets: action.targets,
    ...(grade === undefined ? {} : { grade }),
  };
}
