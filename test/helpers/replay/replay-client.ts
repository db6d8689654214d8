import { randomUUID } from 'node:crypto';
import type { Failure } from '../../../src/kernel/failure.ts';
import { RunspacePoolClient } from '../../../src/remote/protocol/psrp/client.ts';
import type { ClientEvent } from '../../../src/remote/protocol/psrp/client-events.ts';
import type { Guid } from '../../../src/remote/protocol/psrp/guid.ts';
import { generateSessionKeyPair, type SessionKeyPair } from '../../../src/remote/protocol/psrp/session-key.ts';
import { protocolVersions } from '../../../src/remote/protocol/psrp/versions.ts';
import { signalCodes } from '../../../src/remote/protocol/wsman/namespaces.ts';
import type { WsmanReply } from '../../../src/remote/protocol/wsman/replies.ts';
import type { WsmanRequest } from '../../../src/remote/protocol/wsman/requests.ts';
import { envelopeBytesOf } from '../../../src/remote/protocol/wsman/service-settings.ts';
import type { WsmanSession } from '../../../src/remote/transport/winrm/wsman-session.ts';
import {
  adopt,
  commandOf,
  findLive,
  type LiveShell,
  leave,
  rejoin,
  say,
  speaker,
  tryAdvance,
  understand,
} from './live-shell.ts';
import { isPowerShell, type RecordedStep } from './recorded-steps.ts';
import { callAs, ReplaySessions } from './replay-sessions.ts';

/** What a step came to. */
export type StepResult = {
  readonly reply: WsmanReply | undefined;
  readonly failure: Failure | undefined;
  readonly events: readonly ClientEvent[];
  /** Whether nothing had to be sent, since earlier requests had room for all of it. */
  readonly nothingToSend: boolean;
};

let pair: SessionKeyPair | undefined;
/** One pair for all replays: making one takes a while. */
const keyPair = (): SessionKeyPair => (pair ??= generateSessionKeyPair());

/** Our client, led through a recorded conversation: it does what the recorded client did, with ids and bytes of its own. */
export class ReplayClient {
  readonly #sessions: ReplaySessions;
  readonly #shells = new Map<Guid, LiveShell>();

  constructor(port: number) {
    this.#sessions = new ReplaySessions(port);
  }

  /** Does what a step did. */
  async perform(step: RecordedStep): Promise<StepResult> {
    const { incoming } = step;
    if (!incoming) throw new Error(step.problem);
    const session = this.#sessions.of(incoming.header.sessionId ?? '');
    session.maxEnvelopeBytes = incoming.header.maxEnvelopeBytes ?? session.maxEnvelopeBytes;
    const requests = isPowerShell(incoming.request)
      ? this.#powershell(step, incoming.request, session)
      : [this.#plain(incoming.request)];
    let result: StepResult = { reply: undefined, failure: undefined, events: [], nothingToSend: true };
    for (const request of requests) {
      const { reply, failure } = await callAs(step, session, request);
      const events = reply ? this.#take(incoming.request, reply) : [];
      // The first request is the recorded one; what follows had no room in it.
      if (result.nothingToSend) result = { reply, failure, events, nothingToSend: false };
    }
    return result;
  }

  /** State of a pipeline of the recording, as our client sees it. */
  stateOf(shellId: Guid, commandId: Guid): string | undefined {
    const shell = this.#shells.get(shellId.toUpperCase());
    const command = shell?.commands.get(commandId.toUpperCase());
    return command && shell?.psrp?.pipelineState(command.pipelineId);
  }

  /** Phase of a pool of the recording, as our client sees it. */
  phaseOf(shellId: Guid): string | undefined {
    return this.#shells.get(shellId.toUpperCase())?.psrp?.phase;
  }

  close(): void {
    this.#sessions.close();
  }

  #shellOf(recorded: Guid): LiveShell {
    const key = recorded.toUpperCase();
    const shell = this.#shells.get(key) ?? { id: recorded, psrp: undefined, commands: new Map(), hostCalls: [] };
    this.#shells.set(key, shell);
    return shell;
  }

