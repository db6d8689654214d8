import type { Acknowledgement, Request } from './packet.ts';

/** The life of a lane of PSRP over stdio, on both sides, as tables: state → trigger → next state. The pool and each pipeline have a lane. */

/** State of a client's lane. Only an `open` one may send bytes: PowerShell hangs if a second packet comes before it took the first. */
export type ClientLaneState = 'starting' | 'open' | 'sending' | 'stopping' | 'stopped' | 'closing' | 'closed';

/** What moves it on: what the client sends, then what the server acknowledges. */
export type ClientLaneTrigger = 'data' | Exclude<Request, 'command'> | Acknowledgement;

/** The client's table. What is not in it is not allowed. A server works on packets side by side: an acknowledgement can come late. */
export const clientLaneMachine: Readonly<
  Record<ClientLaneState, Readonly<Partial<Record<ClientLaneTrigger, ClientLaneState>>>>
> = {
  starting: { commandAck: 'open', close: 'closing' },
  open: { data: 'sending', signal: 'stopping', close: 'closing' },
  sending: { dataAck: 'open', signal: 'stopping', close: 'closing' },
  stopping: { dataAck: 'stopping', signalAck: 'stopped', close: 'closing' },
  stopped: { dataAck: 'stopped', close: 'closing' },
  closing: { commandAck: 'closing', dataAck: 'closing', signalAck: 'closing', closeAck: 'closed' },
  closed: { dataAck: 'closed', signalAck: 'closed' },
};

/** State of a server's lane. */
export type ServerLaneState = 'absent' | 'starting' | 'open' | 'taking' | 'closing';

/** What moves it on: what the client sends, then what the server's owner acknowledges. */
export type ServerLaneTrigger = 'data' | Request | Acknowledgement;

/** The server's table. Words about a pipeline that is gone are answered: its client may not have known. */
export const serverLaneMachine: Readonly<
  Record<ServerLaneState, Readonly<Partial<Record<ServerLaneTrigger, ServerLaneState>>>>
> = {
  absent: {
    command: 'starting',
    data: 'absent',
    dataAck: 'absent',
    signal: 'absent',
    signalAck: 'absent',
    close: 'closing',
  },
  starting: { commandAck: 'open' },
  open: { data: 'taking', signal: 'open', signalAck: 'open', close: 'closing' },
  taking: { dataAck: 'open', signal: 'taking', signalAck: 'taking', close: 'closing' },
  closing: { dataAck: 'closing', signalAck: 'closing', closeAck: 'absent' },
};
