import { parseScript } from '../../powershell/parse-script.ts';
import { SyntaxFault } from '../../powershell/source.ts';

/** Whether a text is the beginning of a statement that goes on in the next line. */
const isUnfinished = (text: string): boolean => {
  try {
    parseScript(`${text}\n`);
    return false;
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    return /^(?:Missing|Terminator)/u.test(error.id) || error.offset >= text.trimEnd().length;
  }
};

/**
 * Cuts what comes on the standard input of `pwsh -Command -` into scripts: a line by itself, or, where a line is not complete, all lines
 * up to an empty one.
 */
export class StatementReader {
  #partial = '';
  readonly #unfinished: string[] = [];

  /** Takes text and gives the scripts that it completes. */
  push(text: string): string[] {
    const lines = `${this.#partial}${text}`.split('\n');
    this.#partial = lines.pop() ?? '';
    return lines.map((line) => this.#take(line.replace(/\r$/u, ''))).filter((script) => script !== '');
  }

  /** The last line, if no line end followed it; what is unfinished then is dropped, as PowerShell does. */
  end(): string {
    const last = this.#partial;
    this.#partial = '';
    return this.#unfinished.length > 0 ? '' : last.trim();
  }

  #take(line: string): string {
    const lines = this.#unfinished;
    if (lines.length > 0) {
      if (line.trim() !== '') {
        lines.push(line);
        return '';
      }
      return lines.splice(0).join('\n');
    }
    if (line.trim() === '' || !isUnfinished(line)) return line.trim();
    lines.push(line);
    return '';
  }
}
