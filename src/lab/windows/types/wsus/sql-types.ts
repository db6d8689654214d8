import { defineEnum, defineType, netError } from '../../../evaluator/define.ts';
import type { Task } from '../../../evaluator/host.ts';
import { enumValue, newObject, stateOf } from '../../../evaluator/make.ts';
import type { TypeDefinition } from '../../../evaluator/type-definition.ts';
import type { Value } from '../../../evaluator/value.ts';
import type { Held } from '../../machine/change-feed.ts';
import type { Machine } from '../../machine/machine.ts';
import { runSql, type SqlResult } from '../../machine/wsus/sql-text.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { onDatabase } from './wsus-call.ts';

/** System.Data.ConnectionState. */
export const connectionStateEnum = defineEnum('System.Data.ConnectionState', { Closed: 0, Open: 1 });

type Connection = { readonly machine: Machine; text: string; isOpen: boolean };
type Command = { connection: Connection | undefined; text: string; limitSeconds: number };

/** Whether a connection string names the internal database, through its pipe. */
const isOwn = (text: string): boolean => /\\\\\.\\pipe\\MICROSOFT##WID\\tsql\\query/i.test(text);

/** System.Data.SqlClient.SqlConnection, for the internal database through its named pipe. */
export const sqlConnectionType: TypeDefinition<Connection> = defineType<Connection>({
  name: 'System.Data.SqlClient.SqlConnection',
  bases: ['System.Data.Common.DbConnection', 'System.IDisposable'],
  properties: {
    ConnectionString: {
      get: ({ text }) => text,
      set: (state, value, context) => {
        state.text = context.text(value);
      },
    },
    State: { get: ({ isOpen }) => enumValue(connectionStateEnum, isOpen ? 'Open' : 'Closed') },
    Database: { get: () => 'SUSDB' },
  },
  construct: (context, [text]) =>
    newObject(sqlConnectionType, {
      machine: actorOf(context).machine,
      text: text === undefined ? '' : context.text(text),
      isOpen: false,
    }),
  methods: {
    Open: (state, _args, context) => {
      if (!isOwn(state.text)) return context.unsupported(`a database at '${state.text}'`);
      onDatabase(() => state.machine.wsus.database.open());
      state.isOpen = true;
      return undefined;
    },
    Close: (state) => {
      state.isOpen = false;
      return undefined;
    },
    Dispose: (state) => {
      state.isOpen = false;
      return undefined;
    },
    CreateCommand: (connection) => newObject(sqlCommandType, { connection, text: '', limitSeconds: 30 }),
  },
});

function* execute(state: Command, context: Parameters<NonNullable<TypeDefinition['construct']>>[0]): Task<SqlResult> {
  const { connection } = state;
  if (!connection?.isOpen)
    throw netError(
      'System.InvalidOperationException',
      "ExecuteReader requires an open and available Connection. The connection's current state is closed.",
    );
  const { machine, pid } = actorOf(context);
  const task = onDatabase(() => runSql(machine, state.text, state.limitSeconds * 1000, pid));
  let held: Held;
  for (;;) {
    const next = onDatabase(() => task.next());
    if (next.done) return next.value;
    held = next.value;
    yield held;
  }
}

/** System.Data.SqlClient.SqlCommand. */
export const sqlCommandType: TypeDefinition<Command> = defineType<Command>({
  name: 'System.Data.SqlClient.SqlCommand',
  bases: ['System.Data.Common.DbCommand', 'System.IDisposable'],
  properties: {
    CommandText: {
      get: ({ text }) => text,
      set: (state, value, context) => {
        state.text = context.text(value);
      },
    },
    CommandTimeout: {
      get: ({ limitSeconds }) => limitSeconds,
      set: (state, value, context) => {
        state.limitSeconds = Number(context.text(value));
      },
    },
    Connection: {
      get: ({ connection }) => (connection ? newObject(sqlConnectionType, connection) : null),
      set: (state, value) => {
        state.connection = stateOf(value, sqlConnectionType);
      },
    },
  },
  construct: (context, [text, connection]) =>
    newObject(sqlCommandType, {
      connection: stateOf(connection, sqlConnectionType),
      text: text === undefined ? '' : context.text(text),
      limitSeconds: 30,
    }),
  methods: {
    *ExecuteNonQuery(state, _args, context): Task<Value> {
      return (yield* execute(state, context)).affected;
    },
    *ExecuteScalar(state, _args, context): Task<Value> {
      return (yield* execute(state, context)).rows[0]?.[0] ?? null;
    },
    *ExecuteReader(state, _args, context): Task<Value> {
      return newObject(sqlReaderType, { result: yield* execute(state, context), at: -1 });
    },
    Dispose: () => undefined,
  },
});

/** System.Data.SqlClient.SqlDataReader. */
export const sqlReaderType: TypeDefinition<{ readonly result: SqlResult; at: number }> = defineType<{
  readonly result: SqlResult;
  at: number;
}>({
  name: 'System.Data.SqlClient.SqlDataReader',
  bases: ['System.Data.Common.DbDataReader', 'System.IDisposable'],
  properties: {
    HasRows: { get: ({ result }) => result.rows.length > 0 },
    FieldCount: { get: ({ result }) => result.columns.length },
  },
  methods: {
    Read: (state) => ++state.at < state.result.rows.length,
    GetValue: ({ result, at }, [index], context) => result.rows[at]?.[Number(context.text(index))] ?? null,
    GetInt32: ({ result, at }, [index], context) => result.rows[at]?.[Number(context.text(index))] ?? null,
    GetString: ({ result, at }, [index], context) => result.rows[at]?.[Number(context.text(index))] ?? null,
    GetName: ({ result }, [index], context) => result.columns[Number(context.text(index))] ?? '',
    Close: () => undefined,
    Dispose: () => undefined,
  },
  getItem: ({ result, at }, [index], context) => {
    const column =
      typeof index === 'string'
        ? result.columns.findIndex((name) => name.toLowerCase() === index.toLowerCase())
        : Number(context.text(index));
    return result.rows[at]?.[column] ?? null;
  },
});
