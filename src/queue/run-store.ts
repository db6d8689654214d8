import type { HostEnd } from '../journal/event-data.ts';
import type { Launch, RunOrder, Signed } from '../planning/plan.ts';

/** Texts by their SHA-256 (hex). */
export interface BlobStore {
  /** Stores a text and returns its hash. */
  put(text: string): Promise<string>;
  /** The text with this hash, checked against it; null where there is none. @throws Failure `work-refused` if the stored text has another hash */
  get(sha256: string): Promise<string | null>;
}

/** What is kept of runs beside their journals: signed launches and orders, ends, machines. */
export interface RunStore {
  /** Stores a signed launch under its run's id; never replaces one. */
  addLaunch(launch: Signed<Launch>): Promise<void>;
  /** The launch as stored, unchecked; null where there is none. */
  readLaunch(run: string): Promise<Signed<Launch> | null>;
  /** Ids of all runs, oldest first. */
  runs(): Promise<readonly string[]>;
  /** Adds a signed order. */
  addOrder(order: Signed<RunOrder>): Promise<void>;
  /** Orders of a run as stored, unchecked, oldest first. */
  readOrders(run: string): Promise<readonly Signed<RunOrder>[]>;
  /** Notes that a host run has ended (again). */
  noteEnd(run: string, host: string, end: HostEnd): Promise<void>;
  /** Ends noted so far by host. */
  ends(run: string): Promise<ReadonlyMap<string, HostEnd>>;
  /** Forgets the ends of a run, because an order after its end gives its hosts something to do again. */
  reopen(run: string): Promise<void>;
  /** Notes which host of a run a machine belongs to; returns the host that has it already, or null. */
  noteMachine(run: string, machineId: string, host: string): Promise<string | null>;
}

/** Wakes those who do the work; carries names only. */
export interface WakeUp {
  /** Wakes the coordinator of a run, now or in `delayMs`. */
  coordinator(run: string, delayMs?: number): Promise<void>;
  /** Wakes a worker for a host run, now or in `delayMs`. */
  host(run: string, host: string, delayMs?: number): Promise<void>;
}
