import { defineType, NetError, netError } from '../../../evaluator/define.ts';
import type { CallContext, Task } from '../../../evaluator/host.ts';
import { newObject, stateOf } from '../../../evaluator/make.ts';
import type { ScriptBlock } from '../../../evaluator/script-block.ts';
import type { TypeDefinition } from '../../../evaluator/type-definition.ts';
import type { Value } from '../../../evaluator/value.ts';
import type { Certificate } from '../../machine/network/site.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { socketError } from './ip-address.ts';
import { certificateObject } from './web-request.ts';

type Client = { host: string; port: number; address: string | undefined; connected: boolean };
/** A connection under way: how it will end, and after how many ms. */
type Attempt = { readonly client: Client; readonly error: NetError | undefined; readonly ms: number; over: boolean };

const begin = (client: Client, args: readonly Value[], context: CallContext): Attempt => {
  const { machine } = actorOf(context);
  client.host = context.text(args[0]);
  client.port = Number(context.text(args[1]));
  const found = machine.network.resolve(client.host);
  if (found.kind !== 'found')
    return {
      client,
      ms: found.kind === 'silent' ? 12_000 : 20,
      over: false,
      error: socketError(11_001, 'No such host is known'),
    };
  client.address = found.address;
  const tcp = machine.network.connect(found.address, client.port);
  const where = `${found.address}:${client.port}`;
  if (tcp === 'open') return { client, ms: 15, over: false, error: undefined };
  if (tcp === 'silent')
    return {
      client,
      ms: 21_000,
      over: false,
      error: socketError(
        10_060,
        `A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed because connected host has failed to respond ${where}`,
      ),
    };
  return {
    client,
    ms: 2000,
    over: false,
    error: socketError(10_061, `No connection could be made because the target machine actively refused it ${where}`),
  };
};

/** Waits for an attempt, at most so long. @returns whether it has ended */
function* finish(attempt: Attempt, limitMs: number, context: CallContext): Task<boolean> {
  if (attempt.over) return true;
  const { machine, pid } = actorOf(context);
  yield machine.clock.wait(pid, Math.min(attempt.ms, limitMs));
  if (attempt.ms > limitMs) return false;
  attempt.over = true;
  attempt.client.connected = attempt.error === undefined;
  return true;
}

const waitHandleType = defineType<Attempt>({
  name: 'System.Threading.ManualResetEvent',
  bases: ['System.Threading.WaitHandle'],
  methods: {
    *WaitOne(attempt, args, context) {
      return yield* finish(
        attempt,
        args.length === 0 ? Number.POSITIVE_INFINITY : Number(context.text(args[0])),
        context,
      );
    },
    Close: () => undefined,
    Dispose: () => undefined,
  },
});

const pendingType: TypeDefinition<Attempt> = defineType<Attempt>({
  name: 'System.Net.Sockets.ConnectTask',
  bases: ['System.Threading.Tasks.Task', 'System.IAsyncResult'],
  properties: {
    IsCompleted: { get: ({ over }) => over },
    IsFaulted: { get: ({ over, error }) => over && error !== undefined },
    AsyncWaitHandle: { get: (attempt) => newObject(waitHandleType, attempt) },
  },
  methods: {
    *Wait(attempt, args, context) {
      const limit = args.length === 0 ? Number.POSITIVE_INFINITY : Number(context.text(args[0]));
      const isOver = yield* finish(attempt, limit, context);
      if (isOver && attempt.error)
        throw netError('System.AggregateException', 'One or more errors occurred.', { inner: attempt.error.exception });
      return isOver;
    },
  },
});

const streamType = defineType<Client>({
  name: 'System.Net.Sockets.NetworkStream',
  bases: ['System.IO.Stream', 'System.MarshalByRefObject', 'System.IDisposable'],
  methods: { Close: () => undefined, Dispose: () => undefined },
});

