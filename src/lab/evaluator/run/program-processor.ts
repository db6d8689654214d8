import { isTask } from '../compile/code.ts';
import { itemsOf } from '../conversion/items.ts';
import { toText } from '../conversion/to-text.ts';
import { errorRecord } from '../define.ts';
import { emitError, locate } from '../errors/report.ts';
import type { Frame } from '../frame.ts';
import type { Program, ProgramContext, Task } from '../host.ts';
import type { Value } from '../value.ts';
import { FrameContext } from './context.ts';
import type { Processor, Setup } from './processor.ts';

type Queued = { readonly line: string; readonly isError: boolean };

/** What a program gets. */
class RunningProgram extends FrameContext implements ProgramContext {
  readonly input: readonly string[];
  readonly #queue: Queued[];

  constructor(frame: Frame, input: readonly string[], queue: Queued[]) {
    super(frame);
    this.input = input;
    this.#queue = queue;
  }

  writeLine(line: string): void {
    this.#queue.push({ line, isError: false });
  }

  writeErrorLine(line: string): void {
    this.#queue.push({ line, isError: true });
  }
}

// oxlint-disable-next-line require-yield -- a program does nothing before its input is complete
function* nothing(): Task<void> {}

/** A native program at work: it runs when its input is complete. */
export class ProgramProcessor implements Processor {
  readonly identity = this;
  readonly #program: Program;
  readonly #setup: Setup;
  readonly #input: string[] = [];
  readonly #queue: Queued[] = [];

  constructor(program: Program, setup: Setup) {
    this.#program = program;
    this.#setup = setup;
  }

  begin(): Task<void> {
    return nothing();
  }

  process(input: Value): Task<void> {
    if (this.#setup.expectsInput && input !== undefined) this.#input.push(toText(input, this.#setup.frame.session));
    return nothing();
  }

  #args(): string[] {
    const { session } = this.#setup.frame;
    return this.#setup.args.flatMap((argument) => {
      if (argument.name !== undefined) {
        const dash = argument.text ?? `-${argument.name}`;
        return argument.hasValue ? [`${dash}${toText(argument.value, session)}`] : [dash];
      }
      if (argument.text !== undefined) return [argument.text];
      return (itemsOf(argument.value) ?? [argument.value])
        .filter((value) => value !== null && value !== undefined)
        .map((value) => toText(value, session));
    });
  }

  *#drain(): Task<void> {
    const { frame, out, span, streams } = this.#setup;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      if (!next.isError) {
        const work = out.write(next.line);
        if (work) yield* work;
        continue;
      }
      const record = errorRecord({
        id: 'NativeCommandError',
        message: next.line,
        category: 'NotSpecified',
        target: next.line,
        exception: 'System.Management.Automation.RemoteException',
      });
      locate(record, frame, span);
      const work = emitError(frame.withOutput(out, streams), record);
      if (work) yield* work;
    }
  }

  *end(): Task<void> {
    const { frame } = this.#setup;
    const context = new RunningProgram(frame, this.#input, this.#queue);
    const work = this.#program.run(this.#args(), context);
    let code: number;
    if (isTask(work as Value)) {
      const running = work as Task<number>;
      let ended = false;
      try {
        for (;;) {
          const next = running.next();
          yield* this.#drain();
          if (next.done) {
            ended = true;
            code = next.value;
            break;
          }
          yield next.value;
        }
      } finally {
        if (!ended) running.return(0);
      }
    } else code = work as number;
    yield* this.#drain();
    frame.session.global.put('LASTEXITCODE', code | 0);
    if (code !== 0) this.#setup.status.failed = true;
  }
}
