import { defineEnum, defineType, netError } from '../../evaluator/define.ts';
import { enumValue, exception, newObject, stateOf } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Instance, Value } from '../../evaluator/value.ts';
import type { Held } from '../machine/change-feed.ts';
import type { Machine } from '../machine/machine.ts';
import { type Service, serviceStates, startValues } from '../machine/services/service.ts';
import type { Win32Fault } from '../machine/win32-fault.ts';
import { asNet } from '../runtime/net-faults.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { outsideProperties } from './outside.ts';

/** System.ServiceProcess.ServiceControllerStatus. */
export const serviceStatusEnum = defineEnum('System.ServiceProcess.ServiceControllerStatus', serviceStates);
/** System.ServiceProcess.ServiceStartMode. */
export const serviceStartEnum = defineEnum('System.ServiceProcess.ServiceStartMode', startValues, {
  aliases: ['ServiceStartMode'],
});
/** System.ServiceProcess.ServiceType. */
export const serviceTypeEnum = defineEnum(
  'System.ServiceProcess.ServiceType',
  {
    KernelDriver: 1,
    FileSystemDriver: 2,
    Adapter: 4,
    RecognizerDriver: 8,
    Win32OwnProcess: 16,
    Win32ShareProcess: 32,
    InteractiveProcess: 256,
  },
  { flags: true },
);

/** A ServiceController: the status is read once and again at Refresh, as in .NET. */
export type ControllerState = { readonly machine: Machine; readonly name: string; seen: Service['state'] | undefined };

/** The live service of a controller object; `undefined` for other values. */
export const serviceOf = (value: Value): ControllerState | undefined => stateOf(value, serviceControllerType);

const live = (state: ControllerState): Service => {
  const service = state.machine.services.find(state.name);
  if (service) return service;
  const message = `Service ${state.name} was not found on computer '.'.`;
  throw netError('System.InvalidOperationException', message, {
    inner: exception(
      'System.ComponentModel.Win32Exception',
      'The specified service does not exist as an installed service',
    ),
  });
};
const controlFault = (state: ControllerState, verb: string) => (fault: Win32Fault) =>
  exception('System.InvalidOperationException', `Cannot ${verb} ${state.name} service on computer '.'.`, {
    inner: exception('System.ComponentModel.Win32Exception', `Win32 error ${fault.code}`, {
      properties: { NativeErrorCode: fault.code },
    }),
  });
const status = (state: ControllerState): Service['state'] => {
  state.seen ??= live(state).state;
  return state.seen;
};

/** System.ServiceProcess.ServiceController. */
export const serviceControllerType: TypeDefinition<ControllerState> = defineType<ControllerState>({
  name: 'System.ServiceProcess.ServiceController',
  aliases: ['ServiceController'],
  bases: ['System.ComponentModel.Component', 'System.MarshalByRefObject', 'System.IDisposable'],
  properties: {
    ...outsideProperties('System.ServiceProcess.ServiceController', 'ServiceHandle Site Container'),
    Name: { aliasOf: 'ServiceName', get: (state) => state.name },
    RequiredServices: { aliasOf: 'ServicesDependedOn', get: (state) => dependedOn(state) },
    CanPauseAndContinue: { type: 'System.Boolean', get: () => false },
    CanShutdown: { type: 'System.Boolean', get: (state) => live(state).state === 'Running' },
    CanStop: { type: 'System.Boolean', get: (state) => live(state).state === 'Running' && !live(state).isProtected },
    DisplayName: { type: 'System.String', get: (state) => live(state).displayName },
    DependentServices: {
      type: 'System.ServiceProcess.ServiceController[]',
      get: (state) =>
        state.machine.services.dependents(state.name).map((other) => serviceObject(state.machine, other.name)),
    },
    MachineName: { type: 'System.String', get: () => '.' },
    ServiceName: { type: 'System.String', get: (state) => live(state).name },
    ServicesDependedOn: { type: 'System.ServiceProcess.ServiceController[]', get: (state) => dependedOn(state) },
    Status: {
      type: 'System.ServiceProcess.ServiceControllerStatus',
      get: (state) => enumValue(serviceStatusEnum, status(state)),
    },
    ServiceType: {
      type: 'System.ServiceProcess.ServiceType',
      get: (state) => enumValue(serviceTypeEnum, live(state).type),
    },
    StartType: {
      type: 'System.ServiceProcess.ServiceStartMode',
      get: (state) => enumValue(serviceStartEnum, live(state).start),
    },
  },
  methods: {
    Refresh: (state) => {
      state.seen = undefined;
      return undefined;
    },
    *Start(state, _args, context) {
      yield asNet(
        (): Held => state.machine.services.start(live(state).name, actorOf(context).pid),
        controlFault(state, 'start'),
      );
      state.seen = undefined;
      return undefined;
    },
    *Stop(state, _args, context) {
      for (const other of state.machine.services.dependents(state.name)) {
        if (other.state === 'Running')
          yield asNet(() => state.machine.services.stop(other.name, actorOf(context).pid), controlFault(state, 'stop'));
      }
      yield asNet(
        (): Held => state.machine.services.stop(live(state).name, actorOf(context).pid),
        controlFault(state, 'stop'),
      );
      state.seen = undefined;
      return undefined;
    },
    *WaitForStatus(state, args, context) {
      const wanted = context.text(context.convert(args[0], 'System.ServiceProcess.ServiceControllerStatus'));
      const limitMs =
        args.length > 1
          ? Number(context.text(context.property(args[1], 'TotalMilliseconds')))
          : Number.POSITIVE_INFINITY;
      let waitedMs = 0;
      while (live(state).state !== wanted) {
        if (waitedMs >= limitMs) {
          throw netError(
            'System.ServiceProcess.TimeoutException',
            'Time out has expired and the operation has not been completed.',
          );
        }
        const step = Math.min(250, limitMs - waitedMs);
        yield state.machine.clock.wait(actorOf(context).pid, step);
        waitedMs += step;
      }
      state.seen = undefined;
      return undefined;
    },
    Close: () => undefined,
    Dispose: () => undefined,
  },
  toText: () => 'System.ServiceProcess.ServiceController',
  construct: (context, args) =>
    newObject(serviceControllerType, {
      machine: actorOf(context).machine,
      name: context.text(args[0]),
      seen: undefined,
    }),
});

const dependedOn = (state: ControllerState): Value =>
  live(state)
    .dependsOn.filter((name) => state.machine.services.find(name))
    .map((name) => serviceObject(state.machine, name));

/** A ServiceController of a service. */
export const serviceObject = (machine: Machine, name: string): Instance<ControllerState> => {
  const service = machine.services.get(name);
  return newObject(serviceControllerType, { machine, name: service.name, seen: service.state });
};
