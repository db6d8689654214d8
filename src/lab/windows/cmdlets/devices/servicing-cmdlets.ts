import { defineEnum } from '../../../evaluator/define.ts';
import type { BoundParameters, CommandContext } from '../../../evaluator/host.ts';
import { customObject, enumValue, exception, localFromUnixMs, utcFromUnixMs } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import { uint32, uint64 } from '../../cim/cim-instance.ts';
import { repositoryFolder } from '../../machine/devices/driver-package.ts';
import { readWim } from '../../machine/devices/setup-media.ts';
import type { InstalledUpdate } from '../../machine/devices/update-packages.ts';
import { absolutePath } from '../../machine/files/paths.ts';
import { work } from '../../programs/work.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';

/** Microsoft.Dism.Commands.PackageFeatureState. */
export const packageStateEnum = defineEnum('Microsoft.Dism.Commands.PackageFeatureState', {
  NotPresent: 0,
  UninstallPending: 1,
  Staged: 2,
  Removed: 3,
  Installed: 4,
  InstallPending: 5,
  Superseded: 6,
  PartiallyInstalled: 7,
});

/** Microsoft.Dism.Commands.PackageReleaseType. */
export const releaseTypeEnum = defineEnum('Microsoft.Dism.Commands.PackageReleaseType', {
  CriticalUpdate: 0,
  Driver: 1,
  FeaturePack: 2,
  Hotfix: 3,
  SecurityUpdate: 4,
  SoftwareUpdate: 5,
  Update: 6,
  UpdateRollup: 7,
  LanguagePack: 8,
  Foundation: 9,
  ServicePack: 10,
  Product: 11,
  LocalPack: 12,
  Other: 13,
  OnDemandPack: 14,
});

/** Microsoft.Dism.Commands.DriverSignature. */
export const driverSignatureEnum = defineEnum('Microsoft.Dism.Commands.DriverSignature', {
  Unknown: 0,
  Unsigned: 1,
  Signed: 2,
});

/** Ends a command of the module Dism with the code that servicing gave. `code` is unsigned. */
const failDism = (context: CommandContext, className: string, code: number, message: string): never =>
  context.fail({
    id: className,
    message,
    category: 'NotSpecified',
    exception: exception('System.Runtime.InteropServices.COMException', message, {
      hresult: code | 0,
      properties: { ErrorCode: code | 0 },
    }),
  });

const packageObject = (context: CommandContext, update: InstalledUpdate): Value =>
  customObject(
    {
      PackageName: update.identity,
      PackageState: enumValue(packageStateEnum, update.state.replace(' ', '')),
      ReleaseType: enumValue(releaseTypeEnum, update.category.replace(' ', '')),
      InstallTime: localFromUnixMs(update.installedMs, actorOf(context).machine.timeZone.offsetMinutes),
      Online: true,
    },
    ['Microsoft.Dism.Commands.BasicPackageObject', 'Microsoft.Dism.Commands.ImageObject'],
  );

const getPackage = command('Get-WindowsPackage', {
  className: 'Microsoft.Dism.Commands.GetWindowsPackageCommand',
  sets: ['Offline', 'Online'],
  defaultSet: 'Offline',
  simulated: ['Online', 'PackageName'],
  process: (context, bound) => {
    const { packages } = actorOf(context).machine.hardware;
    const name = bound.text('PackageName');
    if (name === undefined) for (const update of packages.updates) context.write(packageObject(context, update));
    else {
      const update = packages.find(name);
      if (!update)
        failDism(
          context,
          'Microsoft.Dism.Commands.GetWindowsPackageCommand',
          0x800f0805,
          'The specified package is not valid Windows package. ',
        );
      else context.write(packageObject(context, update));
    }
  },
});

/** What Add- and Remove-WindowsPackage give: the image and whether a restart is needed. */
const imageObject = (needsRestart: boolean): Value =>
  customObject({ Path: '', Online: true, RestartNeeded: needsRestart }, ['Microsoft.Dism.Commands.ImageObject']);

const addPackage = command('Add-WindowsPackage', {
  className: 'Microsoft.Dism.Commands.AddWindowsPackageCommand',
  sets: ['Online', 'Offline'],
  simulated: ['PackagePath', 'Online', 'NoRestart', 'PreventPending'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const { packages } = machine.hardware;
    yield* work(machine, pid, packages.installMs);
    const result = packages.add(absolutePath(bound.text('PackagePath') ?? ''), pid);
    if (result.kind === 'failed')
      failDism(
        context,
        'Microsoft.Dism.Commands.AddWindowsPackageCommand',
        result.hresult,
        `Add-WindowsPackage failed. Error code = 0x${result.hresult.toString(16)}`,
      );
    context.write(imageObject(result.kind === 'pending'));
  },
});

const removePackage = command('Remove-WindowsPackage', {
  className: 'Microsoft.Dism.Commands.RemoveWindowsPackageCommand',
  sets: ['Offline', 'Online'],
  simulated: ['PackageName', 'Online', 'NoRestart'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    yield* work(machine, pid, machine.hardware.packages.installMs / 2);
    const code = machine.hardware.packages.remove(bound.text('PackageName') ?? '', pid);
    if (code !== 0)
      failDism(
        context,
        'Microsoft.Dism.Commands.RemoveWindowsPackageCommand',
        code,
        `Remove-WindowsPackage failed. Error code = 0x${code.toString(16)}`,
      );
    context.write(imageObject(true));
  },
});

