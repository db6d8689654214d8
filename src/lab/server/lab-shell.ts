import { randomUUID } from 'node:crypto';
import { poolTarget } from '../../remote/protocol/psrp/outbox.ts';
import type { ServedReply } from '../../remote/protocol/wsman/encode-reply.ts';
import { makeFault } from '../../remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../remote/protocol/wsman/fault-codes.ts';
import { signalCodes } from '../../remote/protocol/wsman/namespaces.ts';
import type { CommandDescription, ShellDescription } from '../../remote/protocol/wsman/shell-description.ts';
import { LabPool } from './lab-pool.ts';
import { OutputWait } from './output-wait.ts';
import type { HostRunspace } from './runspace-host.ts';
import type { OperationContext, ServedShell, ShellRequest } from './served-shell.ts';
import { ShellConnection } from './shell-connection.ts';
import { ShellLife } from './shell-life.ts';

/** What does not change while a shell lives. */
export type ShellFacts = Omit<ShellDescription, 'idleTimeoutMs' | 'state'>;

/** How a shell is made. */
export type LabShellOptions = {
  readonly facts: ShellFacts;
  /** SessionId of the client that opens it. */
  readonly session: string;
  readonly idleTimeoutMs: number;
  /** Shorter idle time-outs are raised to this. */
  readonly shortestIdleTimeoutMs: number;
  /** Records that a disconnected shell keeps in buffer mode Drop. */
  readonly recordsKept: number;
};

/** One PowerShell session: a runspace pool of the wire in front of one runspace of the simulated host. It lives on without any connection. */
export class LabShell implements ServedShell {
  readonly #options: LabShellOptions;
  readonly #pool: LabPool;
  readonly #life: ShellLife;
  readonly #wait = new OutputWait();
  readonly #connection: ShellConnection;
  /** Command lines by id, as lists of commands show them. */
  readonly #titles = new Map<string, string>();
  /** Commands of which the client was told that they are done. */
  readonly #done = new Set<string>();
  readonly #onClose: () => void;
  #closed = false;

  /** @param onClose called once when the shell has ended, for whatever reason */
  constructor(options: LabShellOptions, host: HostRunspace, onClose: () => void) {
    this.#options = options;
    this.#pool = new LabPool(host, () => this.#wait.wake());
    this.#connection = new ShellConnection(options.session);
    this.#onClose = onClose;
    this.#life = new ShellLife(options.idleTimeoutMs, () => this.close());
    void host.killed.then(() => this.close());
  }

  get owner(): string {
    return this.#options.facts.owner;
  }

  get commandCount(): number {
    return this.#pool.commandCount;
  }

  get heldOperations(): number {
    return this.#pool.commandCount;
  }

  describe(): ShellDescription {
    return {
      ...this.#options.facts,
      idleTimeoutMs: this.#life.idleTimeoutMs,
      state: this.#connection.state,
      bufferMode: this.#connection.bufferMode,
      ...this.#life.times,
    };
  }

