import type { Value } from '../../evaluator/value.ts';
import type { Machine } from '../machine/machine.ts';
import { isDelayed, type Service } from '../machine/services/service.ts';
import { Win32Fault } from '../machine/win32-fault.ts';
import { argumentOf, type CimClass } from './cim-class.ts';
import { type CimState, uint32 } from './cim-instance.ts';

const nameOf = (self: CimState | undefined): string => {
  const name = self?.values.get('Name');
  return typeof name === 'string' ? name : '';
};

/** A service as an instance of the class. */
const instanceOf = (machine: Machine, service: Service): Readonly<Record<string, Value>> => ({
  Name: service.name,
  AcceptStop: service.state === 'Running' && !service.isProtected,
  Caption: service.displayName,
  DelayedAutoStart: isDelayed(service),
  Description: service.description,
  DisplayName: service.displayName,
  ErrorControl: 'Normal',
  ExitCode: uint32(service.state === 'Stopped' && service.exitCode === 0 ? 0 : service.exitCode),
  PathName: service.path.replaceAll(/%SystemRoot%/gi, 'C:\\Windows'),
  ProcessId: uint32(service.pid),
  ServiceType: service.type === 16 ? 'Own Process' : 'Share Process',
  Started: service.state === 'Running',
  StartMode: service.start === 'Automatic' ? 'Auto' : service.start,
  StartName: service.account,
  State:
    service.state === 'StopPending'
      ? 'Stop Pending'
      : service.state === 'StartPending'
        ? 'Start Pending'
        : service.state,
  Status: 'OK',
  SystemName: machine.name,
});

/** Win32_Service. */
export const serviceClass: CimClass = {
  name: 'Win32_Service',
  outside:
    'AcceptPause CheckPoint CreationClassName DesktopInteract InstallDate ServiceSpecificExitCode SystemCreationClassName TagId WaitHint',
  namespace: 'root/cimv2',
  keys: ['Name'],
  instances: (machine) => machine.services.all().map((service) => instanceOf(machine, service)),
  named: (machine, name) => {
    const service = machine.services.find(name);
    return service ? [instanceOf(machine, service)] : [];
  },
  methods: {
    *StartService({ machine, self, pid }) {
      return yield* control(() => machine.services.start(nameOf(self), pid));
    },
    *StopService({ machine, self, pid }) {
      return yield* control(() => machine.services.stop(nameOf(self), pid));
    },
    *ChangeStartMode({ machine, self, pid, context, arguments: args }) {
      const mode = context.text(argumentOf(args, 'StartMode')).toLowerCase();
      const start = ({ automatic: 'Automatic', manual: 'Manual', disabled: 'Disabled' } as const)[mode];
      if (!start) return { ReturnValue: uint32(21) };
      return yield* control(() => machine.services.configure(nameOf(self), { start }, pid));
    },
  },
};

/** Return values of Win32_Service methods by Win32 code. */
const controlCodes: Readonly<Record<number, number>> = {
  5: 2,
  1051: 3,
  1052: 4,
  1053: 7,
  1056: 10,
  1058: 14,
  1060: 19,
  1061: 5,
  1062: 5,
  1068: 13,
  2: 9,
};

function* control(
  run: () => Promise<void> | undefined,
): Generator<Promise<void> | undefined, { ReturnValue: Value }, unknown> {
  try {
    yield run();
    return { ReturnValue: uint32(0) };
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    return { ReturnValue: uint32(controlCodes[error.code] ?? 8) };
  }
}
