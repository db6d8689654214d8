import { defineEnum } from '../../../evaluator/define.ts';
import type { BoundParameters, CommandContext } from '../../../evaluator/host.ts';
import { customObject, enumValue, localFromUnixMs } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import { cimObject, cimStateOf } from '../../cim/cim-instance.ts';
import { pnpEntityValues } from '../../cim/device-classes.ts';
import type { Device } from '../../machine/devices/pnp-devices.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { cimCommand } from './cim-command.ts';
import { notFoundBy } from './storage-cmdlets.ts';

/** The configuration manager's problem codes by name. */
export const problemEnum = defineEnum('Microsoft.PowerShell.Cmdletization.GeneratedTypes.PnpDevice.Problem', {
  CM_PROB_NONE: 0,
  CM_PROB_NOT_CONFIGURED: 1,
  CM_PROB_FAILED_START: 10,
  CM_PROB_NEED_RESTART: 14,
  CM_PROB_DISABLED: 22,
  CM_PROB_FAILED_INSTALL: 28,
  CM_PROB_FAILED_ADD: 31,
  CM_PROB_DRIVER_FAILED_LOAD: 39,
  CM_PROB_FAILED_POST_START: 43,
  CM_PROB_PHANTOM: 45,
});

const deviceObject = (context: CommandContext, device: Device): Value => {
  const { machine } = actorOf(context);
  const values = pnpEntityValues(machine, device);
  const problem = machine.hardware.pnp.problemOf(device);
  return cimObject(
    'Win32_PnPEntity',
    {
      ...values,
      Class: device.className,
      FriendlyName: device.name,
      InstanceId: device.instanceId,
      Problem:
        problem in problemNames
          ? enumValue(problemEnum, problem)
          : { kind: 'integer', type: 'UInt32', value: BigInt(problem) },
      ProblemDescription: null,
    },
    { keys: ['DeviceID'], machine },
  );
};

const problemNames: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(problemEnum.values).map(([name, value]) => [value, name]),
);

const devicesOf = (context: CommandContext, bound: BoundParameters): Device[] => {
  const { machine } = actorOf(context);
  const all = machine.hardware.pnp.devices;
  const ids = [
    ...bound.texts('InstanceId'),
    ...bound.list('InputObject').map((value) => context.text(cimStateOf(value)?.values.get('DeviceID') ?? null)),
  ];
  const names = bound.texts('FriendlyName');
  const named =
    ids.length === 0 && names.length === 0
      ? all
      : [
          ...ids.flatMap((id) => select(context, all, id, 'DeviceId', ({ instanceId }) => instanceId)),
          ...names.flatMap((name) => select(context, all, name, 'Name', (device) => device.name)),
        ];
  const classes = bound.texts('Class');
  const states = bound.list('Status').map((value) => context.text(value).toUpperCase());
  return named.filter(
    (device) =>
      (classes.length === 0 || classes.some((one) => context.like(device.className, one))) &&
      (states.length === 0 ||
        states.includes(context.text(pnpEntityValues(machine, device)['Status']).toUpperCase())) &&
      (!bound.flag('PresentOnly') || device.isPresent),
  );
};

