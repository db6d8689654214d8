import type { JournalEvent } from '../../journal/event.ts';
import { durationText } from '../../report/figures.ts';
import { reasonText } from '../../report/words/causes.ts';
import { type Language, wordsOf } from '../../report/words/words.ts';
import { progressWords } from './progress-words.ts';

/** What an event means to somebody who watches, without the host's name; null for events of no interest. */
export function progressText(event: JournalEvent, language: Language): string | null {
  const say = progressWords[language];
  const words = wordsOf(language);
  switch (event.kind) {
    case 'batchStarted':
      return say.batch(event.data.batch, event.data.hosts.join(', '));
    case 'budgetExhausted':
      return say.budget(event.data.count, event.data.limit);
    case 'orderGiven':
      return say.order(words.orderNames[event.data.order] ?? event.data.order, event.data.orderedBy);
    case 'workRefused':
      return `${say.refused}: ${event.data.reason}`;
    case 'attemptStarted':
      return event.data.attempt > 1 ? say.again(event.data.attempt) : null;
    case 'hostConnected':
      return `${say.connected} (${event.data.facts.os.caption} ${event.data.facts.os.build})`;
    case 'connectionFailed':
      return `${say.connectionLost}: ${event.data.fault.message}`;
    case 'waitBegun':
      return say.waiting(words.waits[event.data.reason], durationText(event.data.ms));
    case 'hostChecked':
      return event.data.ok ? null : `${say.check} ${event.data.check}: ${event.data.reason}`;
    case 'goalChecked':
      return event.data.ok ? say.goalHolds : `${say.goalOpen}: ${event.data.reason}`;
    case 'protectionRunning':
      return say.protecting;
    case 'protectionMade':
      return `${say.protectedBy}: ${words.methods[event.data.method] ?? event.data.method} ${event.data.id}`;
    case 'hostCaptured':
      return `${say.captured}: ${words.facts(Object.keys(event.data.facts).length)}`;
    case 'rebootRequested':
      return say.rebooting;
    case 'hostRebooted':
      return say.rebooted;
    case 'cancelOrdered':
      return say.cancelOrdered;
    case 'undoBegun':
      return `${say.undoing}: ${reasonText(event.data.cause, event.data.reason, language)}`;
    case 'changesUndone':
      return say.undone(event.data.changes.filter(({ ok }) => ok).length, event.data.changes.length);
    case 'undoFailed':
      return `${words.rollback}: ${say.failed}: ${event.data.fault.message}`;
    case 'factsCompared':
      return words.asBefore(event.data.compared - event.data.differences.length, event.data.compared);
    case 'hostRunEnded':
      return `${words.ends[event.data.end]}: ${reasonText(event.data.cause, event.data.reason, language)}`;
    default: {
      const text = stepText(event, language);
      return text === null || !('step' in event.data) ? null : `${event.data.step}: ${text}`;
    }
  }
}

/** What became of a step, without its name. */
function stepText(event: JournalEvent, language: Language): string | null {
  const say = progressWords[language];
  switch (event.kind) {
    case 'stepBegun':
      return say.begun;
    case 'stepSkipped':
      return say.skipped[event.data.because];
    case 'stepStillRunning':
      return event.data.lastLine === '' ? say.working : event.data.lastLine;
    case 'stepApplied':
      return say.applied(event.data.changes.length);
    case 'stepInterrupted':
      return say.interrupted;
    case 'stepVerified':
      return event.data.ok ? say.verified : `${say.failed}: ${event.data.reason}`;
    case 'stepFailed':
      return `${say.failed}: ${event.data.fault.message}`;
    default:
      return null;
  }
}
