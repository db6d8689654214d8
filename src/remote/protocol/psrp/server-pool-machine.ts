/** The life of a runspace pool on the server (MS-PSRP 3.2.1.2), as a table: phase → trigger → next phase. */

/** Phase of a server's pool. */
export type ServerPoolPhase =
  | 'beforeOpen'
  | 'negotiated'
  | 'openRequested'
  | 'opened'
  | 'reconnecting'
  | 'disconnected'
  | 'closing'
  | 'closed'
  | 'broken';

/** What moves it on: messages of the client, then what the server's owner does. */
export type ServerPoolTrigger =
  | 'capability'
  | 'init'
  | 'connect'
  | 'acceptOpen'
  | 'disconnect'
  | 'reconnect'
  | 'close'
  | 'closed'
  | 'fail';

type Row = Readonly<Partial<Record<ServerPoolTrigger, ServerPoolPhase>>>;

const ending: Row = { close: 'closing', closed: 'closed', fail: 'broken' };

/** The table. What is not in it is not allowed. A second capability comes from a client that connects to a pool that exists. */
export const serverPoolMachine: Readonly<Record<ServerPoolPhase, Row>> = {
  beforeOpen: { ...ending, capability: 'negotiated' },
  negotiated: { ...ending, init: 'openRequested' },
  openRequested: { ...ending, acceptOpen: 'opened' },
  opened: { ...ending, capability: 'reconnecting', disconnect: 'disconnected' },
  reconnecting: { ...ending, connect: 'opened' },
  disconnected: { ...ending, capability: 'reconnecting', reconnect: 'opened' },
  closing: { ...ending, close: 'closing' },
  closed: { close: 'closed', closed: 'closed', fail: 'closed' },
  broken: { close: 'closing', closed: 'closed', fail: 'broken' },
};

/** Phases in which the server takes commands: a client may send them before it has read that the pool is open. */
export const serverTakesPipelines: ReadonlySet<ServerPoolPhase> = new Set(['openRequested', 'opened']);
