import type { LocalText } from '../kernel/words.ts';
import type { HostReport } from './run-report.ts';
import type { Language } from './words/words.ts';

/** A text in the reader's language, English where that is missing. */
export function localText(text: LocalText, language: Language): string {
  return (language === 'ja' ? text.ja : undefined) ?? text.en;
}

/** A duration in milliseconds as `1 h 04 min`, `3 min 20 s`, `12.4 s` or `-`; rounded first, so that no `60.0 s` arises. */
export function durationText(ms: number | null): string {
  if (ms === null) return '-';
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Bytes as `4.0 GB`, binary units as Windows shows them. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const step = bytes <= 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return step === 0 ? `${bytes} B` : `${(bytes / 2 ** (10 * step)).toFixed(1)} ${units[step]}`;
}

/** How many changes were made on a host and how many of them were put back. */
export function changeCounts(host: HostReport): { readonly made: number; readonly undone: number } {
  const made = host.stages.flatMap((stage) => stage.steps).reduce((sum, step) => sum + step.changes.length, 0);
  return { made, undone: host.undo?.changes.filter((change) => change.ok).length ?? 0 };
}

/** The last stage that a host reached, as `2/4`, or `-`. */
export function stageText(host: HostReport): string {
  const reached = host.stages.filter((stage) => stage.reached).length;
  return reached === 0 ? '-' : `${reached}/${host.stages.length}`;
}
