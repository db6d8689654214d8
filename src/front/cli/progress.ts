import { type JournalEvent, runChain } from '../../journal/event.ts';
import { padText, textWidth } from '../../report/table.ts';
import { progressText } from './progress-line.ts';
import type { Terminal } from './terminal.ts';

/** Shows a run's events as they come. */
export type Progress = {
  show(event: JournalEvent): void;
  /** Leaves the last state on the screen. */
  finish(): void;
};

const cut = (text: string, columns: number): string => {
  if (textWidth(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (textWidth(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
};

/** Plain lines, one per event: for pipes, logs and CI. */
function plainProgress(terminal: Terminal, width: number): Progress {
  return {
    show(event) {
      const text = progressText(event, terminal.language);
      if (text === null) return;
      const host = event.host === runChain ? '' : event.host;
      terminal.print(`${event.at.slice(11, 19)}  ${padText(host, width)}  ${text}`);
    },
    finish: () => undefined,
  };
}

/** One line per host, redrawn in place. */
function liveProgress(terminal: Terminal, hosts: readonly string[], width: number): Progress {
  const state = new Map(hosts.map((host) => [host, '…']));
  let drawn = 0;
  const draw = () => {
    const lines = Array.from(state, ([host, text]) => cut(`${padText(host, width)}  ${text}`, terminal.columns - 1));
    const up = drawn > 0 ? `\u001b[${drawn}A` : '';
    terminal.draw(up + lines.map((line) => `\r\u001b[2K${line}\n`).join(''));
    drawn = lines.length;
  };
  draw();
  return {
    show(event) {
      const text = progressText(event, terminal.language);
      if (text === null || !state.has(event.host)) return;
      state.set(event.host, text);
      draw();
    },
    finish: () => undefined,
  };
}

/** Progress of a run in this terminal; more hosts than fit on a screen are shown as plain lines. */
export function showProgress(terminal: Terminal, hosts: readonly string[]): Progress {
  const width = Math.max(4, ...hosts.map(textWidth));
  return terminal.live && hosts.length <= 30 ? liveProgress(terminal, hosts, width) : plainProgress(terminal, width);
}
