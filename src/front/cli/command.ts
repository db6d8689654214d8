import type { LocalText } from '../../kernel/words.ts';
import type { CliServices } from './services.ts';
import type { Terminal } from './terminal.ts';

/** One option of a command. `many` options may be given several times. */
export type CommandOption = {
  readonly kind: 'flag' | 'value' | 'many';
  readonly short?: string;
  /** Name of the value in the help, e.g. `<pattern>`. */
  readonly value?: string;
  /** The only values allowed. */
  readonly choices?: readonly string[];
  readonly help: LocalText;
};

/** What was typed, checked against the command's options and operands. */
export type Arguments = {
  readonly operands: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | null;
  values(name: string): readonly string[];
};

/** What a command works with. */
export type CommandContext = {
  readonly services: CliServices;
  readonly terminal: Terminal;
  readonly args: Arguments;
  /** Whether machine-readable JSON is asked for. */
  readonly json: boolean;
};

/** One command of the CLI. */
export type Command = {
  readonly name: string;
  readonly summary: LocalText;
  /** Operands as the help shows them, e.g. `<playbook> --hosts <pattern>`. */
  readonly usage: string;
  /** Fewest and most operands. */
  readonly operands: readonly [number, number];
  readonly options: { readonly [name: string]: CommandOption };
  readonly examples: readonly string[];
  /** Does the work; the exit code. Failures are thrown. */
  run(context: CommandContext): Promise<number>;
};
