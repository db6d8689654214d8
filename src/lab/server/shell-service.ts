import { randomUUID } from 'node:crypto';
import { Failure } from '../../kernel/failure.ts';
import { decodeRequest, type IncomingRequest } from '../../remote/protocol/wsman/decode-request.ts';
import type { ServedReply } from '../../remote/protocol/wsman/encode-reply.ts';
import { makeFault, type WsmanFault } from '../../remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../remote/protocol/wsman/fault-codes.ts';
import { powershellResource } from '../../remote/protocol/wsman/namespaces.ts';
import type { WsmanRequest } from '../../remote/protocol/wsman/requests.ts';
import { encodeNotice, type Notice, type RobustMark } from '../../remote/protocol/wsman/robust.ts';
import type { Caller } from './connection-login.ts';
import {
  defaultConfiguration,
  type EndpointLimits,
  type WinRmEndpointOptions,
  windowsLimits,
} from './endpoint-options.ts';
import { LabShell } from './lab-shell.ts';
import { RobustOperations } from './robust-operations.ts';

/** Who asks, over which connection. */
export type Asker = {
  readonly caller: Caller;
  readonly clientIp: string;
  readonly url: string;
  readonly gone: AbortSignal;
  /** Identity of the connection. */
  readonly connection: object;
  /** Writes an envelope before the answer. */
  readonly notify: (envelope: string) => void;
};

/** A reply with the id of the message that it answers; undefined reply: the connection is to be cut. */
export type Answer = {
  readonly relatesTo: string | undefined;
  readonly reply: ServedReply | undefined;
  /** Of a marked request whose answer is kept. */
  readonly operationId?: string;
};

/** Room for the envelope around a reply's payload. */
const envelopeReserveBytes = 2_500;
/** Longest time without a sign of life to a client whose marked request is held. */
const longestSilenceMs = 60_000;
const neverGone = new AbortController().signal;

/** The shells of one simulated host. */
export class ShellService {
  readonly #options: WinRmEndpointOptions;
  readonly #limits: EndpointLimits;
  readonly #shells = new Map<string, LabShell>();
  readonly #operations: RobustOperations;

  constructor(options: WinRmEndpointOptions) {
    this.#options = options;
    this.#limits = { ...windowsLimits, ...options.limits };
    this.#operations = new RobustOperations(this.#limits.responseRetentionMs);
  }

