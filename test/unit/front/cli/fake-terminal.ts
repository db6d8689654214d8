import type { Terminal } from '../../../../src/front/cli/terminal.ts';
import type { Language } from '../../../../src/report/words/words.ts';

/** A terminal that keeps what it is told. */
export type FakeTerminal = Terminal & {
  readonly printed: string[];
  readonly drawn: string[];
  readonly warned: string[];
  readonly questions: string[];
  /** Ctrl-C. */
  interrupt(): void;
  /** How many listen for Ctrl-C. */
  listeners(): number;
};

/** A terminal for tests: a pipe unless said otherwise, with nobody to answer. */
export function fakeTerminal(
  options: {
    readonly language?: Language;
    readonly live?: boolean;
    readonly columns?: number;
    readonly answer?: boolean | null;
  } = {},
): FakeTerminal {
  const callbacks = new Set<() => void>();
  const printed: string[] = [];
  const drawn: string[] = [];
  const warned: string[] = [];
  const questions: string[] = [];
  return {
    language: options.language ?? 'en',
    live: options.live ?? false,
    columns: options.columns ?? 80,
    printed,
    drawn,
    warned,
    questions,
    print: (text) => void printed.push(text),
    draw: (text) => void drawn.push(text),
    warn: (text) => void warned.push(text),
    confirm: async (question) => {
      questions.push(question);
      return options.answer ?? null;
    },
    onInterrupt(callback) {
      callbacks.add(callback);
      return { [Symbol.dispose]: () => void callbacks.delete(callback) };
    },
    interrupt: () => {
      for (const callback of callbacks) callback();
    },
    listeners: () => callbacks.size,
  };
}

/** What a screen shows after drawings: only line ends, returns, "line up" and "clear line" are understood. */
export function screenAfter(drawings: readonly string[]): readonly string[] {
  const lines: string[] = [''];
  let row = 0;
  for (const [, up, clear, end, character] of drawings.join('').matchAll(
    // oxlint-disable-next-line no-control-regex
    /\u001b\[(\d+)A|(\u001b\[2K)|(\n)|\r|([^\u001b\r\n])/gu,
  )) {
    if (up !== undefined) row -= Number(up);
    else if (clear !== undefined) lines[row] = '';
    else if (end !== undefined) {
      row += 1;
      lines[row] ??= '';
    } else if (character !== undefined) lines[row] += character;
  }
  return lines.slice(0, row);
}
