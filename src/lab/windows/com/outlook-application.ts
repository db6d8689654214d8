import { defineType, NetError, netError } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { exception, newObject } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { openStores, outlookPath, startOutlook } from '../machine/apps/outlook.ts';
import type { Machine } from '../machine/machine.ts';
import type { UserSession } from '../machine/users/users.ts';
import { actorOf } from '../runtime/process-hooks.ts';

/** Outlook as a script holds it: the session in which it runs. */
type Held = { readonly machine: Machine; readonly session: UserSession };

const hex = (code: number): string => `0x${(code >>> 0).toString(16).toUpperCase()}`;

const comError = (code: number, message: string): NetError =>
  new NetError(
    exception('System.Runtime.InteropServices.COMException', message, {
      hresult: code | 0,
      properties: { ErrorCode: code | 0 },
    }),
  );

const storeType = defineType<{ readonly name: string; readonly path: string; readonly isOst: boolean }>({
  name: 'System.__ComObject#{000630c7-0000-0000-c000-000000000046}',
  bases: ['System.__ComObject', 'System.MarshalByRefObject'],
  properties: {
    DisplayName: { get: ({ name }) => name },
    FilePath: { get: ({ path }) => path },
    IsDataFileStore: { get: ({ isOst }) => !isOst },
    IsCachedExchange: { get: ({ isOst }) => isOst },
    // OlExchangeStoreType: 0 primary mailbox, 3 no Exchange store.
    ExchangeStoreType: { get: ({ isOst }) => (isOst ? 0 : 3) },
  },
});

const storesType = defineType<{ readonly items: readonly Value[] }>({
  name: 'System.__ComObject#{000630c6-0000-0000-c000-000000000046}',
  bases: ['System.__ComObject', 'System.MarshalByRefObject'],
  properties: { Count: { get: ({ items }) => items.length } },
  // Collections of Outlook count from 1.
  methods: { Item: ({ items }, args, context) => items[Number(context.text(args[0])) - 1] ?? null },
  enumerate: ({ items }) => [...items],
});

const sessionType = defineType<Held>({
  name: 'System.__ComObject#{00063002-0000-0000-c000-000000000046}',
  bases: ['System.__ComObject', 'System.MarshalByRefObject'],
  properties: {
    CurrentProfileName: { get: ({ machine, session }) => openStores(machine, session.account).profile },
    Stores: {
      get: ({ machine, session }) =>
        newObject(storesType, {
          items: openStores(machine, session.account).stores.map((store) => newObject(storeType, store)),
        }),
    },
    DefaultStore: {
      get: ({ machine, session }) => {
        const [store] = openStores(machine, session.account).stores;
        return store ? newObject(storeType, store) : null;
      },
    },
  },
  methods: { Logoff: () => undefined, Logon: () => undefined },
});

const applicationType = defineType<Held>({
  name: 'System.__ComObject#{0006f03a-0000-0000-c000-000000000046}',
  bases: ['System.__ComObject', 'System.MarshalByRefObject'],
  properties: {
    Name: { get: () => 'Outlook' },
    Version: { get: () => '16.0.0.18925' },
    Session: { get: (held) => newObject(sessionType, held) },
  },
  methods: {
    GetNamespace: (held) => newObject(sessionType, held),
    *Quit({ machine, session }, _args, context) {
      const running = machine.processes
        .all()
        .find(({ path, sessionId }) => path === outlookPath && sessionId === session.id);
      if (running) yield machine.processes.end(running.pid, 0, actorOf(context).pid);
      return undefined;
    },
  },
});

/** Makes the object; Outlook is started for it where it does not run. */
const makeApplication = (context: CallContext): Value => {
  const { machine, process } = actorOf(context);
  if (!machine.files.exists(outlookPath))
    throw netError(
      'System.Runtime.InteropServices.COMException',
      'Retrieving the COM class factory for component with CLSID {00000000-0000-0000-0000-000000000000} failed due to the following error: 80040154 Class not registered (Exception from HRESULT: 0x80040154 (REGDB_E_CLASSNOTREG)).',
      { hresult: 0x80040154 },
    );
  const session = machine.users.sessions.find(({ id }) => id === process.sessionId);
  if (!session)
    throw comError(
      0x80080005,
      'Retrieving the COM class factory for component with CLSID {0006F03A-0000-0000-C000-000000000046} failed due to the following error: 80080005 Server execution failed (Exception from HRESULT: 0x80080005 (CO_E_SERVER_EXEC_FAILURE)).',
    );
  const fault = startOutlook(machine, session);
  if (fault !== 0) throw comError(fault, `The operation failed. (Exception from HRESULT: ${hex(fault)})`);
  return newObject(applicationType, { machine, session });
};

/** Outlook.Application, where the user of the script's session has Outlook. */
export const outlookObjects = { 'Outlook.Application': makeApplication };
