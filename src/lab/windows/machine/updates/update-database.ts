const signature = 'ESE\u0000DataStore\n';

/** What came of an update some time ago. `hresult` is signed. */
export type UpdateHistoryEntry = {
  readonly title: string;
  readonly updateId: string;
  readonly atMs: number;
  /** 1 installation, 2 uninstallation. */
  readonly operation: number;
  /** 2 succeeded, 4 failed. */
  readonly resultCode: number;
  readonly hresult: number;
};

/** What the update database knows: downloaded files it relies on, and the history. */
export type UpdateDatabase = {
  readonly payloads: readonly { readonly file: string; readonly updateId: string }[];
  readonly history: readonly UpdateHistoryEntry[];
  /** Ids of updates that somebody has hidden: they are found only where hidden ones are asked for. */
  readonly hidden?: readonly string[];
};

/** The driver of a driver update. */
export type OfferedDriver = {
  readonly original: string;
  readonly provider: string;
  readonly className: string;
  /** `MM/DD/YYYY`. */
  readonly date: string;
  readonly version: string;
  readonly hardwareIds: readonly string[];
  readonly description: string;
  readonly service: string;
};

/** An update that the source offers. */
export type OfferedUpdate = {
  readonly title: string;
  readonly updateId: string;
  readonly kb: string;
  /** Definitions of Defender are offered even while updates are paused; a cumulative update needs a restart. */
  readonly kind?: 'definition' | 'cumulative' | 'driver';
  /** Of a driver update: what it brings, and the devices it is for. */
  readonly driver?: OfferedDriver;
  /** Update build revision that Windows has after it. */
  readonly ubr?: number;
};

/** Bytes of an update database; it is a file like any other, so damage goes with it wherever it is renamed to. */
export const encodeDatabase = (database: UpdateDatabase): Uint8Array =>
  Buffer.from(signature + JSON.stringify(database));

/** Reads a database; `undefined` when the bytes are none. */
export const decodeDatabase = (bytes: Uint8Array): UpdateDatabase | undefined => {
  const text = Buffer.from(bytes).toString('utf8');
  if (!text.startsWith(signature)) return undefined;
  try {
    return JSON.parse(text.slice(signature.length)) as UpdateDatabase;
  } catch {
    return undefined;
  }
};
