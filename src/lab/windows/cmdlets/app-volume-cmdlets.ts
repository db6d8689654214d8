import type { BoundParameters, CommandContext } from '../../evaluator/host.ts';
import { customObject } from '../../evaluator/make.ts';
import { checkPackage, deploy, stagePackage } from '../machine/apps/app-deployment.ts';
import { decodePackage } from '../machine/apps/app-package.ts';
import type { PackageVolume } from '../machine/apps/app-packages.ts';
import { absolutePath } from '../machine/files/paths.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { volumeObject, volumeOf } from '../types/appx-volume.ts';
import { appxClass, attemptDeployment, needApps } from './app-objects.ts';
import { command } from './command-syntax.ts';

const getVolume = command('Get-AppxVolume', {
  className: appxClass('GetAppxVolume'),
  sets: ['OnlineParameterSet', 'DefaultParameterSet', 'OfflineParameterSet'],
  defaultSet: 'DefaultParameterSet',
  simulated: ['Path', 'Online', 'Offline'],
  process: (context, bound) => {
    const wanted = bound.text('Path')?.toLowerCase().replace(/\\+$/, '');
    for (const volume of actorOf(context).machine.apps.volumes()) {
      if (bound.flag('Online') && volume.isOffline) continue;
      if (bound.flag('Offline') && !volume.isOffline) continue;
      const path = volume.path.toLowerCase();
      if (wanted === undefined || path === wanted || path.slice(0, 2) === wanted) context.write(volumeObject(volume));
    }
  },
});

const getDefaultVolume = command('Get-AppxDefaultVolume', {
  className: appxClass('GetAppxDefaultVolume'),
  simulated: [],
  process: (context) => {
    const volume = actorOf(context).machine.apps.defaultVolume();
    if (volume) context.write(volumeObject(volume));
  },
});

const boundVolumes = (bound: BoundParameters): PackageVolume[] =>
  bound.list('Volume').flatMap((value) => volumeOf(value) ?? []);

const refuseVolume = (context: CommandContext, path: string): void =>
  context.writeError({
    id: 'DeploymentError',
    message: `Deployment failed with HRESULT: 0x80073D0D, The package volume is offline. (Exception from HRESULT: 0x80073D0D)`,
    category: 'InvalidArgument',
    target: path,
    exception: 'System.Exception',
    hresult: 0x80073d0d,
  });

const setDefaultVolume = command('Set-AppxDefaultVolume', {
  className: appxClass('SetAppxDefaultVolume'),
  pipeline: { Volume: 'both' },
  simulated: ['Volume'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    for (const volume of boundVolumes(bound)) {
      if (volume.isOffline) refuseVolume(context, volume.path);
      else if (context.shouldProcess(volume.path, 'Set default volume'))
        yield machine.apps.setDefaultVolume(volume, pid);
    }
  },
});

const addVolume = command('Add-AppxVolume', {
  className: appxClass('AddAppxVolume'),
  pipeline: { Path: 'both' },
  parameterAliases: { Path: ['PSPath'] },
  simulated: ['Path'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    for (const path of bound.texts('Path')) {
      const volume = machine.files.volumes.get(path.slice(0, 2).toUpperCase());
      if (!volume) refuseVolume(context, path);
      else if (context.shouldProcess(path, 'Add volume')) {
        yield machine.apps.addVolume(volume.guid, path.replace(/\\+$/, ''), pid);
        const added = machine.apps.volumes().find(({ name }) => name.endsWith(volume.guid));
        if (added) context.write(volumeObject(added));
      }
    }
  },
});

const forVolumes = (name: string, run: (context: CommandContext, volume: PackageVolume) => Promise<void> | undefined) =>
  command(name, {
    className: appxClass(name.replace('-', '')),
    pipeline: { Volume: 'both' },
    simulated: ['Volume'],
    *process(context, bound) {
      for (const volume of boundVolumes(bound))
        if (context.shouldProcess(volume.path, name)) yield run(context, volume);
    },
  });