const select = (
  context: CommandContext,
  all: readonly Device[],
  wanted: string,
  property: string,
  read: (device: Device) => string,
): Device[] => {
  const found = all.filter((device) => context.like(read(device), wanted.replace(/\[/g, '`[')));
  if (found.length === 0 && !/[*?]/.test(wanted)) context.writeError(notFoundBy('Win32_PnPEntity', property, wanted));
  return found;
};

const getDevice = cimCommand('Get-PnpDevice', {
  pipeline: { InstanceId: 'both', FriendlyName: 'name', Class: 'name' },
  parameterAliases: { InstanceId: ['DeviceId'] },
  simulated: ['InstanceId', 'FriendlyName', 'Class', 'PresentOnly', 'Status'],
  process: (context, bound) => {
    for (const device of devicesOf(context, bound)) context.write(deviceObject(context, device));
  },
});

const switchDevice = (name: 'Enable-PnpDevice' | 'Disable-PnpDevice') =>
  cimCommand(name, {
    pipeline: { InputObject: 'value' },
    parameterAliases: { InstanceId: ['DeviceId'] },
    simulated: ['InstanceId', 'InputObject', 'PassThru'],
    *process(context, bound) {
      const { machine, pid } = actorOf(context);
      for (const device of devicesOf(context, bound)) {
        if (!context.shouldProcess(device.instanceId, name)) continue;
        const isBoot =
          machine.hardware.disks.diskOf('C:')?.instanceId === device.instanceId ||
          machine.hardware.pnp.driverOf(device)?.isBootCritical;
        if (name === 'Disable-PnpDevice' && isBoot && device.className !== 'DiskDrive') {
          context.writeError({
            id: `HRESULT 0x80041001`,
            message: 'Generic failure ',
            category: 'NotSpecified',
            target: device.instanceId,
            exception: 'Microsoft.Management.Infrastructure.CimException',
          });
          continue;
        }
        yield machine.hardware.pnp.setEnabled(device, name === 'Enable-PnpDevice', pid);
        if (bound.flag('PassThru')) context.write(deviceObject(context, device));
      }
    },
  });

const getProperty = cimCommand('Get-PnpDeviceProperty', {
  pipeline: { InputObject: 'value' },
  parameterAliases: { InstanceId: ['DeviceId'] },
  simulated: ['InstanceId', 'InputObject', 'KeyName'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const wanted = bound.texts('KeyName');
    for (const device of devicesOf(context, bound)) {
      const driver = machine.hardware.pnp.driverOf(device);
      const [month, day, year] = (driver?.date ?? '').split('/').map(Number);
      const properties: readonly (readonly [string, string, Value])[] = [
        ['DEVPKEY_Device_DeviceDesc', 'String', driver?.description ?? device.name],
        ['DEVPKEY_Device_HardwareIds', 'StringList', [...device.hardwareIds]],
        ['DEVPKEY_Device_Class', 'String', device.className],
        ['DEVPKEY_Device_ClassGuid', 'Guid', device.classGuid],
        ['DEVPKEY_Device_Manufacturer', 'String', device.manufacturer],
        [
          'DEVPKEY_Device_ProblemCode',
          'UInt32',
          { kind: 'integer', type: 'UInt32', value: BigInt(machine.hardware.pnp.problemOf(device)) },
        ],
        ['DEVPKEY_Device_IsPresent', 'Boolean', device.isPresent],
        ['DEVPKEY_Device_InstanceId', 'String', device.instanceId],
        ['DEVPKEY_Device_Service', driver ? 'String' : 'Empty', driver?.service ?? null],
        ['DEVPKEY_Device_DriverVersion', driver ? 'String' : 'Empty', driver?.version ?? null],
        ['DEVPKEY_Device_DriverProvider', driver ? 'String' : 'Empty', driver?.provider ?? null],
        ['DEVPKEY_Device_DriverInfPath', driver ? 'String' : 'Empty', driver?.published ?? null],
        [
          'DEVPKEY_Device_DriverDate',
          driver ? 'FileTime' : 'Empty',
          driver ? localFromUnixMs(Date.UTC(year ?? 1601, (month ?? 1) - 1, day ?? 1), 0) : null,
        ],
      ];
      const shown =
        wanted.length === 0
          ? properties
          : wanted.map(
              (name) =>
                properties.find(([key]) => key.toLowerCase() === name.toLowerCase()) ??
                ([name, 'Empty', null] as const),
            );
      for (const [KeyName, Type, Data] of shown)
        context.write(
          customObject({ InstanceId: device.instanceId, KeyName, Type, Data }, [
            'Microsoft.Management.Infrastructure.CimInstance#Win32_PnPDeviceProperty',
          ]),
        );
    }
  },
});

/** Get-, Enable- and Disable-PnpDevice, Get-PnpDeviceProperty. */
export const pnpCmdlets = [getDevice, switchDevice('Enable-PnpDevice'), switchDevice('Disable-PnpDevice'), getProperty];
