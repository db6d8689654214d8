import { defineType, NetError, netError } from '../../../evaluator/define.ts';
import type { CallContext } from '../../../evaluator/host.ts';
import { customObject, enumValue, localFromUnixMs, newObject, stateOf } from '../../../evaluator/make.ts';
import type { TypeDefinition } from '../../../evaluator/type-definition.ts';
import type { Value } from '../../../evaluator/value.ts';
import type { WebOutcome } from '../../machine/network/network.ts';
import { type ProxySetting, proxyFor, winInetProxy } from '../../machine/network/proxy-settings.ts';
import type { Certificate } from '../../machine/network/site.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { responseStream } from './response-stream.ts';
import { durationOf, httpStatusEnum, reasonOf, webException } from './web-fault.ts';

type Proxy = { readonly setting: ProxySetting | undefined };

/** The proxy that programs of the calling account use by themselves. */
export const systemProxy = (context: CallContext): Proxy => {
  const { machine, process } = actorOf(context);
  return { setting: winInetProxy(machine.registry, process.account.sid) };
};

/** System.Net.WebProxy, and what GetSystemWebProxy gives. */
export const webProxyType: TypeDefinition<Proxy> = defineType<Proxy>({
  name: 'System.Net.WebProxy',
  bases: ['System.Net.IWebProxy'],
  properties: {
    Address: { get: ({ setting }, context) => (setting ? context.convert(`http://${setting.server}/`, 'uri') : null) },
    BypassProxyOnLocal: { get: ({ setting }) => setting?.bypass.includes('<local>') ?? false },
  },
  methods: {
    GetProxy: ({ setting }, args, context) => {
      const url = new URL(context.text(args[0]));
      const proxy = proxyFor(setting, url);
      return context.convert(proxy ? `http://${proxy.host}:${proxy.port}/` : url.href, 'uri');
    },
    IsBypassed: ({ setting }, args, context) => proxyFor(setting, new URL(context.text(args[0]))) === undefined,
  },
  construct: (context, args) =>
    newObject(webProxyType, {
      setting:
        args.length === 0
          ? undefined
          : {
              server: context
                .text(args[0])
                .replace(/^\w+:\/\//, '')
                .replace(/\/$/, ''),
              bypass: args.length > 1 && context.isTrue(args[1]) ? '<local>' : '',
            },
    }),
});

const certificateType = defineType<Certificate>({
  name: 'System.Security.Cryptography.X509Certificates.X509Certificate2',
  bases: ['System.Security.Cryptography.X509Certificates.X509Certificate'],
  properties: {
    Subject: { get: ({ subject }) => subject },
    Issuer: { get: ({ issuer }) => issuer },
    NotBefore: {
      get: ({ notBeforeMs }, context) => localFromUnixMs(notBeforeMs, context.hooks.utcOffsetMinutes(notBeforeMs)),
    },
    NotAfter: {
      get: ({ notAfterMs }, context) => localFromUnixMs(notAfterMs, context.hooks.utcOffsetMinutes(notAfterMs)),
    },
  },
  methods: { GetName: ({ subject }) => subject, GetIssuerName: ({ issuer }) => issuer, Dispose: () => undefined },
});

/** A certificate as scripts see it. */
export const certificateObject = (certificate: Certificate | undefined): Value =>
  certificate ? newObject(certificateType, certificate) : null;

type Response = { readonly status: number; readonly url: string; readonly text: string; readonly stream: Value };

const responseType = defineType<Response>({
  name: 'System.Net.HttpWebResponse',
  bases: ['System.Net.WebResponse', 'System.MarshalByRefObject', 'System.IDisposable'],
  properties: {
    StatusCode: { get: ({ status }) => enumValue(httpStatusEnum, status) },
    StatusDescription: { get: ({ status }) => reasonOf(status) },
    ResponseUri: { get: ({ url }, context) => context.convert(url, 'uri') },
    ContentLength: { get: ({ text }) => text.length },
    ContentType: { get: ({ text }) => (text === '' ? '' : 'text/html') },
    Headers: { get: () => customObject({}, ['System.Net.WebHeaderCollection']) },
  },
  methods: { GetResponseStream: ({ stream }) => stream, Close: () => undefined, Dispose: () => undefined },
});

/** An answer as object; `isRead`: whoever gives it has read its content to the end. */
export const responseObject = (status: number, url: string, text = '', isRead = false): Value =>
  newObject(responseType, { status, url, text, stream: responseStream(text, isRead) });

type Request = {
  readonly url: URL;
  method: string;
  timeoutMs: number;
  proxy: Proxy | null;
  /** Name in the head `Host`, where it is another than that of the URL. */
  host: string | undefined;
  readonly rest: Map<string, Value>;
  outcome: WebOutcome | undefined;
};

const kept = (name: string, initial: Value) => ({
  get: (state: Request): Value => state.rest.get(name) ?? initial,
  set: (state: Request, value: Value): void => void state.rest.set(name, value),
});

const requestType: TypeDefinition<Request> = defineType<Request>({
  name: 'System.Net.HttpWebRequest',
  bases: ['System.Net.WebRequest', 'System.MarshalByRefObject'],
  properties: {
    RequestUri: { get: ({ url }, context) => context.convert(url.href, 'uri') },
    Method: { get: ({ method }) => method, set: (state, value, context) => void (state.method = context.text(value)) },
    Timeout: {
      get: ({ timeoutMs }) => timeoutMs,
      set: (state, value, context) => void (state.timeoutMs = Number(context.text(value))),
    },
    Proxy: {
      get: ({ proxy }) => (proxy ? newObject(webProxyType, proxy) : null),
      set: (state, value) => void (state.proxy = stateOf(value, webProxyType) ?? null),
    },
    AllowAutoRedirect: kept('AllowAutoRedirect', true),
    KeepAlive: kept('KeepAlive', true),
    UserAgent: kept('UserAgent', null),
    Host: {
      get: ({ host, url }) => host ?? url.host,
      set: (state, value, context) => void (state.host = context.text(value)),
    },
    ReadWriteTimeout: kept('ReadWriteTimeout', 300_000),
    UseDefaultCredentials: kept('UseDefaultCredentials', false),
    ServicePoint: {
      get: ({ outcome, url }, context) =>
        customObject(
          {
            Address: context.convert(url.href, 'uri'),
            Certificate:
              outcome?.kind === 'untrusted' || outcome?.kind === 'answer'
                ? certificateObject(outcome.certificate)
                : null,
          },
          ['System.Net.ServicePoint'],
        ),
    },
  },
  methods: {
    *GetResponse(state, _args, context) {
      const { machine, pid } = actorOf(context);
      const outcome = machine.network.request(state.url, state.proxy?.setting, {
        method: state.method,
        ...(state.host === undefined ? {} : { host: state.host }),
      });
      state.outcome = outcome;
      yield machine.clock.wait(pid, durationOf(outcome, state.timeoutMs));
      const { url } = state;
      const fault = webException(outcome, (status, page) => responseObject(status, url.href, page));
      if (fault) throw new NetError(fault);
      return outcome.kind === 'answer' ? responseObject(outcome.status, url.href, outcome.page) : null;
    },
    Abort: () => undefined,
  },
});

const create = (context: CallContext, text: string): Value => {
  if (!URL.canParse(text))
    throw netError('System.UriFormatException', 'Invalid URI: The format of the URI could not be determined.');
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) context.unsupported(`a WebRequest of ${url.protocol}`);
  return newObject(requestType, {
    url,
    method: 'GET',
    timeoutMs: 100_000,
    proxy: systemProxy(context),
    host: undefined,
    rest: new Map(),
    outcome: undefined,
  });
};

