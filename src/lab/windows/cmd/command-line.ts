/** Where a stream of a command goes or comes from. */
export type Redirection = {
  /** 0 input, 1 output, 2 errors. */
  readonly stream: 0 | 1 | 2;
  readonly to:
    | { readonly kind: 'file'; readonly path: string; readonly append: boolean }
    | { readonly kind: 'stream'; readonly stream: 1 | 2 };
};

/** One command: its name, everything behind it as it was written, and where its streams go. */
export type SimpleCommand = {
  readonly kind: 'simple';
  readonly name: string;
  readonly rest: string;
  readonly redirections: readonly Redirection[];
};

/** A list of commands in parentheses. */
export type GroupCommand = {
  readonly kind: 'group';
  readonly list: CommandList;
  readonly redirections: readonly Redirection[];
};

/** Commands joined by `|`. */
export type Pipeline = readonly (SimpleCommand | GroupCommand)[];
/** Pipelines with what stands before each: `&` always, `&&` after success, `||` after failure. */
export type CommandList = readonly { readonly after: '&' | '&&' | '||'; readonly pipeline: Pipeline }[];

/** A line that cmd.exe does not understand; the message is its own. */
export class CmdSyntaxError extends Error {}

type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: '&' | '&&' | '||' | '|' | '(' | ')' }
  | { readonly kind: 'redirect'; readonly stream: 0 | 1 | 2; readonly append: boolean }
  | { readonly kind: 'merge'; readonly stream: 1 | 2; readonly target: 1 | 2 };

/** Puts the values of variables in the place of `%NAME%`; what is no variable stays, as on a command line. */
export const expandPercent = (text: string, valueOf: (name: string) => string | undefined): string =>
  text.replace(/%([^%=]+)%/gu, (whole, name: string) => valueOf(name) ?? whole);

/** Reads a command line of cmd.exe, variables already expanded. @throws CmdSyntaxError */
export const readCommandLine = (text: string): CommandList => {
  const reader = new Reader(tokenize(text));
  const list = reader.list();
  if (!reader.atEnd) throw unexpected(reader.next);
  return list;
};

const unexpected = (token: Token | undefined): CmdSyntaxError =>
  new CmdSyntaxError(
    token === undefined || token.kind === 'word'
      ? 'The syntax of the command is incorrect.'
      : `${token.kind === 'sign' ? token.text : '>'} was unexpected at this time.`,
  );

class Reader {
  readonly #tokens: Token[];
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  list(): CommandList {
    const parts: { after: '&' | '&&' | '||'; pipeline: Pipeline }[] = [];
    let after: '&' | '&&' | '||' = '&';
    for (;;) {
      if (!this.#isSign(')') && !this.atEnd) parts.push({ after, pipeline: this.#pipeline() });
      else if (after !== '&') throw unexpected(this.next);
      const sign = this.next;
      if (sign?.kind !== 'sign' || (sign.text !== '&' && sign.text !== '&&' && sign.text !== '||')) return parts;
      if (parts.length === 0) throw unexpected(sign);
      after = sign.text;
      this.#at++;
    }
  }

  #isSign(text: string): boolean {
    return this.next?.kind === 'sign' && this.next.text === text;
  }

