import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { poolTarget } from '../../remote/protocol/psrp/outbox.ts';
import { StdioServer, type StdioServerEvent } from '../../remote/protocol/stdio/stdio-server.ts';
import { LabPool } from './lab-pool.ts';
import type { HostRunspace } from './runspace-host.ts';

/** Bytes of a fragment, as .NET's remoting cuts them. */
const fragmentBytes = 32_768;

/**
 * Serves one runspace over a process's standard streams, as `pwsh -s` does; resolves when the client has closed the session, its stream is
 * at its end, or the host's process has ended.
 * @throws Failure `protocol-error` for what the protocol does not allow
 */
export async function serveStdio(host: HostRunspace, input: Readable, output: Writable): Promise<void> {
  const session = new StdioSession(host, output);
  try {
    await Promise.race([session.take(input), host.killed]);
  } finally {
    session.close();
  }
}

class StdioSession {
  readonly #pool: LabPool;
  readonly #wire = new StdioServer();
  readonly #output: Writable;
  /** A client's wish to end the session; it waits until all pipelines are closed. */
  #ending: StdioServerEvent | undefined;
  #ended = false;

  constructor(host: HostRunspace, output: Writable) {
    this.#pool = new LabPool(host, () => this.#pump());
    this.#output = output;
  }

  async take(input: Readable): Promise<void> {
    for await (const bytes of input as AsyncIterable<Buffer>) {
      for (const event of this.#wire.receive(bytes)) this.#handle(event);
      await this.#flush();
      if (this.#ended) return;
    }
  }

  close(): void {
    this.#pool.close();
  }

  #handle(event: StdioServerEvent): void {
    const { kind, target } = event;
    if (kind === 'data') {
      // Bytes for a pipeline that is gone are taken and dropped: its client could not know.
      if (target === poolTarget || this.#pool.find(target)) this.#pool.feed(event.bytes, target, event.stream);
    } else if (kind === 'command') this.#pool.begin(target);
    else if (target === poolTarget) {
      this.#ending = event;
      return this.#endIfAlone();
    } else {
      const command = this.#pool.find(target);
      if (command && kind === 'close') this.#pool.forget(command);
      // PowerShell answers when the pipeline has stopped, behind its last state.
      else if (command) return this.#pool.stop(command, () => this.#acknowledge(event));
    }
    this.#acknowledge(event);
  }

  #acknowledge(event: StdioServerEvent): void {
    this.#pump();
    this.#wire.acknowledge(event);
    this.#endIfAlone();
    void this.#flush();
  }

  #endIfAlone(): void {
    if (!this.#ending || this.#ended || this.#wire.hasPipelines) return;
    this.#ended = true;
    this.#pool.sayClosed();
    this.#wire.acknowledge(this.#ending);
  }

  #pump(): void {
    for (const target of this.#pool.pendingTargets()) {
      for (;;) {
        const chunk = this.#pool.dataToSend(target, fragmentBytes);
        if (!chunk) break;
        this.#wire.send(target, chunk.bytes);
      }
    }
    void this.#flush();
  }

  async #flush(): Promise<void> {
    const lines = this.#wire.linesToSend();
    if (lines !== '' && !this.#output.write(lines)) await once(this.#output, 'drain');
  }
}
