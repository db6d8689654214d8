/** The life of a runspace pool as its client sees it (MS-PSRP 3.1.1.2), as a table: phase → trigger → next phase. */
import type { PoolState } from './codes.ts';

/** Phase of a client's pool. */
export type PoolPhase =
  | 'beforeOpen'
  | 'negotiating'
  | 'opening'
  | 'connectNegotiating'
  | 'connecting'
  | 'opened'
  | 'disconnecting'
  | 'disconnected'
  | 'closing'
  | 'closed'
  | 'broken';

/** What moves a pool on: first what its owner or transport does, then what the server says. */
export type PoolTrigger =
  | 'open'
  | 'connect'
  | 'disconnect'
  | 'disconnected'
  | 'reconnected'
  | 'close'
  | 'closed'
  | 'fail'
  | 'capability'
  | 'initData'
  | 'saysOpened'
  | 'saysClosing'
  | 'saysClosed'
  | 'saysBroken';

type Row = Readonly<Partial<Record<PoolTrigger, PoolPhase>>>;

const ending: Row = {
  close: 'closing',
  closed: 'closed',
  fail: 'broken',
  saysClosing: 'closing',
  saysClosed: 'closed',
  saysBroken: 'broken',
};

/** The table. What is not in it is not allowed. */
export const poolMachine: Readonly<Record<PoolPhase, Row>> = {
  beforeOpen: { open: 'negotiating', connect: 'connectNegotiating', close: 'closed', closed: 'closed', fail: 'broken' },
  negotiating: { ...ending, capability: 'opening' },
  opening: { ...ending, saysOpened: 'opened' },
  connectNegotiating: { ...ending, capability: 'connecting' },
  connecting: { ...ending, initData: 'opened', saysOpened: 'opened' },
  opened: {
    ...ending,
    saysOpened: 'opened',
    initData: 'opened',
    disconnect: 'disconnecting',
    disconnected: 'disconnected',
  },
  // A host that refuses to let go of the shell leaves it as it was.
  disconnecting: { ...ending, disconnected: 'disconnected', reconnected: 'opened' },
  disconnected: { ...ending, reconnected: 'opened', connect: 'connectNegotiating' },
  closing: { ...ending, close: 'closing' },
  closed: { close: 'closed', closed: 'closed', saysClosing: 'closed', saysClosed: 'closed', fail: 'closed' },
  broken: {
    close: 'broken',
    closed: 'broken',
    saysClosing: 'broken',
    saysClosed: 'broken',
    saysBroken: 'broken',
    fail: 'broken',
  },
};

/** Phases in which pipelines may be created: commands may follow before the pool said that it is open. */
export const poolTakesPipelines: ReadonlySet<PoolPhase> = new Set(['negotiating', 'opening', 'connecting', 'opened']);

/** Phases before the versions are agreed on, when the server may say nothing else. */
export const poolNegotiates: ReadonlySet<PoolPhase> = new Set(['negotiating', 'connectNegotiating']);

/** The trigger of a state that the server reports; null for states that say nothing new to a client. */
export const poolSays: Readonly<Record<PoolState, PoolTrigger | null>> = {
  beforeOpen: null,
  opening: null,
  opened: 'saysOpened',
  closed: 'saysClosed',
  closing: 'saysClosing',
  broken: 'saysBroken',
  disconnecting: null,
  disconnected: null,
  connecting: null,
};
