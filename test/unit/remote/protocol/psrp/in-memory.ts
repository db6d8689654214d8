/** A client and a server joined in memory, their bytes cut as the test wants. */

import { createHash } from 'node:crypto';
import type { PsValue } from '../../../../../src/remote/protocol/clixml/values.ts';
import { RunspacePoolClient } from '../../../../../src/remote/protocol/psrp/client.ts';
import type { ClientEvent } from '../../../../../src/remote/protocol/psrp/client-events.ts';
import type { ClientOptions } from '../../../../../src/remote/protocol/psrp/client-options.ts';
import type { ServerOptions } from '../../../../../src/remote/protocol/psrp/server.ts';
import { RunspacePoolServer } from '../../../../../src/remote/protocol/psrp/server.ts';
import type { ServerEvent } from '../../../../../src/remote/protocol/psrp/server-events.ts';
import { generateSessionKeyPair } from '../../../../../src/remote/protocol/psrp/session-key.ts';
import { primitiveDictionary } from '../../../../../src/remote/protocol/psrp/session-messages.ts';

/** One RSA pair for all tests: making one takes a while. */
const pair = generateSessionKeyPair();

/** Bytes that look random and are the same in every run. */
export function steadyBytes(): (count: number) => Uint8Array {
  let turn = 0;
  return (count) => {
    const blocks = Array.from({ length: Math.ceil(count / 32) }, () =>
      createHash('sha256').update(String(turn++)).digest(),
    );
    return new Uint8Array(Buffer.concat(blocks).subarray(0, count));
  };
}

export const poolId = '0b5e2e1a-6d3c-4f0e-9a52-3d1f0c9b8a77';
export const pipelineA = 'aaaaaaaa-1111-4222-8333-444444444444';
export const pipelineB = 'bbbbbbbb-1111-4222-8333-444444444444';

/** How the bytes travel. */
export type Wire = {
  /** Most bytes of a chunk, in turn. */
  readonly chunks: readonly number[];
  /** Bytes that arrive at once, in turn. */
  readonly pieces: readonly number[];
};

/** A pair of halves; what the server is asked for is answered by `onServer`. */
export class Pair {
  readonly client: RunspacePoolClient;
  readonly server: RunspacePoolServer;
  readonly clientEvents: ClientEvent[] = [];
  readonly serverEvents: ServerEvent[] = [];
  onServer: (event: ServerEvent) => void = () => {};
  onClient: (event: ClientEvent) => void = () => {};
  readonly #wire: Wire;
  #turn = 0;

  constructor(
    options: Partial<ClientOptions> & { readonly server?: Partial<ServerOptions> } = {},
    wire: Wire = { chunks: [1 << 20], pieces: [1 << 20] },
  ) {
    const { server, ...clientOptions } = options;
    this.client = new RunspacePoolClient({ id: poolId, keyPair: () => pair, ...clientOptions });
    this.server = new RunspacePoolServer({ randomBytes: steadyBytes(), ...server });
    this.#wire = wire;
  }

  /** Opens the pool and lets everything pass. */
  open(): this {
    this.client.open();
    this.pass();
    return this;
  }

  /** Carries bytes both ways until neither side has any, turning from target to target. */
  pass(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const target of this.client.pendingTargets()) {
        const chunk = this.client.dataToSend(target, this.#size(this.#wire.chunks));
        if (chunk === undefined) continue;
        moved = true;
        for (const piece of this.#cut(chunk.bytes))
          for (const event of this.server.receive(piece, target, chunk.stream)) this.#serve(event);
      }
      for (const target of this.server.pendingTargets()) {
        const chunk = this.server.dataToSend(target, this.#size(this.#wire.chunks));
        if (chunk === undefined) continue;
        moved = true;
        for (const piece of this.#cut(chunk.bytes))
          for (const event of this.client.receive(piece, target)) {
            this.clientEvents.push(event);
            this.onClient(event);
          }
      }
    }
  }

  #serve(event: ServerEvent): void {
    this.serverEvents.push(event);
    if (event.kind === 'openRequested') this.server.acceptOpen(primitiveDictionary([]));
    this.onServer(event);
  }

  #size(sizes: readonly number[]): number {
    return sizes[this.#turn++ % sizes.length] ?? 1;
  }

  #cut(bytes: Uint8Array): Uint8Array[] {
    const cut: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const size = this.#size(this.#wire.pieces);
      cut.push(bytes.subarray(at, at + size));
      at += size;
    }
    return cut;
  }
}

/** The output that a client has received of one pipeline. */
export const outputs = (events: readonly ClientEvent[], id: string): PsValue[] =>
  events.flatMap((event) => (event.kind === 'output' && event.pipelineId === id ? [event.value] : []));