const removeVolume = forVolumes('Remove-AppxVolume', (context, volume) => {
  const { machine, pid } = actorOf(context);
  return machine.apps.removeVolume(volume, pid);
});
const mountVolume = forVolumes('Mount-AppxVolume', (context, volume) => {
  const { machine, pid } = actorOf(context);
  const isHere = [...machine.files.volumes.values()].some(({ guid }) => volume.name.endsWith(guid));
  if (isHere) return machine.apps.setOffline(volume, false, pid);
  refuseVolume(context, volume.path);
  return undefined;
});
const dismountVolume = forVolumes('Dismount-AppxVolume', (context, volume) => {
  const { machine, pid } = actorOf(context);
  return machine.apps.setOffline(volume, true, pid);
});

const dismClass = (name: string): string => `Microsoft.Dism.Commands.${name}Command`;

const getProvisioned = command('Get-AppxProvisionedPackage', {
  className: dismClass('GetAppxProvisionedPackage'),
  aliases: ['Get-ProvisionedAppxPackage'],
  sets: ['Offline', 'Online'],
  defaultSet: 'Offline',
  simulated: ['Online'],
  process: (context) => {
    const { apps } = actorOf(context).machine;
    for (const { fullName, name, version, architecture, resourceId, publisherId } of apps.provisioned())
      context.write(
        customObject(
          {
            Version: version,
            PackageName: fullName,
            DisplayName: name,
            PublisherId: publisherId,
            Architecture: architecture === 'x64' ? 9 : architecture === 'x86' ? 0 : 11,
            ResourceId: resourceId,
            InstallLocation: `${apps.folderOf(fullName)}\\AppxManifest.xml`,
            Regions: '',
            Online: true,
            RestartNeeded: false,
          },
          ['Microsoft.Dism.Commands.AppxPackageObject'],
        ),
      );
  },
});

const addProvisioned = command('Add-AppxProvisionedPackage', {
  className: dismClass('AddAppxProvisionedPackage'),
  aliases: ['Add-ProvisionedAppxPackage'],
  sets: ['Offline', 'Online'],
  defaultSet: 'Offline',
  simulated: ['Online', 'PackagePath', 'SkipLicense'],
  *process(context, bound) {
    const { machine, process, pid } = actorOf(context);
    needApps(context, machine);
    const path = absolutePath(bound.text('PackagePath') ?? '', context.location);
    const node = machine.files.find(path);
    const content = node && decodePackage(machine.files.read(node));
    if (!content)
      return context.fail({
        id: dismClass('AddAppxProvisionedPackage'),
        message: 'The system cannot find the file specified.',
        category: 'NotSpecified',
        exception: 'System.Runtime.InteropServices.COMException',
        hresult: 0x80070002,
      });
    yield machine.clock.wait(pid, 20_000);
    const deployment = {
      verb: 'Provision' as const,
      fullName: content.fullName,
      from: path,
      closesApps: false,
      account: process.account,
      sessionId: process.sessionId,
    };
    const isDone = attemptDeployment(context, path, () =>
      deploy(machine, deployment, (refuse) => {
        stagePackage(machine, content, pid, refuse);
        checkPackage(machine, content.fullName, refuse);
      }),
    );
    if (isDone) yield machine.apps.provision(content.fullName, pid);
    return undefined;
  },
});

const removeProvisioned = command('Remove-AppxProvisionedPackage', {
  className: dismClass('RemoveAppxProvisionedPackage'),
  aliases: ['Remove-ProvisionedAppxPackage'],
  sets: ['Offline', 'Online'],
  defaultSet: 'Offline',
  pipeline: { PackageName: 'name' },
  simulated: ['Online', 'PackageName'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const name = bound.text('PackageName') ?? '';
    const found = machine.apps.provisioned().find(({ fullName }) => fullName.toLowerCase() === name.toLowerCase());
    if (!found)
      return context.fail({
        id: dismClass('RemoveAppxProvisionedPackage'),
        message: 'The system cannot find the file specified.',
        category: 'NotSpecified',
        exception: 'System.Runtime.InteropServices.COMException',
        hresult: 0x80070002,
      });
    yield machine.apps.deprovision(found.fullName, pid);
    return undefined;
  },
});

/** Volumes for packages, and the packages that every new user gets. */
export const appVolumeCmdlets = [
  getVolume,
  getDefaultVolume,
  setDefaultVolume,
  addVolume,
  removeVolume,
  mountVolume,
  dismountVolume,
  getProvisioned,
  addProvisioned,
  removeProvisioned,
];