  commands(): CommandDescription[] {
    return this.#pool.commands().map(({ id, live }) => ({
      commandId: id,
      text: this.#titles.get(id.toLowerCase()) ?? '',
      state: live ? 'Running' : 'Done',
    }));
  }

  /** Opens the runspace pool. @throws Failure `protocol-error` */
  open(creationXml: Uint8Array): void {
    this.#pool.feed(creationXml, poolTarget, 'default');
  }

  answer(request: ShellRequest, context: OperationContext): Promise<ServedReply | undefined> {
    return this.#life.use(() => this.#answer(request, context));
  }

  #answer(request: ShellRequest, context: OperationContext): ServedReply | Promise<ServedReply | undefined> {
    switch (request.kind) {
      case 'disconnect':
        return this.#disconnect(request, context.session);
      case 'reconnect':
        return this.#connection.reconnect(context.session) ?? this.#rejoined({ kind: 'reconnected' });
      case 'connect':
        return (
          this.#connection.connect(context.session) ??
          this.#rejoined({ kind: 'connected', connectResponseXml: this.#pool.connect(request.connectXml) })
        );
      case 'delete':
        this.close();
        return { kind: 'deleted' };
      default:
        return this.#connection.refuses(context.session) ?? this.#operate(request, context);
    }
  }

  #operate(request: ShellRequest, context: OperationContext): ServedReply | Promise<ServedReply | undefined> {
    switch (request.kind) {
      case 'send': {
        const { commandId, payload, stream } = request;
        if (commandId !== undefined && !this.#pool.find(commandId)) return unknownCommand();
        const target = commandId?.toLowerCase() ?? poolTarget;
        this.#pool.feed(payload, target, stream === 'pr' ? 'promptResponse' : 'default');
        return { kind: 'sent' };
      }
      case 'command':
        return this.#command(request.commandId || randomUUID().toUpperCase(), request.text, request.payload);
      case 'signal':
        return this.#signal(request.commandId, request.code);
      case 'connect-command':
        return this.#pool.find(request.commandId)
          ? { kind: 'connected', connectResponseXml: undefined }
          : unknownCommand();
      case 'receive':
        return this.#wait.hold(() => this.#take(request.commandId, context), context);
      default:
        return makeFault(faultCodes.unsupportedAction, 'A PowerShell session does not serve this.');
    }
  }

  #command(id: string, title: string, payload: Uint8Array): ServedReply {
    if (this.#pool.find(id)) return makeFault(faultCodes.commandIdTaken, 'A command with this id exists already.');
    this.#titles.set(id.toLowerCase(), title);
    this.#pool.begin(id);
    this.#pool.feed(payload, id.toLowerCase(), 'default');
    return { kind: 'command-accepted', commandId: id };
  }

  /** Stops a pipeline, or forgets a command. */
  #signal(commandId: string, code: string): ServedReply {
    const command = this.#pool.find(commandId);
    if (!command) return unknownCommand();
    // PowerShell compares its own code ordinally; whatever else closes the command without a Stopped state.
    if (code === signalCodes.stop) this.#pool.stop(command);
    else {
      this.#pool.forget(command);
      this.#done.delete(commandId.toLowerCase());
      this.#titles.delete(commandId.toLowerCase());
    }
    return { kind: 'signalled' };
  }

  #disconnect(request: ShellRequest & { readonly kind: 'disconnect' }, session: string): ServedReply {
    const refusal = this.#connection.disconnect(session, request.bufferMode);
    if (refusal) return refusal;
    const { shortestIdleTimeoutMs, recordsKept } = this.#options;
    if (request.idleTimeoutMs !== undefined)
      this.#life.idleTimeoutMs = Math.max(request.idleTimeoutMs, shortestIdleTimeoutMs);
    if (this.#connection.bufferMode === 'Drop') this.#pool.keepOnly(recordsKept);
    this.#wait.wake();
    return { kind: 'disconnected' };
  }

  #rejoined(reply: ServedReply): ServedReply {
    this.#pool.keepOnly(Number.POSITIVE_INFINITY);
    return reply;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#life.end();
    this.#pool.close();
    this.#wait.wake();
    this.#onClose();
  }

  #take(commandId: string | undefined, { maxBytes, session }: OperationContext): ServedReply | undefined {
    if (this.#closed)
      return makeFault(
        faultCodes.aborted,
        'The I/O operation has been aborted because of either a thread exit or an application request.',
      );
    if (this.#connection.refuses(session))
      return makeFault(faultCodes.streamDisconnected, 'The stream is currently disconnected.');
    const key = commandId?.toLowerCase();
    const command = key === undefined ? undefined : this.#pool.find(key);
    if (key !== undefined && (!command || this.#done.has(key))) return unknownCommand();
    const target = command?.pipelineId ?? poolTarget;
    const bytes = this.#pool.dataToSend(target, maxBytes)?.bytes;
    const pieces = bytes ? [{ commandId, stream: 'stdout', payload: Buffer.from(bytes), end: false }] : [];
    if (!command || key === undefined) return bytes ? { kind: 'received', pieces, commandState: undefined } : undefined;
    const isDone = !command.live && !this.#pool.pendingTargets().includes(target);
    if (isDone) this.#done.add(key);
    if (!bytes && !isDone) return undefined;
    return { kind: 'received', pieces, commandState: { commandId: command.id, state: isDone ? 'done' : 'running' } };
  }
}

function unknownCommand(): ServedReply {
  return makeFault(
    faultCodes.invalidSelectors,
    'The Windows Remote Shell received a request to perform an operation on a command identifier that does not exist.',
  );
}
