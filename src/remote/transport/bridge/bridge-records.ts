import type { ScriptErrorRecord, StreamRecord } from '../../powershell/remote-shell.ts';
import { type Plain, toPlain } from '../../protocol/clixml/to-plain.ts';
import type { PsValue } from '../../protocol/clixml/values.ts';
import type { BridgeFrame } from './bridge-frames.ts';

/** How a call ended, by the bridge's script. */
export type BridgeEnd = {
  /** Name of the PSInvocationState. */
  readonly state: string;
  readonly error: ScriptErrorRecord;
  /** .NET type of the exception that ended it; empty where none did. */
  readonly type: string;
  /** State of the session now; empty for a local runspace. */
  readonly session: string;
};

/** What a host said of itself when its session was opened. */
export type BridgeOpened = { readonly id: string; readonly psVersion: string; readonly protocolVersion: string };

type Table = Readonly<Record<string, Plain>>;

const asTable = (value: Plain | undefined): Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
const text = (table: Table, name: string): string => {
  const value = table[name];
  return typeof value === 'string' ? value : '';
};
const number = (table: Table, name: string): number | undefined => {
  const value = table[name];
  return typeof value === 'number' ? value : undefined;
};

/** The members of a table of the bridge's script, byte[] as base64; none for what is no table. */
export function tableOf(value: PsValue): Table {
  return asTable(toPlain(value));
}

/** The output objects of a frame. */
export function outputOf(value: PsValue): readonly unknown[] {
  const items = toPlain(value);
  return Array.isArray(items) ? items : [items];
}

/** A record of a stream; undefined for frames that are none. */
export function recordOf({ kind, value }: BridgeFrame): StreamRecord | undefined {
  const plain = toPlain(value);
  const table = asTable(plain);
  switch (kind) {
    case 'error':
      return { kind, error: errorOf(plain) };
    case 'warning':
    case 'verbose':
    case 'debug':
      return { kind, message: typeof plain === 'string' ? plain : '' };
    case 'information': {
      const tags = table['Tags'];
      const source = text(table, 'Source');
      return {
        kind,
        message: text(table, 'Message'),
        data: table['Data'] ?? null,
        tags: Array.isArray(tags) ? tags.map(String) : [],
        ...(source ? { source } : {}),
      };
    }
    case 'progress': {
      const status = text(table, 'Status');
      const percent = number(table, 'Percent') ?? -1;
      return {
        kind,
        activity: text(table, 'Activity'),
        activityId: number(table, 'ActivityId') ?? 0,
        completed: text(table, 'Type') === 'Completed',
        ...(status ? { status } : {}),
        ...(percent < 0 ? {} : { percent }),
      };
    }
    default:
      return undefined;
  }
}

/** The end of a call. */
export function endOf(value: PsValue): BridgeEnd {
  const table = tableOf(value);
  return {
    state: text(table, 'State'),
    error: errorOf(table['Error'] ?? null),
    type: text(table, 'Type'),
    session: text(table, 'Session'),
  };
}

/** What `hello` and `opened` say. */
export function openedOf(value: PsValue): BridgeOpened {
  const table = tableOf(value);
  return {
    id: text(table, 'Id'),
    psVersion: text(table, 'PSVersion'),
    protocolVersion: text(table, 'ProtocolVersion'),
  };
}

function errorOf(value: Plain): ScriptErrorRecord {
  const table = asTable(value);
  const hresult = number(table, 'HResult');
  const optional = (name: string, key: keyof ScriptErrorRecord) =>
    text(table, name) ? { [key]: text(table, name) } : {};
  return {
    message: text(table, 'Message') || 'no error was given',
    fqid: text(table, 'Id'),
    category: text(table, 'Category') || 'NotSpecified',
    ...optional('Reason', 'reason'),
    ...optional('TargetName', 'targetName'),
    ...optional('Type', 'exceptionType'),
    ...(hresult === undefined ? {} : { hresult: hresult >>> 0 }),
    ...placeOf(asTable(table['Place'])),
    ...optional('StackTrace', 'stackTrace'),
  };
}

function placeOf(place: Table): Pick<ScriptErrorRecord, 'position'> {
  const line = number(place, 'Line') ?? 0;
  if (line <= 0) return {};
  const scriptName = text(place, 'ScriptName');
  const source = text(place, 'Text');
  return {
    position: {
      line,
      offset: number(place, 'Offset') ?? 0,
      ...(scriptName ? { scriptName } : {}),
      ...(source ? { text: source } : {}),
    },
  };
}
