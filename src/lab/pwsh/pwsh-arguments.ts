/** What a command line of `pwsh` asks for. */
export type PwshRequest =
  /** `-s` or, as sshd starts it, `-sshs`: PSRP over the standard streams. */
  | { readonly kind: 'serve'; readonly logon: 'interactive' | 'network' }
  /** `-Command -`: statements from standard input. */
  | { readonly kind: 'statements' }
  | { readonly kind: 'script'; readonly text: string }
  | { readonly kind: 'wrong'; readonly option: string };

/** Options by name: their shortest form, and whether a value follows. What the stand-in has no use for is passed over. */
const options: readonly (readonly [name: string, shortest: string, takesValue: boolean])[] = [
  ['servermode', 's', false],
  ['sshservermode', 'sshs', false],
  ['command', 'c', true],
  ['encodedcommand', 'e', true],
  ['nologo', 'nol', false],
  ['noprofile', 'nop', false],
  ['noexit', 'noe', false],
  ['noninteractive', 'noni', false],
  ['executionpolicy', 'ex', true],
  ['inputformat', 'inp', true],
  ['outputformat', 'o', true],
  ['workingdirectory', 'wo', true],
];

const find = (word: string): (typeof options)[number] | undefined =>
  options
    .filter(([name, shortest]) => name.startsWith(word) && word.length >= shortest.length)
    .toSorted((a, b) => a[0].length - b[0].length)[0];

/** Reads a command line of `pwsh`, without the program's name. */
export const readPwshArguments = (args: readonly string[]): PwshRequest => {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const [name, , takesValue] = find(arg.replace(/^--?/u, '').toLowerCase()) ?? [];
    if (!arg.startsWith('-') || name === undefined) return { kind: 'wrong', option: arg };
    if (name === 'servermode') return { kind: 'serve', logon: 'interactive' };
    if (name === 'sshservermode') return { kind: 'serve', logon: 'network' };
    if (name === 'command' && args[at + 1] === '-') return { kind: 'statements' };
    if (name === 'command') return { kind: 'script', text: args.slice(at + 1).join(' ') };
    if (name === 'encodedcommand') {
      return { kind: 'script', text: Buffer.from(args[at + 1] ?? '', 'base64').toString('utf16le') };
    }
    if (takesValue) at++;
  }
  return { kind: 'statements' };
};
