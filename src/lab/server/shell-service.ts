import { randomUUID } from 'node:crypto';
import { Failure } from '../../kernel/failure.ts';
import { decodeRequest, type IncomingRequest } from '../../remote/protocol/wsman/decode-request.ts';
import type { ServedReply } from '../../remote/protocol/wsman/encode-reply.ts';
import { makeFault, type WsmanFault } from '../../remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../remote/protocol/wsman/fault-codes.ts';
import { powershellResource } from '../../remote/protocol/wsman/namespaces.ts';
import type { CreateCmdRequest, CreateRequest, WsmanRequest } from '../../remote/protocol/wsman/requests.ts';
import { encodeNotice, type Notice, type RobustMark } from '../../remote/protocol/wsman/robust.ts';
import type { CmdHost } from './cmd-host.ts';
import type { Caller } from './connection-login.ts';
import {
  defaultConfiguration,
  type EndpointLimits,
  type SessionConfiguration,
  type WinRmEndpointOptions,
  windowsLimits,
} from './endpoint-options.ts';
import { openCmdShell, openSession } from './make-shell.ts';
import { RobustOperations } from './robust-operations.ts';
import type { ServedShell, ShellRequest } from './served-shell.ts';
import { ServiceReads, unknownResource, unknownShell } from './service-reads.ts';
import { tooManyShells } from './too-many-shells.ts';

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
  readonly #shells = new Map<string, ServedShell>();
  readonly #reads: ServiceReads;
  readonly #operations: RobustOperations;
  /** Operations under way, by account. */
  readonly #underWay = new Map<string, number>();

  constructor(options: WinRmEndpointOptions) {
    this.#options = options;
    this.#limits = { ...windowsLimits, ...options.limits };
    this.#reads = new ServiceReads(this.#shells, this.#limits);
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
    const { request } = incoming;
    if (request.kind === 'identify') return identity;
    const { account } = asker.caller;
    const underWay = this.#underWay.get(account) ?? 0;
    if (adds.has(request.kind) && underWay + this.#heldBy(account) >= this.#limits.operationsPerUser)
      return tooManyOperations(this.#limits.operationsPerUser);
    this.#underWay.set(account, underWay + 1);
    try {
      return await this.#perform(incoming, asker);
    } finally {
      this.#underWay.set(account, (this.#underWay.get(account) ?? 1) - 1);
    }
  }

  #heldBy(account: string): number {
    return this.#shellsOf(account).reduce((sum, shell) => sum + shell.heldOperations, 0);
  }

  #shellsOf(account: string): ServedShell[] {
    return Array.from(this.#shells.values()).filter((shell) => shell.owner === account);
  }

  #perform(incoming: IncomingRequest, asker: Asker): ServedReply | Promise<ServedReply | undefined> {
    const { request, header } = incoming;
    switch (request.kind) {
      case 'identify':
        return identity;
      case 'create':
      case 'create-cmd':
        return this.#create(request, header.sessionId ?? '', asker);
      case 'enumerate':
      case 'pull':
      case 'get':
        return asker.caller.administrator ? this.#reads.answer(request) : accessDenied();
      default:
        return this.#onShell(request, incoming, asker);
    }
  }

  #onShell(
    request: ShellRequest,
    incoming: IncomingRequest,
    asker: Asker,
  ): ServedReply | Promise<ServedReply | undefined> {
    const { header } = incoming;
    const shell = this.#shells.get(request.shellId.toLowerCase());
    if (!shell) return unknownShell();
    if (shell.owner !== asker.caller.account) return accessDenied();
    const begins = request.kind === 'command' || request.kind === 'run';
    if (begins && shell.commandCount >= this.#limits.commandsPerShell) return tooManyCommands();
    const envelope = Math.min(header.maxEnvelopeBytes ?? 153_600, this.#limits.envelopeBytes);
    return shell.answer(request, {
      timeoutMs: this.#timeoutOf(incoming),
      maxBytes: Math.max(1_024, Math.floor(((envelope - envelopeReserveBytes) * 3) / 4)),
      gone: asker.gone,
      session: header.sessionId ?? '',
    });
  }

  #create(request: CreateRequest | CreateCmdRequest, session: string, asker: Asker): ServedReply {
    const { caller } = asker;
    const configuration = request.kind === 'create' ? this.#configurationOf(request) : undefined;
    if (configuration ? !configuration.admits(caller) : request.kind === 'create-cmd' && !caller.administrator)
      return accessDenied();
    if (request.kind === 'create' ? !configuration : !this.#options.cmdHost) return unknownResource();
    if (this.#shellsOf(caller.account).length >= this.#limits.shellsPerUser || this.#options.refusesSession?.()) {
      return tooManyShells(this.#limits.shellsPerUser);
    }
    const shellId = request.shellId || randomUUID().toUpperCase();
    if (this.#shells.has(shellId.toLowerCase()))
      return makeFault(faultCodes.shellIdTaken, 'A shell with this id exists already.');
    const shell = this.#open(request, { session, configuration: configuration?.name ?? '' }, asker, shellId);
    return { kind: 'created', shell: shell.describe(), to: asker.url };
  }

  #open(
    request: CreateRequest | CreateCmdRequest,
    how: { readonly session: string; readonly configuration: string },
    { caller, clientIp }: Asker,
    shellId: string,
  ): ServedShell {
    const { resourceUri, name } = request;
    const { runspaceHost, cmdHost } = this.#options;
    const facts = { shellId, resourceUri, owner: caller.account, clientIp, ...(name === undefined ? {} : { name }) };
    const forget = () => this.#shells.delete(shellId.toLowerCase());
    const shell =
      request.kind === 'create'
        ? openSession(request, facts, how, runspaceHost, this.#limits, forget)
        : openCmdShell(request, facts, cmdHost ?? noCmdHost, this.#limits, forget);
    this.#shells.set(shellId.toLowerCase(), shell);
    return shell;
  }

  #configurationOf({ resourceUri }: CreateRequest): SessionConfiguration | undefined {
    return [defaultConfiguration, ...(this.#options.configurations ?? [])].find(
      ({ name }) => powershellResource(name).toLowerCase() === resourceUri.toLowerCase(),
    );
  }
}

/** Stands where a host offers no cmd shells; those are refused before. */
const noCmdHost: CmdHost = {
  openCmdShell: () => {
    throw new Error('there are no cmd shells');
  },
};

/** Requests that add to what an account holds; what gives up something is always served. */
const adds: ReadonlySet<WsmanRequest['kind']> = new Set(['create', 'create-cmd', 'command', 'run', 'receive', 'send']);

const identity: ServedReply = {
  kind: 'identified',
  productVendor: 'Microsoft Corporation',
  productVersion: 'OS: 0.0.0 SP: 0.0 Stack: 3.0',
};

function accessDenied(): WsmanFault {
  return makeFault(faultCodes.accessDenied, 'Access is denied.');
}

function tooManyCommands(): WsmanFault {
  return makeFault(faultCodes.tooManyCommands, 'The maximum number of concurrent commands of the shell is exceeded.');
}

function tooManyOperations(limit: number): WsmanFault {
  return makeFault(
    faultCodes.tooManyOperations,
    `This user is allowed a maximum number of ${limit} concurrent operations, which has been exceeded.`,
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
