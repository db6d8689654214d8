import type { Target } from '../../protocol/psrp/outbox.ts';

/** Bytes that came from the host, and whose stream they belong to. */
export type CarriedPiece = { readonly target: Target; readonly bytes: Uint8Array };

/** What one look for bytes gave. */
export type Carried = {
  /** In the order in which the host wrote them; none where nothing came in time: ask again. */
  readonly pieces: readonly CarriedPiece[];
  /** Whether the host said that the pipeline's stream is at its end. */
  readonly ended: boolean;
  /** True if an earlier answer may have been lost, so that bytes may be missing before these. */
  readonly mayLack?: boolean;
};

/**
 * Carries the bytes of one runspace pool to a host and back: over WSMan requests, or over a process's standard streams. It knows nothing of
 * what they mean. Its calls throw Failure `unreachable` if the host surely did not process them, `dropped` if it may have.
 */
export interface PoolCarrier {
  /** Name of the host for messages. */
  readonly host: string;
  /** Bytes that one `open`, `begin` or `send` can take now; may grow when the host's version is known. */
  readonly maxChunkBytes: number;
  /** Whether the host allows only few further pipelines in this session. Most carriers know no such limit. */
  readonly exhausted?: boolean;
  /** Opens the pool with its first bytes; gives the session's id on the host. */
  open(opening: Uint8Array, signal: AbortSignal | undefined): Promise<string>;
  /** The pool is open: a limit that the carrier had for it holds no more. */
  opened?(): void;
  /** The host's protocol version is known from here on, e.g. `2.3`. */
  agreed(serverVersion: string): void;
  /**
   * Begins a pipeline with its first bytes. `title` is what the host's own lists show, 255 characters at most. A carrier that tries again where
   * the host is away leaves that when `leave` is aborted: it throws the signal's reason if nothing was processed.
   */
  begin(pipelineId: string, title: string, bytes: Uint8Array, leave?: AbortSignal): Promise<void>;
  /** Sends further bytes of the pool or of a pipeline. `prompt` marks answers to host calls. */
  send(target: Target, bytes: Uint8Array, prompt: boolean): Promise<void>;
  /** Waits for bytes of the pool or of a pipeline. A carrier whose host pushes gives those of the pool to a pipeline, if nobody else waits for them. */
  receive(target: Target): Promise<Carried>;
  /** Asks the host to stop a pipeline. Gives `asked` if its Stopped state is still to come, `stopped` if this answer is all that comes. */
  stop(pipelineId: string): Promise<'asked' | 'stopped'>;
  /** Tells the host that a pipeline is done with. Resolves when the next one may begin, which may be before the host was told. */
  finish(pipelineId: string): Promise<void>;
  /** Ends the session on the host, and everything here; never throws. */
  close(): Promise<void>;
  /** Ends everything here at once and leaves the host alone: calls under way fail `dropped`. A script that runs there is not cut in two. */
  abandon(): void;
}
