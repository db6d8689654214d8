import { randomUUID } from 'node:crypto';
import type { ServedReply } from '../../remote/protocol/wsman/encode-reply.ts';
import { makeFault } from '../../remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../remote/protocol/wsman/fault-codes.ts';
import type { StreamPiece } from '../../remote/protocol/wsman/replies.ts';
import type { RunRequest } from '../../remote/protocol/wsman/requests.ts';
import type { CommandDescription, ShellDescription } from '../../remote/protocol/wsman/shell-description.ts';
import type { HostCmdShell, RunningCmd } from './cmd-host.ts';
import type { ShellFacts } from './lab-shell.ts';
import { OutputWait } from './output-wait.ts';
import { PieceQueue } from './piece-queue.ts';
import type { OperationContext, ServedShell, ShellRequest } from './served-shell.ts';
import { ShellLife } from './shell-life.ts';
import { StreamInput } from './stream-input.ts';

type Command = {
  readonly id: string;
  readonly text: string;
  readonly input: StreamInput<Uint8Array>;
  readonly output: PieceQueue;
  running: RunningCmd | undefined;
  exitCode: number | undefined;
  /** The client was told that it is done. */
  told: boolean;
};

/** A cmd shell (MS-WSMV 3.1.4.11 and following, WinRS): programs one beside the other, their output as bytes. */
export class CmdShell implements ServedShell {
  readonly #facts: ShellFacts;
  readonly #host: HostCmdShell;
  readonly #life: ShellLife;
  readonly #wait = new OutputWait();
  readonly #commands = new Map<string, Command>();
  readonly #onClose: () => void;
  /** Commands that were ever started: Windows counts those of cmd shells against the account until the shell ends. */
  #started = 0;
  #closed = false;

  /** @param onClose called once when the shell has ended, for whatever reason */
  constructor(facts: ShellFacts, host: HostCmdShell, idleTimeoutMs: number, onClose: () => void) {
    this.#facts = facts;
    this.#host = host;
    this.#onClose = onClose;
    this.#life = new ShellLife(idleTimeoutMs, () => this.close());
    void host.killed.then(() => this.close());
  }

  get owner(): string {
    return this.#facts.owner;
  }

  get commandCount(): number {
    return this.#commands.size;
  }

  get heldOperations(): number {
    return this.#started;
  }

  describe(): ShellDescription {
    return { ...this.#facts, idleTimeoutMs: this.#life.idleTimeoutMs, state: 'Connected', ...this.#life.times };
  }

  commands(): CommandDescription[] {
    return Array.from(this.#commands.values(), ({ id, text, exitCode }) => ({
      commandId: id,
      text,
      state: exitCode === undefined ? 'Running' : 'Done',
    }));
  }

  answer(request: ShellRequest, context: OperationContext): Promise<ServedReply | undefined> {
    return this.#life.use(() => this.#answer(request, context));
  }

  #answer(request: ShellRequest, context: OperationContext): ServedReply | Promise<ServedReply | undefined> {
    switch (request.kind) {
      case 'run':
        return this.#run(request);
      case 'send': {
        const command = this.#find(request.commandId);
        if (!command) return unknownCommand();
        command.input.push(request.payload);
        if (request.end === true) command.input.end();
        return { kind: 'sent' };
      }
      case 'receive':
        return this.#wait.hold(() => this.#take(request.commandId, context.maxBytes), context);
      case 'signal':
        return this.#signal(request.commandId, request.code);
      case 'delete':
        this.close();
        return { kind: 'deleted' };
      case 'disconnect':
      case 'reconnect':
      case 'connect':
        return makeFault(faultCodes.disconnectUnsupported, 'The shell does not support being disconnected.');
      default:
        return makeFault(faultCodes.unsupportedAction, 'A cmd shell does not serve this.');
    }
  }

  #run(request: RunRequest): ServedReply {
    const id = request.commandId || randomUUID().toUpperCase();
    if (this.#find(id)) return makeFault(faultCodes.commandIdTaken, 'A command with this id exists already.');
    const text = [request.command, ...request.arguments].join(' ');
    const input = new StreamInput<Uint8Array>();
    const output = new PieceQueue(['stdout', 'stderr'], id);
    const sink = {
      stdout: (bytes: Uint8Array) => this.#write(output, 'stdout', bytes),
      stderr: (bytes: Uint8Array) => this.#write(output, 'stderr', bytes),
    };
    const { command, arguments: args, skipCmdShell = false } = request;
    const running = this.#host.run({ command, arguments: args, skipCmdShell, input }, sink);
    if (!running) return noProgram;
    const made: Command = { id, text, input, output, running, exitCode: undefined, told: false };
    this.#commands.set(id.toLowerCase(), made);
    this.#started++;
    void running.done.then((code) => {
      made.exitCode = code;
      this.#wait.wake();
    });
    return { kind: 'command-accepted', commandId: id };
  }

  #write(output: PieceQueue, stream: string, bytes: Uint8Array): void {
    output.push(stream, bytes);
    this.#wait.wake();
  }

  /** Ctrl+C and Ctrl+Break end what runs; any other code also forgets the command. */
  #signal(commandId: string, code: string): ServedReply {
    const command = this.#find(commandId);
    if (!command) return unknownCommand();
    command.running?.kill();
    const done = command.exitCode !== undefined;
    // A client that signals Ctrl+C to a command that is done says by it that it needs it no more.
    if (done || !/ctrl_(?:c|break)$/iu.test(code)) this.#commands.delete(commandId.toLowerCase());
    this.#wait.wake();
    return { kind: 'signalled' };
  }

  #take(commandId: string | undefined, maxBytes: number): ServedReply | undefined {
    if (this.#closed)
      return makeFault(
        faultCodes.aborted,
        'The I/O operation has been aborted because of either a thread exit or an application request.',
      );
    const command = this.#find(commandId);
    if (!command || command.told) return unknownCommand();
    const pieces: StreamPiece[] = command.output.take(maxBytes);
    const isDone = command.exitCode !== undefined && command.output.empty;
    if (pieces.length === 0 && !isDone) return undefined;
    command.told = isDone;
    return {
      kind: 'received',
      pieces: isDone ? [...pieces, ...command.output.ends()] : pieces,
      commandState: isDone
        ? { commandId: command.id, state: 'done', exitCode: command.exitCode ?? 0 }
        : { commandId: command.id, state: 'running' },
    };
  }

  #find(commandId: string | undefined): Command | undefined {
    return this.#commands.get(commandId?.toLowerCase() ?? '');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#life.end();
    for (const command of this.#commands.values()) command.running?.kill();
    this.#host.close();
    this.#wait.wake();
    this.#onClose();
  }
}

const noProgram: ServedReply = {
  ...makeFault(faultCodes.fileNotFound, 'The system cannot find the file specified. '),
  provider: {
    name: 'Shell cmd plugin',
    path: '%systemroot%\\system32\\winrscmd.dll',
    code: 0,
    text: 'The system cannot find the file specified.',
  },
};

function unknownCommand(): ServedReply {
  return makeFault(
    faultCodes.invalidSelectors,
    'The Windows Remote Shell received a request to perform an operation on a command identifier that does not exist.',
  );
}
