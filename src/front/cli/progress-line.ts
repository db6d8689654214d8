import type { JournalEvent } from '../../journal/event.ts';
import type { Language } from '../../report/words/words.ts';
import { wordsOf } from '../../report/words/words.ts';

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

const texts = {
  en: {
    connected: 'connected',
    checking: 'check',
    goalHolds: 'goal holds',
    goalOpen: 'goal does not hold yet',
    protecting: 'making a restore point',
    protectedBy: 'protected by',
    captured: 'state captured',
    begun: 'begun',
    applied: 'applied',
    verified: 'verified',
    failed: 'failed',
    undoing: 'undoing',
    undone: 'undone',
    same: 'facts as before',
    waiting: 'waiting',
    rebooting: 'restarting',
    rebooted: 'restarted',
    again: 'taken up again, attempt',
    skipped: 'not needed',
    cancel: 'cancel ordered',
    refused: 'refused',
  },
  ja: {
    connected: '接続',
    checking: '確認',
    goalHolds: '目標達成',
    goalOpen: '目標は未達成',
    protecting: '復元ポイントを作成中',
    protectedBy: '保護',
    captured: '状態を記録',
    begun: '開始',
    applied: '適用',
    verified: '検証済み',
    failed: '失敗',
    undoing: '元に戻しています',
    undone: '元に戻した',
    same: '実行前と同じ項目',
    waiting: '待機',
    rebooting: '再起動中',
    rebooted: '再起動済み',
    again: '引き継ぎ、試行',
    skipped: '対応不要',
    cancel: '中止の指示',
    refused: '拒否',
  },
} as const;

/** What an event means to somebody who watches, in one line without the host's name; null for events of no interest. */
export function progressText(event: JournalEvent, language: Language): string | null {
  const say = texts[language];
  switch (event.kind) {
    case 'hostConnected':
      return `${say.connected} (${event.data.facts.os.caption} ${event.data.facts.os.build})`;
    case 'hostChecked':
      return event.data.ok ? null : `${say.checking} ${event.data.check}: ${event.data.reason}`;
    case 'goalChecked':
      return event.data.ok ? say.goalHolds : `${say.goalOpen}: ${event.data.reason}`;
    case 'claimTaken':
      return null;
    case 'protectionRunning':
      return say.protecting;
    case 'protectionMade':
      return `${say.protectedBy} ${event.data.method} ${event.data.id}`;
    case 'hostCaptured':
      return say.captured;
    case 'stepBegun':
      return `${event.data.step}: ${say.begun}`;
    case 'stepSkipped':
      return `${event.data.step}: ${say.skipped}`;
    case 'stepApplied':
      return `${event.data.step}: ${say.applied} (${event.data.changes.length})`;
    case 'stepStillRunning':
      return `${event.data.step}: ${event.data.lastLine === '' ? say.waiting : event.data.lastLine}`;
    case 'stepVerified':
      return `${event.data.step}: ${event.data.ok ? say.verified : `${say.failed}: ${event.data.reason}`}`;
    case 'stepFailed':
      return `${event.data.step}: ${say.failed}: ${event.data.fault.message}`;
    case 'undoBegun':
      return `${say.undoing}: ${event.data.reason}`;
    case 'changesUndone':
      return `${say.undone}: ${event.data.changes.filter((change) => change.ok).length}/${event.data.changes.length}`;
    case 'factsCompared':
      return `${say.same}: ${event.data.compared - event.data.differences.length}/${event.data.compared}`;
    case 'waitBegun':
      return `${say.waiting} (${event.data.reason}, ${seconds(event.data.ms)})`;
    case 'rebootRequested':
      return say.rebooting;
    case 'hostRebooted':
      return say.rebooted;
    case 'attemptStarted':
      return event.data.attempt > 1 ? `${say.again} ${event.data.attempt}` : null;
    case 'connectionFailed':
      return event.data.fault.message;
    case 'cancelOrdered':
      return say.cancel;
    case 'workRefused':
      return `${say.refused}: ${event.data.reason}`;
    case 'hostRunEnded':
      return `${wordsOf(language).ends[event.data.end]}: ${event.data.reason}`;
    default:
      return null;
  }
}
