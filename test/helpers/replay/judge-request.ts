import type { IncomingRequest } from '../../../src/remote/protocol/wsman/decode-request.ts';
import { resources } from '../../../src/remote/protocol/wsman/namespaces.ts';
import { isPowerShell } from './recorded-steps.ts';

/** What differs in meaning between a recorded request and ours, apart from ids and the messages inside; undefined if nothing does. */
export function judgeRequest(recorded: IncomingRequest, sent: IncomingRequest): string | undefined {
  const [left, right] = [factsOf(recorded), factsOf(sent)];
  return left === right ? undefined : `recorded ${left}, our client sent ${right}`;
}

type Fields = { readonly [name: string]: unknown; readonly filter?: Readonly<Record<string, string>> };

/** Ids, and what is compared in another way or not at all. */
const apart = new Set(['shellId', 'commandId', 'payload', 'creationXml', 'connectXml', 'text', 'name', 'filter']);

function factsOf({ request, header }: IncomingRequest): string {
  const fields: Fields = { ...request };
  const { shellId, commandId, payload, name, filter } = fields;
  const rest = Object.fromEntries(Object.entries(fields).filter(([field]) => !apart.has(field)));
  const inPowerShell = isPowerShell(request);
  return JSON.stringify({
    ...rest,
    code: request.kind === 'signal' ? meaningOfSignal(request.code, request.resourceUri) : undefined,
    filter: Object.keys(filter ?? {}),
    onShell: request.kind !== 'create' && request.kind !== 'create-cmd' && Boolean(shellId),
    // Some clients answer the host calls of a pipeline on the pool's stream.
    onCommand: request.kind === 'send' && request.stream === 'pr' ? 'either' : commandId !== undefined,
    // PowerShell's sessions have names of our choice, and messages that are compared one by one.
    name: inPowerShell ? undefined : name,
    payload: inPowerShell ? undefined : payload,
    options: Array.from(header.options)
      .filter(([option]) => !(inPowerShell && option === 'WINRS_SKIP_CMD_SHELL'))
      .map(([option, value]) => `${option}=${value.toLowerCase()}`)
      .toSorted(),
  });
}

/** Codes that mean the same; a code outside of these is as it is. */
function meaningOfSignal(code: string, resourceUri: string): string {
  const last = code.replace(/^.*\//u, '').toLowerCase();
  if (last !== 'ctrl_c' && last !== 'crtl_c') return last;
  return resourceUri.toLowerCase() === resources.cmd ? 'interrupt' : 'stop';
}