const proxyStatics = {
  DefaultWebProxy: { get: (context: CallContext) => newObject(webProxyType, systemProxy(context)) },
};
const createStatics = {
  Create: (args: Value[], context: CallContext) => create(context, context.text(args[0])),
  CreateHttp: (args: Value[], context: CallContext) => create(context, context.text(args[0])),
  GetSystemWebProxy: (_args: Value[], context: CallContext) => newObject(webProxyType, systemProxy(context)),
};

const webRequestType = defineType<never>({
  name: 'System.Net.WebRequest',
  statics: { properties: proxyStatics, methods: createStatics },
});
const httpRequestType: TypeDefinition<Request> = {
  ...requestType,
  statics: { properties: proxyStatics, methods: createStatics },
};

const protocols = new WeakMap<object, Value>();
const pointManagerType = defineType<never>({
  name: 'System.Net.ServicePointManager',
  statics: {
    properties: {
      // SystemDefault until a script says otherwise; servers of the lab take any.
      SecurityProtocol: {
        get: (context) => protocols.get(context.hooks) ?? 0,
        set: (value, context) => void protocols.set(context.hooks, value),
      },
    },
  },
});

/** Requests, answers, proxies, certificates. */
export const webTypes = [
  webProxyType,
  certificateType,
  responseType,
  httpRequestType,
  webRequestType,
  pointManagerType,
] as const;
