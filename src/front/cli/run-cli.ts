import { Failure, failures } from '../../kernel/failure.ts';
import { closest } from '../../kernel/suggestion.ts';
import { printable } from '../../report/printable.ts';
import type { Language } from '../../report/words/words.ts';
import type { Command } from './command.ts';
import { demoCommand } from './commands/demo.ts';
import { diagnoseCommand } from './commands/diagnose.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { hostsCommand } from './commands/hosts.ts';
import { initCommand } from './commands/init.ts';
import { jeaCommand } from './commands/jea.ts';
import { labCommand } from './commands/lab.ts';
import { lintCommand } from './commands/lint.ts';
import { logsCommand } from './commands/logs.ts';
import { cancelCommand, commitCommand, rollbackCommand } from './commands/orders.ts';
import { planCommand } from './commands/plan.ts';
import { recordCommand } from './commands/record.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { statusCommand } from './commands/status.ts';
import { testCommand } from './commands/test.ts';
import { validateCommand } from './commands/validate.ts';
import { workerCommand } from './commands/worker.ts';
import { exitCodes } from './exit-code.ts';
import { commandHelp, mainHelp } from './help.ts';
import { parseArguments } from './parse-arguments.ts';
import type { CliServices } from './services.ts';
import type { Terminal } from './terminal.ts';

/** All commands in the order of the help. */
export const commands: readonly Command[] = [
  initCommand,
  validateCommand,
  lintCommand,
  testCommand,
  explainCommand,
  planCommand,
  diagnoseCommand,
  runCommand,
  statusCommand,
  logsCommand,
  reportCommand,
  cancelCommand,
  rollbackCommand,
  commitCommand,
  workerCommand,
  jeaCommand,
  hostsCommand,
  recordCommand,
  labCommand,
  demoCommand,
  doctorCommand,
];

/** What the CLI is made of; both are made for the language that the arguments ask for. */
export type CliParts = {
  readonly version: string;
  readonly defaultLanguage: Language;
  readonly terminal: (language: Language) => Terminal;
  /** @throws Failure `bad-input` where the configuration is not valid */
  readonly services: (language: Language) => Promise<CliServices>;
};

const askedLanguage = (argv: readonly string[], otherwise: Language): Language => {
  const at = argv.findIndex((text) => text === '--lang' || text.startsWith('--lang='));
  const value = at < 0 ? undefined : (argv[at]?.split('=')[1] ?? argv[at + 1]);
  return value === 'ja' || value === 'en' ? value : otherwise;
};

/** The command's name and what belongs to it; options of every command may stand before the name. */
const splitCommand = (argv: readonly string[]): readonly [string | undefined, readonly string[]] => {
  const leading = argv[0] === '--lang' ? 2 : argv[0] === '--json' || argv[0]?.startsWith('--lang=') === true ? 1 : 0;
  if (leading === 0) return [argv[0], argv.slice(1)];
  const [name, rest] = splitCommand(argv.slice(leading));
  return [name, [...rest, ...argv.slice(0, leading)]];
};

/**
 * Runs one command line.
 * @param argv the arguments behind the program's name
 * @returns the exit code (0 all repaired or unchanged, 1 a host ended otherwise, 2 bad input, 3 set-up or Redis, 4 needs-hands, 5 cancelled or deferred)
 */
export async function runCli(argv: readonly string[], parts: CliParts): Promise<number> {
  const language = askedLanguage(argv, parts.defaultLanguage);
  const terminal = parts.terminal(language);
  const [name, rest] = splitCommand(argv);
  if (name === undefined) {
    terminal.warn(mainHelp(commands, language));
    return exitCodes.badInput;
  }
  const about = name === 'help' ? rest.find((text) => !text.startsWith('-')) : undefined;
  if ((name === 'help' && about === undefined) || name === '--help' || name === '-h') {
    terminal.print(mainHelp(commands, language));
    return exitCodes.good;
  }
  if (name === '--version' || name === '-V') {
    terminal.print(parts.version);
    return exitCodes.good;
  }
  try {
    const command = findCommand(about ?? name);
    const args = parseArguments(command, about === undefined ? rest : ['--help']);
    if (args.flag('help')) {
      terminal.print(commandHelp(command, language));
      return exitCodes.good;
    }
    return await command.run({ services: await parts.services(language), terminal, args, json: args.flag('json') });
  } catch (error) {
    if (isSystemError(error)) {
      if (argv.includes('--json')) terminal.print(JSON.stringify({ error: error.code, message: error.message }));
      else terminal.warn(`kintsugi: ${printable(error.message)}`);
      return exitCodes.setUp;
    }
    if (!(error instanceof Failure)) throw error;
    if (argv.includes('--json'))
      terminal.print(JSON.stringify({ error: error.code, message: error.message, ...error.facts }));
    // Faults of files begin with their place, as compilers tell them.
    else terminal.warn(`${'faults' in error.facts ? '' : 'kintsugi: '}${printable(error.message)}`);
    return failures[error.code].exit;
  }
}

/** A refusal of the operating system (a folder that cannot be written, a port that is taken): set-up, no fault of the program. */
function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

/** @throws Failure `bad-input` with the name that was probably meant */
function findCommand(name: string): Command {
  const command = commands.find((each) => each.name === name);
  if (command !== undefined) return command;
  const near = closest(
    name,
    commands.map((each) => each.name),
  );
  const meant = near === null ? '' : ` Did you mean \`kintsugi ${near}\`?`;
  throw new Failure('bad-input', `Unknown command ${JSON.stringify(name)}.${meant} See: kintsugi --help`);
}
