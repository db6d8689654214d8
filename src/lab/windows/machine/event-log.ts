/** One record of an event log. Texts are what English Windows renders; decisions belong to id and data. */
export type EventRecord = {
  readonly recordId: number;
  readonly log: string;
  readonly provider: string;
  readonly providerGuid: string | undefined;
  readonly id: number;
  /** 0 LogAlways, 1 Critical, 2 Error, 3 Warning, 4 Information, 5 Verbose. */
  readonly level: number;
  readonly task: number;
  readonly opcode: number;
  /** Keyword mask in hexadecimal with 0x. */
  readonly keywords: string;
  readonly timeMs: number;
  readonly computer: string;
  readonly pid: number;
  readonly userSid: string | undefined;
  readonly message: string;
  /** EventData: names may be empty (classic events). Values are texts as in the XML; numbers where the property is a number. */
  readonly data: readonly (readonly [name: string, value: string | number])[];
};

/** What a new record needs; the rest has usual values. */
export type NewEvent = Pick<EventRecord, 'log' | 'provider' | 'id'> &
  Partial<Omit<EventRecord, 'recordId' | 'log' | 'provider' | 'id' | 'computer'>>;

const providerGuids: Readonly<Record<string, string>> = {
  'Microsoft-Windows-WindowsUpdateClient': '{945a8954-c147-4acd-923f-40c45405a658}',
  'Service Control Manager': '{555908d1-a6d7-4695-8e1e-26931d2012f4}',
  'Microsoft-Windows-Kernel-General': '{a68ca8b7-004f-d7b6-a698-07e2de0f1f5d}',
  'Microsoft-Windows-Time-Service': '{06edcfeb-0fd1-4e53-acca-a6f8bbf81bcb}',
};

/** The event logs of a machine. */
export class EventLogs {
  readonly #logs = new Map<string, { readonly name: string; readonly records: EventRecord[] }>();
  readonly #computer: string;
  readonly #now: () => number;

  /**
   * @param computer name that each record bears
   * @param now wall clock in ms
   * @param names logs that exist from the start
   */
  constructor(computer: string, now: () => number, names: Iterable<string>) {
    this.#computer = computer;
    this.#now = now;
    for (const name of names) this.#logs.set(name.toLowerCase(), { name, records: [] });
  }

  /** Adds a log where there is none of the name. */
  add(name: string): void {
    if (!this.#logs.has(name.toLowerCase())) this.#logs.set(name.toLowerCase(), { name, records: [] });
  }

  /** Writes a record; the log must exist. */
  write(event: NewEvent): EventRecord {
    const log = this.#logs.get(event.log.toLowerCase());
    if (!log) throw new RangeError(`no event log ${event.log}`);
    const record: EventRecord = {
      level: 4,
      task: 0,
      opcode: 0,
      keywords: '0x8000000000000000',
      timeMs: this.#now(),
      pid: 4,
      userSid: undefined,
      message: '',
      data: [],
      providerGuid: providerGuids[event.provider],
      ...event,
      log: log.name,
      recordId: (log.records.at(-1)?.recordId ?? 0) + 1,
      computer: this.#computer,
    };
    log.records.push(record);
    return record;
  }

  /** Names of all logs. */
  names(): string[] {
    return [...this.#logs.values()].map(({ name }) => name);
  }

  /** Records of a log, oldest first; `undefined` when there is no such log. */
  records(log: string): readonly EventRecord[] | undefined {
    return this.#logs.get(log.toLowerCase())?.records;
  }

  /** Takes back a state that `export` gave. */
  replace(all: ReadonlyMap<string, readonly EventRecord[]>): void {
    for (const [name, records] of all) this.#logs.set(name.toLowerCase(), { name, records: [...records] });
  }
}
