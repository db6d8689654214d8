import type http from 'node:http';
import type { Socket } from 'node:net';

/**
 * Closes connections that nobody uses, as HTTP.sys does: without telling the client beforehand for how long it may stay, as Node's own server
 * would. A request that is held counts as use.
 */
export class IdleConnections {
  readonly #idleMs: number;
  readonly #timers = new WeakMap<Socket, NodeJS.Timeout>();

  constructor(idleMs: number) {
    this.#idleMs = idleMs;
  }

  /** Watches a connection from now on. */
  watch(socket: Socket): void {
    this.#restart(socket);
    socket.once('close', () => clearTimeout(this.#timers.get(socket)));
  }

  /** A request has come; the time begins anew when it was answered. */
  use({ socket }: http.IncomingMessage, response: http.ServerResponse): void {
    clearTimeout(this.#timers.get(socket));
    response.once('close', () => this.#restart(socket));
  }

  #restart(socket: Socket): void {
    clearTimeout(this.#timers.get(socket));
    if (socket.destroyed) return;
    const timer = setTimeout(() => socket.end(), this.#idleMs);
    timer.unref();
    this.#timers.set(socket, timer);
  }
}
