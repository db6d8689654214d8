import { defineType } from '../../../evaluator/define.ts';
import { Hashtable } from '../../../evaluator/hashtable.ts';
import type { CommandContext, ErrorSpec } from '../../../evaluator/host.ts';
import { exception, newObject } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import type { Machine } from '../../machine/machine.ts';
import { answerRequest, type WebAnswer } from '../../machine/web/web-request.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';

/** What a page says of its headers. */
const headersOf = (answer: WebAnswer): Hashtable =>
  Hashtable.of({
    'Content-Length': String(Buffer.byteLength(answer.body)),
    'Content-Type': answer.contentType,
    Server: answer.server,
  });

/** Microsoft.PowerShell.Commands.BasicHtmlWebResponseObject. */
export const pageType = defineType<WebAnswer>({
  name: 'Microsoft.PowerShell.Commands.BasicHtmlWebResponseObject',
  bases: ['Microsoft.PowerShell.Commands.WebResponseObject'],
  properties: {
    Content: { get: ({ body }) => body },
    StatusCode: { get: ({ status }) => status },
    StatusDescription: { get: ({ reason }) => reason },
    Headers: { get: headersOf },
    RawContentLength: { get: ({ body }) => Buffer.byteLength(body) },
    RawContent: {
      get: (answer) => `HTTP/1.1 ${answer.status} ${answer.reason}\r\n\r\n${answer.body}`,
    },
  },
});

/** System.Net.HttpWebResponse, as the exception of a refused request holds it. */
export const responseType = defineType<WebAnswer>({
  name: 'System.Net.HttpWebResponse',
  bases: ['System.Net.WebResponse'],
  properties: {
    StatusCode: { get: ({ status }) => status },
    StatusDescription: { get: ({ reason }) => reason },
    Headers: { get: headersOf },
    ContentType: { get: ({ contentType }) => contentType },
    Server: { get: ({ server }) => server },
  },
  methods: { Close: () => undefined, Dispose: () => undefined },
});

const webException = (message: string, status: string, response: Value): ErrorSpec => ({
  id: 'WebCmdletWebResponseException',
  message,
  category: 'InvalidOperation',
  exception: exception('System.Net.WebException', message, {
    hresult: 0x80131509,
    properties: { Status: status, Response: response },
  }),
});

/** Whether a name means this machine. */
const isOwn = (machine: Machine, name: string): boolean =>
  ['localhost', '127.0.0.1', '[::1]', machine.name.toLowerCase()].includes(name.toLowerCase());

const headerOf = (context: CommandContext, table: Value, name: string): string | undefined =>
  table instanceof Hashtable && table.has(name) ? context.text(table.get(name)) : undefined;

/** Invoke-WebRequest, for what this machine answers itself. */
export const invokeWebRequest = command('Invoke-WebRequest', {
  className: 'Microsoft.PowerShell.Commands.InvokeWebRequestCommand',
  aliases: ['iwr', 'curl', 'wget'],
  pipeline: { Body: 'value' },
  parameterAliases: { SessionVariable: ['SV'] },
  simulated: [
    'Uri',
    'UseBasicParsing',
    'TimeoutSec',
    'Headers',
    'Method',
    'UserAgent',
    'DisableKeepAlive',
    'UseDefaultCredentials',
    'MaximumRedirection',
  ],
  process(context, bound) {
    const { machine } = actorOf(context);
    const text = context.text(bound.get('Uri'));
    const url = new URL(/^\w+:\/\//.test(text) ? text : `http://${text}`);
    if (!isOwn(machine, url.hostname)) return context.unsupported(`a web request to ${url.hostname}`);
    const host = headerOf(context, bound.get('Headers'), 'Host') ?? url.hostname;
    const method = bound.has('Method') ? context.text(bound.get('Method')).toUpperCase() : 'GET';
    const answer = answerRequest(machine, { url, host, method: method === 'DEFAULT' ? 'GET' : method });
    if (!answer) return context.fail(webException('Unable to connect to the remote server', 'ConnectFailure', null));
    if (answer.status >= 400)
      return context.fail(
        webException(
          `The remote server returned an error: (${answer.status}) ${answer.reason}.`,
          'ProtocolError',
          newObject(responseType, answer),
        ),
      );
    context.write(newObject(pageType, answer));
    return undefined;
  },
});
