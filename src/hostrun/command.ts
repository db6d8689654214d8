import type { HostEventBody } from '../journal/event.ts';
import type { WaitReason } from '../journal/event-data.ts';

/** What the state machine asks the shell to do; the result of each is one event. */
export type Command =
  /** No effect: the event itself is the result (written before the effect that it announces). */
  | { readonly kind: 'record'; readonly event: HostEventBody }
  | { readonly kind: 'connect' }
  | { readonly kind: 'wait'; readonly reason: WaitReason; readonly ms: number; readonly detail: string }
  | { readonly kind: 'check'; readonly check: string }
  | { readonly kind: 'checkGoal'; readonly stage: number | null }
  | { readonly kind: 'survey'; readonly step: string }
  | { readonly kind: 'chooseUser'; readonly sid: string }
  | { readonly kind: 'claim'; readonly owner: string }
  | { readonly kind: 'readLedger'; readonly claimed: boolean }
  | { readonly kind: 'askFormer'; readonly step: string; readonly seq: number }
  | { readonly kind: 'endFormer'; readonly step: string; readonly seq: number }
  | { readonly kind: 'createRestorePoint' }
  | { readonly kind: 'proveRestorePoint'; readonly method: string; readonly id: string }
  | { readonly kind: 'capture' }
  | { readonly kind: 'detectStep'; readonly step: string }
  | { readonly kind: 'applyStep'; readonly step: string; readonly attempt: number }
  | { readonly kind: 'pollStep'; readonly step: string; readonly task: string }
  | { readonly kind: 'verifyStep'; readonly step: string; readonly final: boolean }
  | { readonly kind: 'reboot'; readonly why: string }
  | { readonly kind: 'undoChanges'; readonly step: string | null }
  | { readonly kind: 'compareFacts' }
  | { readonly kind: 'collectEvidence' }
  | { readonly kind: 'release'; readonly end: string }
  | { readonly kind: 'commit' };

/** The kind of a command. */
export type CommandKind = Command['kind'];
