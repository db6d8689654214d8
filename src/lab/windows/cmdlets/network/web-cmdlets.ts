import { Hashtable } from '../../../evaluator/hashtable.ts';
import { customObject, exception } from '../../../evaluator/make.ts';
import { systemPid } from '../../machine/change-feed.ts';
import { absolutePath } from '../../machine/files/paths.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { durationOf, reasonOf, webException } from '../../types/network/web-fault.ts';
import { responseObject, systemProxy } from '../../types/network/web-request.ts';
import { command } from '../command-syntax.ts';

const invokeWebRequest = command('Invoke-WebRequest', {
  className: 'Microsoft.PowerShell.Commands.InvokeWebRequestCommand',
  aliases: ['iwr', 'curl', 'wget'],
  pipeline: { Body: 'value' },
  simulated: [
    'Uri',
    'UseBasicParsing',
    'Method',
    'TimeoutSec',
    'Proxy',
    'UserAgent',
    'UseDefaultCredentials',
    'MaximumRedirection',
    'OutFile',
    'PassThru',
    'DisableKeepAlive',
    'Headers',
  ],
  // Without it Windows PowerShell 5.1 reads the page with Internet Explorer's engine.
  outsideCall: (given) => (given.flag('UseBasicParsing') ? undefined : 'Invoke-WebRequest without -UseBasicParsing'),
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const text = context.text(bound.get('Uri'));
    const url = new URL(/^\w+:\/\//.test(text) ? text : `http://${text}`);
    const proxy = bound.has('Proxy')
      ? {
          server: context
            .text(bound.get('Proxy'))
            .replace(/^\w+:\/\//, '')
            .replace(/\/$/, ''),
          bypass: '',
        }
      : systemProxy(context).setting;
    const headers = bound.get('Headers');
    const host = headers instanceof Hashtable && headers.has('Host') ? context.text(headers.get('Host')) : url.hostname;
    const method = bound.has('Method') ? context.text(bound.get('Method')).toUpperCase() : 'GET';
    const outcome = machine.network.request(url, proxy, { host, method: method === 'DEFAULT' ? 'GET' : method });
    const limit = (bound.number('TimeoutSec') ?? 0) * 1000;
    yield machine.clock.wait(pid, durationOf(outcome, limit === 0 ? 100_000 : limit));
    // Windows PowerShell reads the page of a refusal to its end, for the details of the error.
    const fault = webException(outcome, (status, page) => responseObject(status, url.href, page, true));
    if (fault)
      return context.fail({
        id: 'WebCmdletWebResponseException',
        message: (outcome.kind === 'answer' && outcome.page) || fault.message,
        category: 'InvalidOperation',
        target: url.href,
        exception: fault,
      });
    if (outcome.kind !== 'answer')
      return context.fail({
        id: 'WebCmdletWebResponseException',
        message: 'no answer',
        category: 'InvalidOperation',
        exception: exception('System.Net.WebException', 'no answer'),
      });
    const content = outcome.page ?? '';
    const file = bound.text('OutFile');
    if (file !== undefined) {
      const path = absolutePath(/^[a-z]:|^\\/i.test(file) ? file : `${context.location}\\${file}`);
      yield machine.files.write(path, new Uint8Array(Buffer.from(content)), pid === systemPid ? systemPid : pid);
      if (!bound.flag('PassThru')) return undefined;
    }
    context.write(
      customObject(
        {
          StatusCode: outcome.status,
          StatusDescription: reasonOf(outcome.status),
          Content: content,
          RawContent: `HTTP/1.1 ${outcome.status} ${reasonOf(outcome.status)}\r\n\r\n${content}`,
          RawContentLength: content.length,
          Headers: customObject({}),
          BaseResponse: responseObject(outcome.status, url.href, content),
        },
        ['Microsoft.PowerShell.Commands.BasicHtmlWebResponseObject', 'Microsoft.PowerShell.Commands.WebResponseObject'],
      ),
    );
    return undefined;
  },
});

/** Invoke-WebRequest. */
export const webCmdlets = [invokeWebRequest];
