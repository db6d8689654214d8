import { Failure } from '../../../kernel/failure.ts';
import { bang, colon, isBlank, isNamePart, lessThan, question } from './letters.ts';

/** A place in an XML text that only moves forward. */
export class Cursor {
  protected readonly text: string;
  protected at: number;

  constructor(text: string, start = 0) {
    this.text = text;
    this.at = start;
  }

  /** A failure that names the place. */
  fail(expected: string): Failure {
    const found = JSON.stringify(this.text.slice(this.at, this.at + 40));
    return new Failure('protocol-error', `CLIXML: expected ${expected} at character ${this.at}, found ${found}`, {
      facts: { offset: this.at },
    });
  }

  /** Passes blanks. */
  protected passBlanks(): void {
    while (isBlank(this.text.charCodeAt(this.at))) this.at++;
  }

  /** Passes blanks, comments and processing instructions; says whether anything is left. */
  skipBlanks(): boolean {
    for (;;) {
      this.passBlanks();
      if (this.at >= this.text.length) return false;
      if (this.text.charCodeAt(this.at) !== lessThan) return true;
      const next = this.text.charCodeAt(this.at + 1);
      if (next === question) this.skipPast('?>');
      else if (next === bang && this.text.startsWith('<!--', this.at)) this.skipPast('-->');
      else return true;
    }
  }

  /** Passes everything up to the end of this text. */
  protected skipPast(end: string): void {
    const found = this.text.indexOf(end, this.at + 2);
    if (found < 0) throw this.fail(`"${end}" somewhere`);
    this.at = found + end.length;
  }

  /** Where the scanner stands: for `since`. */
  get place(): number {
    return this.at;
  }

  /** The text passed since a place. */
  since(place: number): string {
    return this.text.slice(place, this.at);
  }

  /** Passes just this text if it comes next. */
  passIf(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** A name here, without its prefix; empty if there is none. */
  protected name(): string {
    let start = this.at;
    for (;;) {
      while (isNamePart(this.text.charCodeAt(this.at))) this.at++;
      if (this.text.charCodeAt(this.at) !== colon) return this.text.slice(start, this.at);
      start = ++this.at;
    }
  }
}
