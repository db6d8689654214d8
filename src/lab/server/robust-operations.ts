import type { ServedReply } from '../../remote/protocol/wsman/encode-reply.ts';
import type { RobustMark } from '../../remote/protocol/wsman/robust.ts';

type Row = {
  /** The connection on which the answer goes out; undefined while there is none. */
  connection: object | undefined;
  readonly reply: Promise<ServedReply | undefined>;
  retention: NodeJS.Timeout | undefined;
};

/** What became of a marked request. */
export type RobustOperation =
  | { readonly kind: 'new' | 'repeated'; readonly reply: Promise<ServedReply | undefined> }
  /** Its id is in use already and it does not say that it is repeated. */
  | { readonly kind: 'refused' };

/**
 * The answers that a host keeps for requests whose connection may break (MS-WSMV 3.1.1 OperationMessages, 3.1.4.1.39, 3.1.6.5). An answer is
 * forgotten when its connection asks for something else, or some time after the connection broke.
 */
export class RobustOperations {
  readonly #retentionMs: number;
  readonly #rows = new Map<string, Row>();

  constructor(retentionMs: number) {
    this.#retentionMs = retentionMs;
  }

  /** Takes a marked request: does it, or finds the answer that it has had. */
  take(mark: RobustMark, connection: object, operate: () => Promise<ServedReply | undefined>): RobustOperation {
    const id = mark.operationId.toLowerCase();
    const known = this.#rows.get(id);
    if (known && !mark.resent) return { kind: 'refused' };
    if (known) {
      clearTimeout(known.retention);
      known.connection = connection;
      return { kind: 'repeated', reply: known.reply };
    }
    for (const [key, row] of this.#rows) if (row.connection === connection) this.#forget(key);
    const reply = operate().then((made) => {
      if (made === undefined) this.#forget(id);
      return made;
    });
    this.#rows.set(id, { connection, reply, retention: undefined });
    return { kind: 'new', reply };
  }

  /** A connection has ended: what it was owed is kept for a while. */
  disconnect(connection: object): void {
    for (const [id, row] of this.#rows) {
      if (row.connection !== connection) continue;
      row.connection = undefined;
      row.retention = setTimeout(() => this.#forget(id), this.#retentionMs);
      row.retention.unref();
    }
  }

  /** Forgets all, as a service that is restarted. */
  clear(): void {
    for (const id of this.#rows.keys()) this.#forget(id);
  }

  #forget(id: string): void {
    clearTimeout(this.#rows.get(id)?.retention);
    this.#rows.delete(id);
  }
}