const getImage = command('Get-WindowsImage', {
  className: 'Microsoft.Dism.Commands.GetWindowsImageCommand',
  sets: ['ImageList', 'ImageByName', 'ImageByIndex', 'Mounted'],
  simulated: ['ImagePath', 'Name', 'Index', 'Mounted'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const className = 'Microsoft.Dism.Commands.GetWindowsImageCommand';
    if (bound.flag('Mounted')) return;
    const node = machine.files.find(absolutePath(bound.text('ImagePath') ?? ''));
    if (!node) failDism(context, className, 0x80070002, 'The system cannot find the file specified. ');
    const images = readWim(node?.bytes);
    if (!images) return failDism(context, className, 0x8007000d, 'The data is invalid. ');
    const [index, name] = [bound.number('Index'), bound.text('Name')];
    for (const image of images) {
      if (index !== undefined && image.index !== index) continue;
      if (name !== undefined && image.name.toLowerCase() !== name.toLowerCase()) continue;
      const isOne = index !== undefined || name !== undefined;
      context.write(
        customObject(
          {
            ImageIndex: uint32(image.index),
            ImageName: image.name,
            ImageDescription: image.name,
            ImageSize: uint64(16_000_000_000),
            ...(isOne
              ? {
                  EditionId: image.edition,
                  Architecture: uint32(9),
                  Version: `10.0.${image.build}.${image.ubr}`,
                  SPBuild: uint32(image.ubr),
                  Languages: [image.language],
                  DefaultLanguageIndex: uint32(0),
                  InstallationType: image.edition.startsWith('Server') ? 'Server' : 'Client',
                  CreatedTime: utcFromUnixMs(Date.UTC(2026, 8, 5)),
                }
              : {}),
          },
          [`Microsoft.Dism.Commands.${isOne ? 'Wim' : 'Basic'}ImageInfoObject`],
        ),
      );
    }
    return undefined;
  },
});

const driversOf = (context: CommandContext, bound: BoundParameters) => {
  const { store } = actorOf(context).machine.hardware.pnp;
  const name = bound.text('Driver');
  if (name !== undefined)
    return store.packages.filter(({ published }) => published.toLowerCase() === name.toLowerCase());
  return store.packages.filter(({ isInbox }) => !isInbox || bound.flag('All'));
};

const getDriver = command('Get-WindowsDriver', {
  className: 'Microsoft.Dism.Commands.GetWindowsDriverCommand',
  sets: ['Offline', 'Online'],
  simulated: ['Online', 'All', 'Driver'],
  process: (context, bound) => {
    const found = driversOf(context, bound);
    if (bound.has('Driver') && found.length === 0)
      failDism(
        context,
        'Microsoft.Dism.Commands.GetWindowsDriverCommand',
        0x80070002,
        'The system cannot find the file specified. ',
      );
    for (const one of found) {
      const [month, day, year] = one.date.split('/').map(Number);
      context.write(
        customObject(
          {
            Driver: one.published,
            OriginalFileName: one.isInbox
              ? `C:\\Windows\\System32\\DriverStore\\FileRepository\\${one.original}`
              : `${repositoryFolder(one)}\\${one.original}`,
            Inbox: one.isInbox,
            CatalogFile: `${one.original.replace(/\.inf$/i, '')}.cat`,
            ClassName: one.className,
            ClassGuid: one.classGuid.toUpperCase(),
            ClassDescription: one.className,
            BootCritical: one.isBootCritical,
            DriverSignature: enumValue(driverSignatureEnum, 'Signed'),
            ProviderName: one.provider,
            Date: localFromUnixMs(Date.UTC(year ?? 1601, (month ?? 1) - 1, day ?? 1), 0),
            Version: one.version,
            Online: true,
          },
          ['Microsoft.Dism.Commands.BasicDriverObject', 'Microsoft.Dism.Commands.ImageObject'],
        ),
      );
    }
  },
});

const exportDriver = command('Export-WindowsDriver', {
  className: 'Microsoft.Dism.Commands.ExportWindowsDriverCommand',
  sets: ['Offline', 'Online'],
  simulated: ['Online', 'Destination'],
  process: (context, bound) => {
    const { machine, pid } = actorOf(context);
    const target = absolutePath(bound.text('Destination') ?? '');
    if (!machine.files.find(target)?.isFolder)
      failDism(
        context,
        'Microsoft.Dism.Commands.ExportWindowsDriverCommand',
        0x80070003,
        'The system cannot find the path specified. ',
      );
    for (const one of machine.hardware.pnp.store.packages.filter(({ isInbox }) => !isInbox)) {
      machine.hardware.pnp.store.export(one, target, pid);
      context.write(
        customObject(
          {
            Driver: one.published,
            OriginalFileName: one.original,
            Inbox: false,
            ClassName: one.className,
            ProviderName: one.provider,
            Version: one.version,
          },
          ['Microsoft.Dism.Commands.BasicDriverObject'],
        ),
      );
    }
  },
});

/** Get-, Add- and Remove-WindowsPackage, Get-WindowsImage, Get- and Export-WindowsDriver. */
export const servicingCmdlets = [getPackage, addPackage, removePackage, getImage, getDriver, exportDriver];
