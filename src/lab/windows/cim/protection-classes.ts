import { localFromUnixMs } from '../../evaluator/make.ts';
import { encryptableVolume } from './bitlocker-class.ts';
import { argumentOf, type CimClass } from './cim-class.ts';
import { uint32, uint64 } from './cim-instance.ts';

const systemRestore: CimClass = {
  name: 'SystemRestore',
  isForAdministrators: true,
  namespace: 'root/default',
  keys: ['SequenceNumber'],
  exists: (machine) => machine.restore.exists,
  instances: (machine) =>
    machine.restore.points.map((point) => ({
      CreationTime: `${new Date(point.createdMs).toISOString().slice(0, 19).replace(/[-T:]/g, '')}.000000-000`,
      Description: point.description,
      EventType: uint32(point.eventType),
      RestorePointType: uint32(point.type),
      SequenceNumber: uint32(point.sequence),
    })),
  methods: {
    *CreateRestorePoint({ machine, arguments: args, context, pid }) {
      yield machine.clock.wait(pid, machine.restore.createMs);
      const description = context.text(argumentOf(args, 'Description'));
      const [type, event] = [argumentOf(args, 'RestorePointType'), argumentOf(args, 'EventType')].map((value) =>
        Number(context.text(value)),
      );
      return { ReturnValue: uint32(machine.restore.create(description, type ?? 0, event ?? 100, pid)) };
    },
    Enable: ({ machine, arguments: args, context, pid }) => ({
      ReturnValue: uint32(machine.restore.enable(context.text(argumentOf(args, 'Drive')), pid)),
    }),
    Disable: ({ machine, arguments: args, context, pid }) => ({
      ReturnValue: uint32(machine.restore.disable(context.text(argumentOf(args, 'Drive')), pid)),
    }),
    GetLastRestoreStatus: () => ({ ReturnValue: uint32(1) }),
  },
};

const shadowCopy: CimClass = {
  name: 'Win32_ShadowCopy',
  isForAdministrators: true,
  outside:
    'Caption Description ExposedLocally ExposedName ExposedPath ExposedRemotely HardwareAssisted Imported Name NotSurfaced Plex Status Transportable',
  namespace: 'root/cimv2',
  keys: ['ID'],
  instances: (machine) =>
    machine.shadows.copies.map((copy) => ({
      ID: copy.id,
      ClientAccessible: true,
      Count: uint32(1),
      DeviceObject: copy.deviceObject,
      Differential: true,
      InstallDate: localFromUnixMs(copy.createdMs, machine.timeZone.offsetMinutes),
      NoAutoRelease: true,
      NoWriters: true,
      OriginatingMachine: machine.name,
      Persistent: true,
      ProviderID: '{b5946137-7b9f-4925-af80-51abd60b20d5}',
      ServiceMachine: machine.name,
      SetID: copy.id,
      State: uint32(12),
      VolumeName: copy.volume,
    })),
  methods: {
    *Create({ machine, arguments: args, context, pid }) {
      yield machine.clock.wait(pid, machine.shadows.createMs);
      const kind = argumentOf(args, 'Context');
      const made = machine.shadows.create(
        context.text(argumentOf(args, 'Volume')),
        kind === null ? 'ClientAccessible' : context.text(kind),
        pid,
      );
      return { ReturnValue: uint32(made.code), ShadowID: made.copy?.id ?? null };
    },
  },
  remove: (machine, self, pid) => {
    const id = self.values.get('ID');
    if (typeof id === 'string') machine.shadows.remove(id, pid);
  },
};

const shadowStorage: CimClass = {
  name: 'Win32_ShadowStorage',
  isForAdministrators: true,
  namespace: 'root/cimv2',
  keys: ['Volume'],
  instances: (machine) =>
    [...machine.files.volumes.values()]
      .filter(({ drive }) => machine.hardware.writers.hasStorage(drive))
      .map((volume) => ({
        AllocatedSpace: uint64(320 * 2 ** 20),
        DiffVolume: `Win32_Volume (DeviceID = "\\\\?\\Volume${volume.guid}\\")`,
        MaxSpace: uint64(machine.hardware.writers.limit(volume.drive)),
        UsedSpace: uint64(
          machine.shadows.copies.filter((copy) => copy.volume.includes(volume.guid)).length * 64 * 2 ** 20,
        ),
        Volume: `Win32_Volume (DeviceID = "\\\\?\\Volume${volume.guid}\\")`,
      })),
  *set({ machine, self, changes, context, pid }) {
    const guid = /\{[^}]+\}/.exec(context.text(self.values.get('Volume') ?? ''))?.[0] ?? '';
    const volume = [...machine.files.volumes.values()].find((one) => one.guid.toLowerCase() === guid.toLowerCase());
    const size = changes.get('MaxSpace');
    if (volume && size !== undefined)
      yield machine.hardware.writers.setLimit(volume.drive, Number(context.text(size)), pid);
  },
};

/** Restore points, shadow copies and BitLocker. */
export const protectionClasses = [systemRestore, shadowCopy, shadowStorage, encryptableVolume];