  #pipeline(): Pipeline {
    const commands = [this.#command()];
    while (this.#isSign('|')) {
      this.#at++;
      commands.push(this.#command());
    }
    return commands;
  }

  #command(): SimpleCommand | GroupCommand {
    const redirections: Redirection[] = [];
    const group = this.#isSign('(') ? this.#group() : undefined;
    let text = '';
    for (let token = this.next; token && token.kind !== 'sign'; token = this.next) {
      this.#at++;
      if (token.kind === 'merge')
        redirections.push({ stream: token.stream, to: { kind: 'stream', stream: token.target } });
      else if (token.kind === 'redirect') redirections.push(this.#redirection(token));
      else text += token.text;
    }
    if (group) return { kind: 'group', list: group, redirections };
    const { name, rest } = splitName(text);
    // The lab has no loops; what stands in one is not looked at.
    if (name.toLowerCase() === 'for') this.#at = this.#tokens.length;
    if (name === '' && redirections.length === 0) throw unexpected(this.next);
    return { kind: 'simple', name, rest, redirections };
  }

  #group(): CommandList {
    this.#at++;
    const list = this.list();
    if (!this.#isSign(')')) throw new CmdSyntaxError('The syntax of the command is incorrect.');
    this.#at++;
    return list;
  }

  /** The file name is the first word of what follows; anything behind it belongs to the command again. */
  #redirection({ stream, append }: Token & { readonly kind: 'redirect' }): Redirection {
    const token = this.next;
    if (token?.kind !== 'word') throw unexpected(token);
    const [, path = '', rest = ''] = /^\s*((?:"[^"]*"|[^\s"])+)([^]*)$/u.exec(token.text) ?? [];
    if (path === '') throw unexpected(undefined);
    this.#at++;
    if (rest !== '') this.#tokens.splice(this.#at, 0, { kind: 'word', text: rest });
    return { stream, to: { kind: 'file', path: path.replaceAll('"', ''), append } };
  }
}

/** The name ends at a blank or at one of the characters that cmd.exe takes for one; a quoted name goes to its quote. */
const splitName = (text: string): { readonly name: string; readonly rest: string } => {
  const start = text.replace(/^[\s@,;=]+/u, '');
  const [name = ''] = /^(?:"[^"]*"|[^\s,;=/"]|\/(?![a-z?]))+/iu.exec(start) ?? [''];
  // `cd\`, `echo.` and `echo:` need no blank.
  const builtIn = /^(?:echo(?=[.:(+[\]/\\])|cd(?=[\\.])|chdir(?=[\\.])|md(?=\\)|dir(?=\\))/iu.exec(start)?.[0];
  const taken = builtIn ?? name;
  return { name: taken, rest: start.slice(taken.length) };
};

const tokenize = (text: string): Token[] => {
  const tokens: Token[] = [];
  let word = '';
  let isQuoted = false;
  const flush = () => {
    if (word !== '') tokens.push({ kind: 'word', text: word });
    word = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '"') isQuoted = !isQuoted;
    if (isQuoted || char === '"') word += char;
    else if (char === '^') word += text[++at] ?? '';
    else if (char === '&' || char === '|') {
      flush();
      const twice = text[at + 1] === char;
      if (twice) at++;
      tokens.push({ kind: 'sign', text: twice ? (char === '&' ? '&&' : '||') : char });
    } else if (char === ')' || (char === '(' && word.trim() === '' && opens(tokens))) {
      flush();
      tokens.push({ kind: 'sign', text: char });
    } else if (char === '>' || char === '<') {
      // A digit right before it says which stream, if it stands alone.
      const digit = /(?:^|\s)([012])$/u.exec(word)?.[1];
      if (digit !== undefined) word = word.slice(0, -1);
      flush();
      const stream = (digit === undefined ? (char === '>' ? 1 : 0) : Number(digit)) as 0 | 1 | 2;
      const append = char === '>' && text[at + 1] === '>';
      if (append) at++;
      const target = /^&([12])/u.exec(text.slice(at + 1))?.[1];
      if (target !== undefined) at += 2;
      tokens.push(
        target === undefined || stream === 0
          ? { kind: 'redirect', stream, append }
          : { kind: 'merge', stream, target: target === '1' ? 1 : 2 },
      );
    } else word += char;
  }
  flush();
  return tokens;
};

/** Whether a parenthesis here begins a group: at the start, and behind a sign. */
const opens = (tokens: readonly Token[]): boolean => {
  const last = tokens.at(-1);
  return last === undefined || (last.kind === 'sign' && last.text !== ')');
};
