import { type JournalEvent, runChain } from '../../journal/event.ts';
import { oneLine } from '../../report/printable.ts';
import { cutText, padText, textWidth } from '../../report/table.ts';
import { progressText } from './progress-line.ts';
import type { Terminal } from './terminal.ts';

/** Takes note of an event and shows it. */
export type ShowEvent = (event: JournalEvent) => void;

/** More hosts than this do not fit on a screen: their events are shown as plain lines. */
const mostLiveHosts = 30;

const plainLine = (event: JournalEvent, text: string, width: number): string =>
  `${event.at.slice(11, 19)}  ${padText(event.host === runChain ? '' : event.host, width)}  ${text}`;

/** Plain lines, one per event: for pipes, logs and CI. */
function plainProgress(terminal: Terminal, width: number): ShowEvent {
  return (event) => {
    const text = progressText(event, terminal.language);
    if (text !== null) terminal.print(plainLine(event, oneLine(text), width));
  };
}

/** One line per host, redrawn in place; what concerns the whole run stays above as a line of its own. */
function liveProgress(terminal: Terminal, hosts: readonly string[], width: number): ShowEvent {
  const state = new Map(hosts.map((host) => [host, '…']));
  let drawn = 0;
  const draw = (...notes: readonly string[]) => {
    const lines = Array.from(state, ([host, text]) => `${padText(host, width)}  ${text}`);
    const up = drawn > 0 ? `\u001b[${drawn}A` : '';
    const shown = [...notes, ...lines].map((line) => `\r\u001b[2K${cutText(line, terminal.columns - 1)}\n`);
    terminal.draw(up + shown.join(''));
    drawn = lines.length;
  };
  draw();
  return (event) => {
    const text = progressText(event, terminal.language);
    if (text === null) return;
    if (!state.has(event.host)) return draw(plainLine(event, oneLine(text), width));
    state.set(event.host, oneLine(text));
    draw();
  };
}

/** Shows the progress of a run in this terminal; its last state stays on the screen. */
export function showProgress(terminal: Terminal, hosts: readonly string[]): ShowEvent {
  const width = Math.max(4, ...hosts.map(textWidth));
  return terminal.live && hosts.length <= mostLiveHosts
    ? liveProgress(terminal, hosts, width)
    : plainProgress(terminal, width);
}
