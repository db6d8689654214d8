import { Failure } from '../../../kernel/failure.ts';
import type { ClientOptions } from './client-options.ts';
import type { PoolState } from './codes.ts';
import type { Endpoint } from './endpoint.ts';
import { KeyExchange } from './key-exchange.ts';
import {
  type PoolPhase,
  type PoolTrigger,
  poolMachine,
  poolNegotiates,
  poolSays,
  poolTakesPipelines,
} from './pool-machine.ts';
import { negotiateVersion, offeredVersion, type ProtocolVersion } from './versions.ts';

/** How far a client's pool has come, and what it has agreed on with the server: the version and the session key (MS-PSRP 3.1.5.4). */
export class PoolLife {
  readonly offered: ProtocolVersion;
  readonly #keys: KeyExchange;
  #phase: PoolPhase = 'beforeOpen';
  #version: ProtocolVersion;

  constructor(options: Pick<ClientOptions, 'protocolVersion' | 'keyPair'>, endpoint: Endpoint) {
    this.offered = options.protocolVersion ?? offeredVersion;
    this.#version = this.offered;
    this.#keys = new KeyExchange(endpoint, options.keyPair);
  }

  /** Phase of the pool, by the table in pool-machine.ts. */
  get phase(): PoolPhase {
    return this.#phase;
  }

  /** The version agreed on; before that, the one offered. */
  get version(): ProtocolVersion {
    return this.#version;
  }

  /** Whether the server still has to say which version it speaks. */
  get negotiates(): boolean {
    return poolNegotiates.has(this.#phase);
  }

  /** @throws Failure `protocol-error` if that is not allowed now */
  advance(trigger: PoolTrigger): void {
    const next = poolMachine[this.#phase][trigger];
    if (next === undefined)
      throw new Failure('protocol-error', `PSRP: ${trigger} is not possible while the pool is ${this.#phase}`);
    this.#phase = next;
    // A key that was wanted before waits for this.
    if (next === 'opened') this.#keys.opened();
  }

  /** Begins anew with a pool that exists on the server. @throws Failure `protocol-error` if that is not allowed now */
  connect(): void {
    this.advance('connect');
    this.#keys.reset();
  }

  /** The server broke the protocol: nothing more can be made of the pool. */
  fail(): void {
    this.#phase = poolMachine[this.#phase].fail ?? this.#phase;
  }

  /** Notes the version that the server speaks. @throws Failure `protocol-error` if it does not fit ours */
  negotiate(serverVersion: string): void {
    this.#version = negotiateVersion(this.offered, serverVersion);
    this.advance('capability');
    this.#keys.negotiated(this.#version);
  }

  /** Follows the server's word on the pool's state. @throws Failure `protocol-error` if it cannot be so */
  follow(state: PoolState): void {
    const said = poolSays[state];
    if (said !== null) this.advance(said);
  }

  /** @throws Failure `protocol-error` unless pipelines can be created now */
  requirePipelines(): void {
    if (poolTakesPipelines.has(this.#phase)) return;
    throw new Failure('protocol-error', `PSRP: no pipeline can be created while the pool is ${this.#phase}`);
  }

  /** A secret is to travel: PUBLIC_KEY waits on target `pool` as soon as the pool is open. @throws Failure `protocol-error` without a key pair */
  wantKey(): void {
    this.#keys.want(this.#version, this.#phase === 'opened');
  }

  /** Takes the server's half of the key exchange. @throws Failure `protocol-error` if none was asked for, or it can't be opened */
  takeKey(text: string): void {
    this.#keys.take(text);
  }
}
