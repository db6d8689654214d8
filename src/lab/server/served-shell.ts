import type { ServedReply } from '../../remote/protocol/wsman/encode-reply.ts';
import type { WsmanRequest } from '../../remote/protocol/wsman/requests.ts';
import type { CommandDescription, ShellDescription } from '../../remote/protocol/wsman/shell-description.ts';
import type { ReceiveLimits } from './output-wait.ts';

/** An operation on a shell that exists. */
export type ShellRequest = Extract<WsmanRequest, { readonly shellId: string; readonly resourceUri: string }>;

/** How an operation is carried out, and for which client session. */
export type OperationContext = ReceiveLimits & {
  /** SessionId of the request; empty where it bears none. */
  readonly session: string;
};

/** A shell of the endpoint: a PowerShell session or a cmd shell. */
export interface ServedShell {
  readonly owner: string;
  /** As it is now. */
  describe(): ShellDescription;
  commands(): readonly CommandDescription[];
  /** Commands that count against the shell's limit. */
  readonly commandCount: number;
  /** Operations that count against the account's limit besides those under way. */
  readonly heldOperations: number;
  /** Carries out an operation; undefined if the client is gone, or the connection is to be cut. */
  answer(request: ShellRequest, context: OperationContext): Promise<ServedReply | undefined>;
  close(): void;
}
