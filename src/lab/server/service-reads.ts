import { randomUUID } from 'node:crypto';
import type { ServedReply } from '../../remote/protocol/wsman/encode-reply.ts';
import { makeFault, type WsmanFault } from '../../remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../remote/protocol/wsman/fault-codes.ts';
import { resources } from '../../remote/protocol/wsman/namespaces.ts';
import type { WsmanRequest } from '../../remote/protocol/wsman/requests.ts';
import type { Settings } from '../../remote/protocol/wsman/service-settings.ts';
import type { CommandDescription, ShellDescription } from '../../remote/protocol/wsman/shell-description.ts';
import type { EndpointLimits } from './endpoint-options.ts';
import type { ServedShell } from './served-shell.ts';

/** Requests that only look: lists of shells and commands, one shell, the service's settings. */
export type ReadRequest = Extract<WsmanRequest, { readonly kind: 'enumerate' | 'pull' | 'get' }>;

type Items =
  | { readonly kind: 'shells'; readonly items: readonly ShellDescription[] }
  | { readonly kind: 'commands'; readonly items: readonly CommandDescription[] };

/** What can be seen of a service and its shells (MS-WSMV 3.1.4.1.9 and .10, WS-Enumeration). */
export class ServiceReads {
  readonly #shells: ReadonlyMap<string, ServedShell>;
  readonly #limits: EndpointLimits;
  /** What is left of lists that were longer than a reply, by enumeration context. */
  readonly #rests = new Map<string, Items>();

  constructor(shells: ReadonlyMap<string, ServedShell>, limits: EndpointLimits) {
    this.#shells = shells;
    this.#limits = limits;
  }

  /** Answers a request of an account that may look. */
  answer(request: ReadRequest): ServedReply {
    const resource = request.resourceUri.toLowerCase();
    switch (request.kind) {
      case 'get':
        return resource === resources.config ? { kind: 'settings', settings: this.#settings() } : this.#shell(request);
      case 'enumerate':
        if (resource === resources.shells) return this.#page({ kind: 'shells', items: this.#allShells() }, false);
        return resource === resources.commands.toLowerCase() ? this.#commands(request.filter) : unknownResource();
      case 'pull': {
        const rest = this.#rests.get(request.enumerationContext);
        this.#rests.delete(request.enumerationContext);
        return rest ? this.#page(rest, true) : unknownContext();
      }
    }
  }

  #shell({ shellId }: ReadRequest & { readonly kind: 'get' }): ServedReply {
    if (shellId === undefined) return unknownResource();
    const shell = this.#shells.get(shellId.toLowerCase());
    return shell ? { kind: 'shell', shell: shell.describe() } : unknownShell();
  }

  #commands(filter: Readonly<Record<string, string>> | undefined): ServedReply {
    const shellId = filter?.['ShellId'];
    if (shellId === undefined)
      return makeFault(faultCodes.filterExpected, 'A filter that names the shell is expected to list its commands.');
    const shell = this.#shells.get(shellId.toLowerCase());
    return shell ? this.#page({ kind: 'commands', items: shell.commands() }, false) : unknownShell();
  }

  #allShells(): ShellDescription[] {
    return Array.from(this.#shells.values(), (shell) => shell.describe());
  }

  /** As many items as a reply may hold; the rest waits for Pull. */
  #page(all: Items, pulled: boolean): ServedReply {
    const { itemsPerReply } = this.#limits;
    let enumerationContext: string | undefined;
    if (all.items.length > itemsPerReply) {
      enumerationContext = `uuid:${randomUUID().toUpperCase()}`;
      this.#rests.set(enumerationContext, { ...all, items: all.items.slice(itemsPerReply) } as Items);
    }
    const shown = { enumerationContext, ...(pulled ? { pulled } : {}) };
    return all.kind === 'shells'
      ? { kind: 'shells', shells: all.items.slice(0, itemsPerReply), ...shown }
      : { kind: 'commands', commands: all.items.slice(0, itemsPerReply), ...shown };
  }

  #settings(): Settings {
    const { envelopeBytes, operationTimeoutMs, operationsPerUser, idleTimeoutMs, shellsPerUser } = this.#limits;
    return new Map([
      ['MaxEnvelopeSizekb', String(Math.floor(envelopeBytes / 1024))],
      ['MaxTimeoutms', String(operationTimeoutMs)],
      ['MaxBatchItems', String(this.#limits.itemsPerReply)],
      ['Service/MaxConcurrentOperationsPerUser', String(operationsPerUser)],
      ['Service/AllowUnencrypted', 'false'],
      ['Winrs/AllowRemoteShellAccess', 'true'],
      ['Winrs/IdleTimeout', String(idleTimeoutMs)],
      ['Winrs/MaxShellsPerUser', String(shellsPerUser)],
    ]);
  }
}

/** Answer to a request for a shell that is not there. */
export function unknownShell(): WsmanFault {
  return makeFault(
    faultCodes.invalidSelectors,
    'The WS-Management service cannot process the request because the request contained invalid selectors for the resource.',
  );
}

/** Answer to a request for something that the service does not have. */
export function unknownResource(): WsmanFault {
  return makeFault(
    faultCodes.unknownResource,
    'The WS-Management service cannot process the request: the resource URI is not known.',
  );
}

const unknownContext = (): WsmanFault =>
  makeFault(faultCodes.unknownContext, 'The supplied enumeration context is invalid.');