  /** A request without PSRP, with live ids. */
  #plain(request: WsmanRequest): WsmanRequest {
    if (request.kind === 'enumerate') {
      const { ShellId, ...others } = request.filter ?? {};
      return ShellId === undefined
        ? request
        : { ...request, filter: { ...others, ShellId: this.#shellOf(ShellId).id } };
    }
    if (!('shellId' in request) || request.shellId === undefined || request.kind === 'create-cmd') return request;
    const shell = this.#shellOf(request.shellId);
    const located = { ...request, shellId: shell.id };
    if (!('commandId' in located) || located.commandId === undefined || located.kind === 'run') return located;
    return { ...located, commandId: commandOf(shell, located.commandId).id };
  }

  #powershell(step: RecordedStep, request: WsmanRequest, session: WsmanSession): WsmanRequest[] {
    switch (request.kind) {
      case 'create':
      case 'connect':
        return this.#open(step, request, session);
      case 'command': {
        const shell = this.#shellOf(request.shellId);
        const pipelineId = randomUUID();
        const recordedPipelineId = step.begins[0]?.message.pipelineId ?? null;
        const command = { id: pipelineId.toUpperCase(), pipelineId, recordedPipelineId };
        shell.commands.set(request.commandId.toUpperCase(), command);
        step.begins.forEach((said) => say(shell, said, pipelineId));
        const [payload = new Uint8Array(), ...more] = this.#chunks(shell, pipelineId, step, session);
        const commandId = pipelineId.toUpperCase();
        return [
          { ...request, shellId: shell.id, commandId, payload },
          ...more.map(
            (rest): WsmanRequest => ({
              ...request,
              kind: 'send',
              shellId: shell.id,
              commandId,
              stream: 'stdin',
              payload: rest,
            }),
          ),
        ];
      }
      case 'send': {
        const shell = this.#shellOf(request.shellId);
        const command = request.commandId === undefined ? speaker(shell, step) : commandOf(shell, request.commandId);
        step.begins.forEach((said) => say(shell, said, command?.pipelineId));
        const chunks = this.#chunks(shell, command?.pipelineId ?? 'pool', step, session);
        return chunks.map((payload) => ({ ...request, shellId: shell.id, commandId: command?.id, payload }));
      }
      case 'signal':
        return [this.#signal(request)];
      case 'disconnect':
        tryAdvance(this.#shellOf(request.shellId).psrp, 'disconnect');
        return [this.#plain(request)];
      case 'connect-command':
        adopt(this.#shellOf(request.shellId), request.commandId);
        return [this.#plain(request)];
      case 'delete':
        tryAdvance(this.#shellOf(request.shellId).psrp, 'close');
        return [this.#plain(request)];
      default:
        return [this.#plain(request)];
    }
  }

  #open(
    step: RecordedStep,
    request: WsmanRequest & { readonly kind: 'create' | 'connect' },
    session: WsmanSession,
  ): WsmanRequest[] {
    const known = this.#shells.get(request.shellId.toUpperCase());
    const says = step.begins.map(understand);
    const capability = says.find((said) => said.kind === 'capability');
    const asked = says.find((said) => said.kind === 'openRequested' || said.kind === 'connectRequested');
    const version = protocolVersions.find((candidate) => candidate === capability?.version);
    const id = request.kind === 'connect' ? (known?.psrp?.id ?? capability?.poolId ?? '') : randomUUID();
    const psrp = new RunspacePoolClient({
      ...(asked?.kind === 'openRequested' ? asked : {}),
      id,
      keyPair,
      answersHostCalls: true,
      ...(version === undefined ? {} : { protocolVersion: version }),
    });
    const shellId = request.kind === 'connect' ? (known?.id ?? request.shellId) : psrp.id.toUpperCase();
    const commands = request.kind === 'connect' ? (known?.commands ?? new Map()) : new Map();
    const shell: LiveShell = { id: shellId, psrp, commands, hostCalls: [] };
    this.#shells.set(request.shellId.toUpperCase(), shell);
    if (request.kind === 'create') psrp.open();
    else if (asked?.kind === 'connectRequested' && asked.minRunspaces !== null && asked.maxRunspaces !== null)
      psrp.connect({ minRunspaces: asked.minRunspaces, maxRunspaces: asked.maxRunspaces });
    else psrp.connect();
    const [first = new Uint8Array(), ...more] = this.#chunks(shell, 'pool', step, session);
    const { resourceUri } = request;
    return [
      request.kind === 'create'
        ? { ...request, shellId, creationXml: first }
        : { ...request, shellId, connectXml: first },
      ...more.map(
        (payload): WsmanRequest => ({
          kind: 'send',
          resourceUri,
          shellId,
          commandId: undefined,
          stream: 'stdin',
          payload,
        }),
      ),
    ];
  }

  /** What waits for a target, cut into requests: all of it, or a part where the recorded client went on in another request too. */
  #chunks(shell: LiveShell, target: string, step: RecordedStep, session: WsmanSession): Uint8Array[] {
    const recorded = step.incoming?.request;
    const length =
      recorded && 'payload' in recorded
        ? recorded.payload.length
        : recorded?.kind === 'create'
          ? recorded.creationXml.length
          : 0;
    const room = step.goesOn ? Math.max(30, Math.floor(length / 2)) : session.maxPayloadBytes;
    const chunks: Uint8Array[] = [];
    for (;;) {
      const chunk = shell.psrp?.dataToSend(target, room);
      if (!chunk) return chunks;
      chunks.push(chunk.bytes);
      if (step.goesOn) return chunks;
    }
  }

  #signal(request: WsmanRequest & { readonly kind: 'signal' }): WsmanRequest {
    const shell = this.#shellOf(request.shellId);
    const command = commandOf(shell, request.commandId);
    const located = { ...request, shellId: shell.id, commandId: command.id };
    if (!/ctrl_c$|crtl_c$/iu.test(request.code)) return located;
    if (shell.psrp?.pipelineState(command.pipelineId) !== undefined)
      shell.psrp.advancePipeline(command.pipelineId, 'stop');
    return { ...located, code: signalCodes.stop };
  }

  /** Hands a reply to our client; gives what it made of it. */
  #take(recorded: WsmanRequest, reply: WsmanReply): ClientEvent[] {
    if (reply.kind === 'created' && (recorded.kind === 'create' || recorded.kind === 'create-cmd')) {
      const { shellId } = reply.shell;
      const shell = this.#shellOf(recorded.shellId ?? shellId);
      shell.id = shellId;
      // Hosts before Windows 8 choose an id of their own; the recording goes on with that one.
      this.#shells.set(shellId.toUpperCase(), shell);
    }
    if (recorded.kind === 'get' && reply.kind === 'settings' && envelopeBytesOf(reply.settings) === undefined)
      throw new Error('the settings do not say how large an envelope may be');
    const shell =
      'shellId' in recorded && recorded.shellId ? this.#shells.get(recorded.shellId.toUpperCase()) : undefined;
    if (!shell) return [];
    if (reply.kind === 'command-accepted' && 'commandId' in recorded && recorded.commandId !== undefined) {
      const command = commandOf(shell, recorded.commandId);
      command.id = reply.commandId || command.id;
      // Hosts before Windows 8 choose an id of their own; the recording goes on with that one.
      shell.commands.set(command.id.toUpperCase(), command);
    }
    const { psrp } = shell;
    if (!psrp) return [];
    if (reply.kind === 'disconnected') leave(shell, psrp);
    if (reply.kind === 'reconnected' || (reply.kind === 'fault' && recorded.kind === 'disconnect')) rejoin(shell, psrp);
    if (reply.kind === 'deleted') tryAdvance(psrp, 'closed');
    const events = this.#receive(shell, psrp, reply);
    for (const event of events) if (event.kind === 'hostCall' && !event.answered) shell.hostCalls.push(event.call);
    return events;
  }

  #receive(shell: LiveShell, psrp: RunspacePoolClient, reply: WsmanReply): ClientEvent[] {
    if (reply.kind === 'connected') return reply.connectResponseXml ? psrp.receive(reply.connectResponseXml) : [];
    if (reply.kind !== 'received') return [];
    return reply.pieces.flatMap(({ commandId, payload }) => {
      if (commandId === undefined) return psrp.receive(payload);
      // What other clients began is heard of without having been asked to join.
      if (!findLive(shell, commandId)) adopt(shell, commandId);
      return psrp.receive(payload, findLive(shell, commandId)?.pipelineId);
    });
  }
}
