import { defineType } from '../../evaluator/define.ts';
import { newObject } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import type { Machine } from '../machine/machine.ts';
import { UpdateFault } from '../machine/updates/update-fault.ts';
import { usesWsus } from '../machine/updates/update-source.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { refuseNetworkLogon } from './com-call.ts';
import { collection } from './update-objects.ts';

/** Asks for a search that runs by itself; what comes of it is told by the agent's log. */
export const detectNow = (machine: Machine): void => {
  machine.clock.after(machine.update.searchMs, () => {
    try {
      machine.update.search();
    } catch (error) {
      if (!(error instanceof UpdateFault)) throw error;
    }
  });
};

const autoUpdateType = defineType<Record<string, never>>({
  name: 'System.__ComObject#{4a2f5c31-cfd9-410e-b7fb-29a653973a0f}',
  bases: ['System.__ComObject', 'System.MarshalByRefObject'],
  properties: {
    ServiceEnabled: {
      get: (_state, context) => actorOf(context).machine.services.find('wuauserv')?.start !== 'Disabled',
    },
  },
  methods: {
    DetectNow: (_state, _args, context) => {
      refuseNetworkLogon(context);
      detectNow(actorOf(context).machine);
      return undefined;
    },
    EnableService: (_state, _args, context) => context.unsupported('Microsoft.Update.AutoUpdate EnableService'),
    Pause: (_state, _args, context) => context.unsupported('Microsoft.Update.AutoUpdate Pause'),
    Resume: (_state, _args, context) => context.unsupported('Microsoft.Update.AutoUpdate Resume'),
  },
});

const systemInfoType = defineType<Record<string, never>>({
  name: 'System.__ComObject#{ade87bf7-7b56-4275-8fab-b9b0e591844b}',
  bases: ['System.__ComObject', 'System.MarshalByRefObject'],
  properties: {
    RebootRequired: {
      get: (_state, context) => {
        refuseNetworkLogon(context);
        return actorOf(context).machine.update.pending.length > 0;
      },
    },
  },
});

type Service = { readonly id: string; readonly name: string; readonly isDefault: boolean; readonly isManaged: boolean };

const serviceType = defineType<Service>({
  name: 'System.__ComObject#{76b3b17e-aed6-4da5-85f0-83587f81abe3}',
  bases: ['System.__ComObject'],
  properties: {
    ServiceID: { get: ({ id }) => id },
    Name: { get: ({ name }) => name },
    IsDefaultAUService: { get: ({ isDefault }) => isDefault },
    IsManaged: { get: ({ isManaged }) => isManaged },
    IsRegisteredWithAU: { get: () => true },
  },
});

const servicesOf = (machine: Machine): Service[] => {
  const isManaged = usesWsus(machine);
  return [
    { id: '9482f4b4-e343-43b6-b170-9a65bc822c77', name: 'Windows Update', isDefault: !isManaged, isManaged: false },
    ...(isManaged
      ? [
          {
            id: '3da21691-e39d-4da6-8a4b-b43877bcb1b7',
            name: 'Windows Server Update Service',
            isDefault: true,
            isManaged: true,
          },
        ]
      : []),
  ];
};

const managerType = defineType<Record<string, never>>({
  name: 'System.__ComObject#{0bb8531d-7e8d-424f-986c-a0b8f60a3e7b}',
  bases: ['System.__ComObject', 'System.MarshalByRefObject'],
  properties: {
    Services: {
      get: (_state, context) =>
        collection(servicesOf(actorOf(context).machine).map((service) => newObject(serviceType, service))),
    },
  },
  methods: {
    AddService2: (_state, _args, context) => {
      refuseNetworkLogon(context);
      return context.unsupported('Microsoft.Update.ServiceManager AddService2');
    },
  },
});

/** IAutomaticUpdates. */
export const newAutoUpdate = (): Value => newObject(autoUpdateType, {});
/** ISystemInformation. */
export const newSystemInfo = (): Value => newObject(systemInfoType, {});
/** IUpdateServiceManager. */
export const newServiceManager = (): Value => newObject(managerType, {});