/** System.Net.Sockets.TcpClient. */
const tcpClientType: TypeDefinition<Client> = defineType<Client>({
  name: 'System.Net.Sockets.TcpClient',
  bases: ['System.IDisposable'],
  properties: {
    Connected: { get: ({ connected }) => connected },
    ReceiveTimeout: { get: () => 0, set: () => undefined },
    SendTimeout: { get: () => 0, set: () => undefined },
  },
  methods: {
    *Connect(client, args, context) {
      const attempt = begin(client, args, context);
      yield* finish(attempt, Number.POSITIVE_INFINITY, context);
      if (attempt.error) throw attempt.error;
      return undefined;
    },
    ConnectAsync: (client, args, context) => newObject(pendingType, begin(client, args, context)),
    BeginConnect: (client, args, context) => newObject(pendingType, begin(client, args, context)),
    *EndConnect(_client, args, context) {
      const attempt = stateOf(args[0], pendingType);
      if (!attempt) return undefined;
      yield* finish(attempt, Number.POSITIVE_INFINITY, context);
      if (attempt.error) throw attempt.error;
      return undefined;
    },
    GetStream: (client) => {
      if (client.connected) return newObject(streamType, client);
      throw netError('System.InvalidOperationException', 'The operation is not allowed on non-connected sockets.');
    },
    Close: (client) => {
      client.connected = false;
      return undefined;
    },
    Dispose: (client) => {
      client.connected = false;
      return undefined;
    },
  },
  *construct(context, args) {
    const client: Client = { host: '', port: 0, address: undefined, connected: false };
    if (args.length === 2) {
      const attempt = begin(client, args, context);
      yield* finish(attempt, Number.POSITIVE_INFINITY, context);
      if (attempt.error) throw attempt.error;
    }
    return newObject(tcpClientType, client);
  },
});

type Secure = {
  readonly client: Client;
  readonly check: ScriptBlock | undefined;
  certificate: Certificate | undefined;
};

/** System.Net.Security.SslStream over a TcpClient's stream; a script block may judge the server's certificate. */
const sslStreamType: TypeDefinition<Secure> = defineType<Secure>({
  name: 'System.Net.Security.SslStream',
  bases: ['System.Net.Security.AuthenticatedStream', 'System.IO.Stream', 'System.IDisposable'],
  properties: {
    RemoteCertificate: { get: ({ certificate }) => certificateObject(certificate) },
    IsAuthenticated: { get: ({ certificate }) => certificate !== undefined },
    IsEncrypted: { get: ({ certificate }) => certificate !== undefined },
  },
  methods: {
    *AuthenticateAsClient(state, args, context) {
      const { machine, pid } = actorOf(context);
      const { address, port } = state.client;
      yield machine.clock.wait(pid, 40);
      const host = context.text(args[0]);
      const outcome = machine.network.handshake(address ?? '', port, host);
      if (outcome.certificate === undefined)
        throw netError('System.IO.IOException', 'The handshake failed due to an unexpected packet format.');
      const errors =
        outcome.problem === undefined
          ? 'None'
          : outcome.problem === 'name'
            ? 'RemoteCertificateNameMismatch'
            : 'RemoteCertificateChainErrors';
      const verdict = state.check
        ? yield* context.invoke(state.check, [null, certificateObject(outcome.certificate), null, errors])
        : [errors === 'None'];
      if (!context.isTrue(verdict.at(-1) ?? null))
        throw netError(
          'System.Security.Authentication.AuthenticationException',
          'The remote certificate is invalid according to the validation procedure.',
        );
      state.certificate = outcome.certificate;
      return undefined;
    },
    Close: () => undefined,
    Dispose: () => undefined,
  },
  construct: (context, args) => {
    const client = stateOf(args[0], streamType);
    if (!client) context.unsupported('an SslStream over something else than the stream of a TcpClient');
    const given = args[2];
    const check =
      given !== null && typeof given === 'object' && 'kind' in given && given.kind === 'scriptblock'
        ? given
        : undefined;
    return newObject(sslStreamType, { client: client!, check, certificate: undefined });
  },
});

/** A script block that judges a certificate; it stays the script block that it is. */
const certificateCheckType = defineType<never>({
  name: 'System.Net.Security.RemoteCertificateValidationCallback',
  convertFrom: (value) => value,
});

/** Connections below HTTP. */
export const socketTypes = [
  waitHandleType,
  pendingType,
  streamType,
  tcpClientType,
  sslStreamType,
  certificateCheckType,
] as const;
