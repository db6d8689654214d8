import { writeClixml } from '../../../remote/protocol/clixml/write-clixml.ts';
import type { CallContext } from '../../evaluator/host.ts';
import type { Sink } from '../../evaluator/pipeline.ts';
import { type ErrorRecord, errorCategories } from '../../evaluator/value.ts';
import { startProgramProcess } from '../programs/programs.ts';
import { toHostError } from '../runtime/host-errors.ts';
import { readShellRequest, runShell, type ShellRequest } from '../runtime/launcher.ts';
import type { CmdSession } from './cmd-session.ts';
import type { CmdStreams } from './cmd-streams.ts';

const path = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';

/** Runs powershell.exe with text streams, in a process of its own. @returns its exit code */
export const runPowerShell = async (session: CmdSession, rest: string, streams: CmdStreams): Promise<number> => {
  const { machine } = session;
  const process = startProgramProcess(machine, session.process, path, `"${path}" ${rest.trim()}`);
  const stopRunning = machine.clock.run(process.pid);
  process.ended.listen(stopRunning);
  const request = await readRequest(session, rest, streams);
  const errors = new ErrorText(session, streams, isEncoded(rest));
  const code = await runShell(machine, process, request, {
    folder: session.folder,
    sink: (context) => toText(session, streams, errors, context),
    failed: (record, context) => errors.write(record, context),
  });
  errors.end();
  if (machine.processes.get(process.pid) === process) void machine.processes.end(process.pid, code | 0);
  return code | 0;
};

/** Without a script, or with `-` for it, the script comes by standard input. */
const readRequest = async (session: CmdSession, rest: string, streams: CmdStreams): Promise<ShellRequest> => {
  const fromInput = /(?:^|\s)-\s*$/u.test(rest);
  const request = readShellRequest(fromInput ? rest.replace(/-\s*$/u, '') : rest);
  if (request.kind !== 'command' || request.text.trim() !== '') return request;
  return { ...request, text: session.decode(await streams.input()) };
};

const isEncoded = (rest: string): boolean => /(?:^|\s)[-/]e(?:c|n\w*)?\s/iu.test(rest);

const toText = (session: CmdSession, streams: CmdStreams, errors: ErrorText, context: CallContext): Sink => {
  const line = (text: string): void => streams.out(session.encode(`${text.replace(/\r?\n/gu, '\r\n')}\r\n`));
  return {
    output: (value) => {
      if (value !== null && value !== undefined) line(context.text(value));
    },
    error: (record) => errors.write(record, context),
    warning: (text) => line(`WARNING: ${text}`),
    verbose: (text) => line(`VERBOSE: ${text}`),
    debug: (text) => line(`DEBUG: ${text}`),
    information: (record) => {
      if (record.tags.includes('PSHOST')) line(context.text(record.data));
    },
    progress: () => undefined,
  };
};

/** Errors on standard error: as text, or as CLIXML where the command came encoded, as from programs that read it. */
class ErrorText {
  readonly #session: CmdSession;
  readonly #streams: CmdStreams;
  readonly #asClixml: boolean;
  readonly #lines: string[] = [];

  constructor(session: CmdSession, streams: CmdStreams, asClixml: boolean) {
    this.#session = session;
    this.#streams = streams;
    this.#asClixml = asClixml;
  }

  write(record: ErrorRecord, context: CallContext): void {
    const lines = errorLines(record, context);
    if (this.#asClixml) this.#lines.push(...lines);
    else this.#streams.error(this.#session.encode(`${lines.join('\r\n')}\r\n`));
  }

  end(): void {
    if (this.#lines.length === 0) return;
    const items = this.#lines.map((text) => writeClixml(`${text}\r\n`).replace('<S>', '<S S="Error">'));
    const objects = `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">${items.join('')}</Objs>`;
    this.#streams.error(this.#session.encode(`#< CLIXML\r\n${objects}`));
  }
}

/** An error as Windows PowerShell shows it: who failed and why, where, and its category and id. */
const errorLines = (record: ErrorRecord, context: CallContext): string[] => {
  const error = toHostError(record, context);
  const who = record.invocation?.commandName;
  const { position } = error;
  const category = errorCategories[error.category] ?? 'NotSpecified';
  const target = `(${error.targetName ?? ''}:${error.targetType ?? ''})`;
  const activity = error.categoryActivity ? ` [${error.categoryActivity}]` : '';
  return [
    ...(who ? `${who} : ${error.message}` : error.message).split(/\r?\n/u),
    ...(position
      ? [`At ${position.scriptName ?? 'line'}:${position.line} char:${position.offset}`, `+ ${position.text.trim()}`]
      : []),
    `    + CategoryInfo          : ${category}: ${target}${activity}, ${error.categoryReason ?? ''}`,
    `    + FullyQualifiedErrorId : ${error.fullyQualifiedErrorId}`,
    ' ',
  ];
};