  /** Answers one SOAP request. */
  async answer(text: string, asker: Asker): Promise<Answer> {
    let incoming: IncomingRequest;
    try {
      incoming = decodeRequest(text);
    } catch (error) {
      return { relatesTo: undefined, reply: faultOf(error) };
    }
    const relatesTo = incoming.header.messageId;
    const { robust } = incoming.header;
    if (robust && this.#options.robust !== false)
      return { relatesTo, operationId: robust.operationId, reply: await this.#answerRobust(robust, incoming, asker) };
    return { relatesTo, reply: await this.#answerOnce(incoming, asker) };
  }

  /** Answers a marked request; what is done for it goes on without its connection. */
  async #answerRobust(robust: RobustMark, incoming: IncomingRequest, asker: Asker): Promise<ServedReply | undefined> {
    const { operationId } = robust;
    const operation = this.#operations.take(robust, asker.connection, () =>
      this.#answerOnce(incoming, { ...asker, gone: neverGone }),
    );
    if (operation.kind === 'refused')
      return makeFault(faultCodes.invalidMessage, 'The operation id of the request is in use already.');
    const notify = (notice: Notice) =>
      asker.notify(encodeNotice(notice, { operationId, messageId: `uuid:${randomUUID().toUpperCase()}` }));
    if (operation.kind === 'repeated') notify('acknowledge');
    const alive = setInterval(() => notify('keepAlive'), Math.min(longestSilenceMs, 0.7 * this.#timeoutOf(incoming)));
    try {
      return await operation.reply;
    } finally {
      clearInterval(alive);
    }
  }

  async #answerOnce(incoming: IncomingRequest, asker: Asker): Promise<ServedReply | undefined> {
    try {
      return await this.#dispatch(incoming, asker);
    } catch (error) {
      return faultOf(error);
    }
  }

  /** A connection has ended. */
  disconnect(connection: object): void {
    this.#operations.disconnect(connection);
  }

  #timeoutOf({ header }: IncomingRequest): number {
    const { operationTimeoutMs } = this.#limits;
    return Math.min(header.operationTimeoutMs ?? operationTimeoutMs, operationTimeoutMs);
  }

  /** Ends all shells, and forgets what clients were owed. */
  close(): void {
    this.#operations.clear();
    for (const shell of this.#shells.values()) shell.close();
  }

  async #dispatch(incoming: IncomingRequest, asker: Asker): Promise<ServedReply | undefined> {
    const { request, header } = incoming;
    if (request.kind === 'identify') return identity;
    if (request.kind === 'create') return this.#create(request, asker);
    if (request.kind === 'enumerate' || request.kind === 'pull') {
      if (!asker.caller.administrator) return accessDenied();
      return {
        kind: 'shells',
        shells: Array.from(this.#shells.values(), (shell) => shell.description),
        enumerationContext: undefined,
      };
    }
    if (!('shellId' in request) || request.shellId === undefined || request.kind === 'create-cmd') return unserved();
    const shell = this.#shells.get(request.shellId.toLowerCase());
    if (!shell) return unknownShell();
    if (shell.description.owner !== asker.caller.account) return accessDenied();
    const envelope = Math.min(header.maxEnvelopeBytes ?? 153_600, this.#limits.envelopeBytes);
    const limits = {
      timeoutMs: this.#timeoutOf(incoming),
      maxBytes: Math.max(1_024, Math.floor(((envelope - envelopeReserveBytes) * 3) / 4)),
      gone: asker.gone,
    };
    return shell.use(() => this.#operate(shell, request, limits));
  }

  #operate(
    shell: LabShell,
    request: WsmanRequest,
    limits: Parameters<LabShell['receive']>[1],
  ): ServedReply | Promise<ServedReply | undefined> {
    switch (request.kind) {
      case 'command':
        if (shell.commandCount >= this.#limits.commandsPerShell) {
          return makeFault(
            faultCodes.tooManyCommands,
            'The maximum number of concurrent commands of the shell is exceeded.',
          );
        }
        return shell.command(request.commandId || randomUUID().toUpperCase(), request.payload);
      case 'send':
        return shell.send(request.commandId, request.payload, request.stream);
      case 'receive':
        return shell.receive(request.commandId, limits);
      case 'signal':
        return shell.signal(request.commandId, request.code);
      case 'delete':
        shell.close();
        return { kind: 'deleted' };
      default:
        return unserved();
    }
  }

  #create(request: Extract<WsmanRequest, { kind: 'create' }>, asker: Asker): ServedReply {
    const { account } = asker.caller;
    const configuration = [defaultConfiguration, ...(this.#options.configurations ?? [])].find(
      ({ name }) => powershellResource(name).toLowerCase() === request.resourceUri.toLowerCase(),
    );
    if (configuration?.admits(asker.caller) === false) return accessDenied();
    if (!configuration) {
      return makeFault(
        faultCodes.unknownResource,
        'The WS-Management service cannot process the request: the resource URI is not known.',
      );
    }
    const own = Array.from(this.#shells.values()).filter((shell) => shell.description.owner === account);
    if (own.length >= this.#limits.shellsPerUser) {
      return makeFault(
        faultCodes.tooManyShells,
        `This user is allowed a maximum number of ${this.#limits.shellsPerUser} concurrent shells.`,
      );
    }
    const shellId = request.shellId || randomUUID().toUpperCase();
    const key = shellId.toLowerCase();
    if (this.#shells.has(key)) return makeFault(faultCodes.shellIdTaken, 'A shell with this id exists already.');
    const host = this.#options.runspaceHost.openRunspace({
      shellId,
      configuration: configuration.name,
      user: account,
      logon: 'network',
    });
    const asked = request.idleTimeoutMs ?? this.#limits.idleTimeoutMs;
    const shell = new LabShell(
      {
        shellId,
        resourceUri: request.resourceUri,
        owner: account,
        clientIp: asker.clientIp,
        processId: host.processId,
        idleTimeoutMs: Math.max(asked, this.#limits.shortestIdleTimeoutMs),
        state: 'Connected',
        ...(request.name === undefined ? {} : { name: request.name }),
      },
      host,
      () => this.#shells.delete(key),
    );
    this.#shells.set(key, shell);
    try {
      shell.send(undefined, request.creationXml, 'stdin');
    } catch (error) {
      shell.close();
      throw error;
    }
    return { kind: 'created', shell: shell.description, to: asker.url };
  }
}

const identity: ServedReply = {
  kind: 'identified',
  productVendor: 'Microsoft Corporation',
  productVersion: 'OS: 0.0.0 SP: 0.0 Stack: 3.0',
};

function accessDenied(): WsmanFault {
  return makeFault(faultCodes.accessDenied, 'Access is denied.');
}

function unserved(): WsmanFault {
  return makeFault(faultCodes.unsupportedAction, 'The action is not served.');
}

function unknownShell(): WsmanFault {
  return makeFault(
    faultCodes.invalidSelectors,
    'The WS-Management service cannot process the request because the request contained invalid selectors for the resource.',
  );
}

function faultOf(error: unknown): WsmanFault {
  const reason = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Failure)) return makeFault(0x80070005, reason);
  return makeFault(
    error.facts['unsupported'] === true ? faultCodes.unsupportedAction : faultCodes.invalidMessage,
    reason,
  );
}
