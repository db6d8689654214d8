import { makeFault, type WsmanFault } from '../../remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../remote/protocol/wsman/fault-codes.ts';

/** What happens to output that a disconnected client does not take. */
export type BufferMode = 'Block' | 'Drop';

/**
 * Which client session a PowerShell shell is connected to (MS-WSMV 3.1.4.13 to .15). A client session is told by the SessionId of its
 * requests; one that left can come back by Reconnect, any other must Connect while nobody holds the shell.
 */
export class ShellConnection {
  #session: string;
  #state: 'Connected' | 'Disconnected' = 'Connected';
  #bufferMode: BufferMode = 'Block';

  constructor(session: string) {
    this.#session = session;
  }

  get state(): 'Connected' | 'Disconnected' {
    return this.#state;
  }

  get bufferMode(): BufferMode {
    return this.#bufferMode;
  }

  /** The fault that answers an operation of a client session which does not hold the shell now. */
  refuses(session: string): WsmanFault | undefined {
    if (this.#state === 'Disconnected') return fault('shellDisconnected', 'The shell is disconnected.');
    if (session !== this.#session) return fault('shellInUse', 'The shell is connected to a different client.');
    return undefined;
  }

  /** A client session lets go. */
  disconnect(session: string, bufferMode: BufferMode | undefined): WsmanFault | undefined {
    const refusal = this.refuses(session);
    if (refusal) return refusal;
    this.#state = 'Disconnected';
    this.#bufferMode = bufferMode ?? 'Block';
    return undefined;
  }

  /** The client session that let go is back; one that never did may say so too. */
  reconnect(session: string): WsmanFault | undefined {
    if (session !== this.#session)
      return this.#state === 'Connected'
        ? fault('shellInUse', 'The shell is connected to a different client.')
        : fault('sessionMismatch', 'The session id of the client does not match that of the shell.');
    this.#take(session);
    return undefined;
  }

  /** Any client session takes a shell that nobody holds. */
  connect(session: string): WsmanFault | undefined {
    if (this.#state === 'Connected' && session !== this.#session)
      return fault('shellInUse', 'The shell is connected to a different client.');
    this.#take(session);
    return undefined;
  }

  #take(session: string): void {
    this.#session = session;
    this.#state = 'Connected';
    this.#bufferMode = 'Block';
  }
}

const fault = (name: 'shellDisconnected' | 'shellInUse' | 'sessionMismatch', reason: string): WsmanFault =>
  makeFault(faultCodes[name], `The WS-Management service cannot process the request. ${reason}`);
