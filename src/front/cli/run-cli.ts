import { Failure, failures } from '../../kernel/failure.ts';
import { closest } from '../../kernel/suggestion.ts';
import type { Language } from '../../report/words/words.ts';
import type { Command } from './command.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { labCommand } from './commands/lab.ts';
import { logsCommand } from './commands/logs.ts';
import { cancelCommand, commitCommand, rollbackCommand } from './commands/orders.ts';
import { planCommand } from './commands/plan.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { statusCommand } from './commands/status.ts';
import { validateCommand } from './commands/validate.ts';
import { workerCommand } from './commands/worker.ts';
import { exitCodes } from './exit-code.ts';
import { commandHelp, mainHelp } from './help.ts';
import { parseArguments } from './parse-arguments.ts';
import type { CliServices } from './services.ts';
import type { Terminal } from './terminal.ts';

/** All commands in the order of the help. */
export const commands: readonly Command[] = [
  validateCommand,
  planCommand,
  runCommand,
  statusCommand,
  logsCommand,
  reportCommand,
  cancelCommand,
  rollbackCommand,
  commitCommand,
  workerCommand,
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

/**
 * Runs one command line.
 * @param argv the arguments behind the program's name
 * @returns the exit code (0 all repaired or unchanged, 1 a host ended otherwise, 2 bad input, 3 set-up or Redis, 4 needs-hands, 5 cancelled or deferred)
 */
export async function runCli(argv: readonly string[], parts: CliParts): Promise<number> {
  const language = askedLanguage(argv, parts.defaultLanguage);
  const terminal = parts.terminal(language);
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    terminal.print(mainHelp(commands, language));
    return name === undefined ? exitCodes.badInput : exitCodes.good;
  }
  if (name === '--version' || name === '-V') {
    terminal.print(parts.version);
    return exitCodes.good;
  }
  try {
    const command = commands.find((each) => each.name === name);
    if (!command) throw new Failure('bad-input', unknownCommand(name));
    const args = parseArguments(command, rest);
    if (args.flag('help')) {
      terminal.print(commandHelp(command, language));
      return exitCodes.good;
    }
    return await command.run({ services: await parts.services(language), terminal, args, json: args.flag('json') });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (argv.includes('--json'))
      terminal.print(JSON.stringify({ error: error.code, message: error.message, ...error.facts }));
    else terminal.warn(`kintsugi: ${error.message}`);
    return failures[error.code].exit;
  }
}

function unknownCommand(name: string): string {
  const near = closest(
    name,
    commands.map((command) => command.name),
  );
  return `Unknown command ${JSON.stringify(name)}.${near === null ? '' : ` Did you mean \`kintsugi ${near}\`?`} See: kintsugi --help`;
}
