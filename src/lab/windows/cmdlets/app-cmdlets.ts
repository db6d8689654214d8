import type { CommandContext } from '../../evaluator/host.ts';
import { customObject, localFromUnixMs } from '../../evaluator/make.ts';
import { isElevated } from '../accounts.ts';
import {
  checkData,
  checkPackage,
  checkSession,
  type Deployment,
  deploy,
  stagePackage,
} from '../machine/apps/app-deployment.ts';
import { decodePackage } from '../machine/apps/app-package.ts';
import { absolutePath, parentOf } from '../machine/files/paths.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { appxClass, attemptDeployment, needApps, packageObject } from './app-objects.ts';
import { command } from './command-syntax.ts';
import { pathNotFound } from './items/provider-path.ts';

const isAdministrator = (context: CommandContext): boolean => isElevated(actorOf(context).process.account);

const getPackage = command('Get-AppxPackage', {
  className: appxClass('GetAppxPackage'),
  aliases: ['Get-AppPackage'],
  pipeline: { Name: 'both', Publisher: 'name' },
  simulated: ['Name', 'Publisher', 'AllUsers', 'User'],
  process: (context, bound) => {
    const { machine, process } = actorOf(context);
    const isForAll = bound.flag('AllUsers');
    const user = bound.text('User');
    const account = user === undefined ? process.account : machine.accountOf(user);
    if ((isForAll || (account && account.sid !== process.account.sid)) && !isAdministrator(context))
      return context.fail({
        id: 'System.UnauthorizedAccessException',
        message: 'Access is denied.',
        category: 'NotSpecified',
        exception: 'System.UnauthorizedAccessException',
      });
    const { apps } = machine;
    const all = isForAll ? apps.staged() : apps.of(account?.sid ?? '');
    for (const identity of all) {
      if (bound.has('Name') && !context.like(identity.name, bound.text('Name') ?? '')) continue;
      const object = packageObject(machine, identity, isForAll ? apps.usersOf(identity.fullName) : undefined);
      const publisher = bound.text('Publisher');
      if (publisher !== undefined && !context.like(context.text(context.property(object, 'Publisher')), publisher))
        continue;
      context.write(object);
    }
    return undefined;
  },
});

const deploymentOf = (
  context: CommandContext,
  verb: Deployment['verb'],
  fullName: string,
  from: string,
  closesApps: boolean,
): Deployment => {
  const { process } = actorOf(context);
  return { verb, fullName, from, closesApps, account: process.account, sessionId: process.sessionId };
};

/** Registers what a manifest describes for the account that asks. */
const registerManifest = (context: CommandContext, path: string, closesApps: boolean): void => {
  const { machine, process, pid } = actorOf(context);
  const folder = parentOf(path);
  const identity = machine.apps
    .staged()
    .find(({ fullName }) => machine.apps.folderOf(fullName).toLowerCase() === folder.toLowerCase());
  if (!identity) return context.unsupported('Add-AppxPackage -Register of a package that is not staged');
  const deployment = deploymentOf(context, 'Register', identity.fullName, path, closesApps);
  attemptDeployment(context, path, () =>
    deploy(machine, deployment, (refuse) => {
      checkSession(deployment, refuse);
      checkPackage(machine, identity.fullName, refuse);
      void machine.apps.register(process.account.sid, identity.fullName, pid);
    }),
  );
};

const addPackage = command('Add-AppxPackage', {
  className: appxClass('AddAppxPackage'),
  aliases: ['Add-AppPackage'],
  sets: ['AddSet', 'RegisterSet', 'UpdateSet', 'RegisterByPackageFullNameSet'],
  pipeline: { Path: 'both' },
  parameterAliases: { Path: ['PSPath'] },
  simulated: [
    'Path',
    'Register',
    'DisableDevelopmentMode',
    'ForceApplicationShutdown',
    'ForceTargetApplicationShutdown',
    'MainPackage',
  ],
  process: (context, bound) => {
    const { machine, process, pid } = actorOf(context);
    needApps(context, machine);
    const closesApps = bound.flag('ForceApplicationShutdown') || bound.flag('ForceTargetApplicationShutdown');
    const main = bound.text('MainPackage');
    const given = main === undefined ? (bound.text('Path') ?? '') : `${machine.apps.folderOf(main)}\\AppxManifest.xml`;
    const path = absolutePath(given, context.location);
    const node = machine.files.find(path);
    if (!node) return context.writeError(pathNotFound(path));
    if (!context.shouldProcess(path, 'Deploy package')) return undefined;
    if (bound.flag('Register') || main !== undefined) return registerManifest(context, path, closesApps);
    const content = decodePackage(machine.files.read(node));
    const deployment = deploymentOf(context, 'Add', content?.fullName ?? path.replace(/^.*\\/, ''), path, closesApps);
    attemptDeployment(context, path, () =>
      deploy(machine, deployment, (refuse) => {
        checkSession(deployment, refuse);
        if (!content) return refuse(0x80073cf0, 0x8007000b);
        stagePackage(machine, content, pid, refuse);
        checkPackage(machine, content.fullName, refuse);
        void machine.apps.register(process.account.sid, content.fullName, pid);
        return undefined;
      }),
    );
    return undefined;
  },
});

/** Takes a package from an account; what nobody has and nobody gets any more leaves the disk. */
const removeFrom = (context: CommandContext, sid: string, fullName: string, keepsData: boolean): void => {
  const { machine, pid } = actorOf(context);
  const { apps } = machine;
  void apps.unregister(sid, fullName, pid, keepsData);
  const isWanted = apps.usersOf(fullName).length > 0 || apps.provisioned().some((other) => other.fullName === fullName);
  if (!isWanted) apps.unstage(fullName);
};

const removePackage = command('Remove-AppxPackage', {
  className: appxClass('RemoveAppxPackage'),
  aliases: ['Remove-AppPackage'],
  pipeline: { Package: 'both' },
  // Newer builds have these two; the list that the other parameters are held to is older.
  dynamic: { AllUsers: { type: 'switch' }, User: { type: 'string' } },
  simulated: ['Package', 'PreserveApplicationData'],
  process: (context, bound) => {
    const { machine, process } = actorOf(context);
    needApps(context, machine);
    const name = bound.text('Package') ?? '';
    if (!context.shouldProcess(name, 'Remove package')) return;
    const user = bound.text('User');
    const isForOthers = bound.flag('AllUsers') || user !== undefined;
    const deployment = deploymentOf(context, 'Remove', name, name, true);
    attemptDeployment(context, name, () =>
      deploy(machine, deployment, (refuse) => {
        const { apps } = machine;
        if (isForOthers && !isAdministrator(context)) return refuse(0x80070005);
        const found = apps.staged().find(({ fullName }) => fullName.toLowerCase() === name.toLowerCase());
        const owner = user === undefined ? process.account.sid : (machine.accountOf(user)?.sid ?? '');
        const owners = !found ? [] : bound.flag('AllUsers') ? apps.usersOf(found.fullName) : [owner];
        if (!found || !owners.every((sid) => apps.usersOf(found.fullName).includes(sid))) return refuse(0x80073cf1);
        if (!bound.flag('PreserveApplicationData'))
          for (const sid of owners) checkData(machine, sid, found.fullName, refuse);
        for (const sid of owners) removeFrom(context, sid, found.fullName, bound.flag('PreserveApplicationData'));
        return undefined;
      }),
    );
  },
});

const resetPackage = command('Reset-AppxPackage', {
  className: appxClass('ResetAppxPackage'),
  pipeline: { Package: 'both' },
  simulated: ['Package'],
  process: (context, bound) => {
    const { machine, process, pid } = actorOf(context);
    if (machine.edition.build < 22_000)
      return context.fail({
        id: 'CommandNotFoundException',
        message:
          "The term 'Reset-AppxPackage' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.",
        category: 'ObjectNotFound',
        target: 'Reset-AppxPackage',
        exception: 'System.Management.Automation.CommandNotFoundException',
      });
    const name = bound.text('Package') ?? '';
    if (!context.shouldProcess(name, 'Reset package')) return undefined;
    const deployment = deploymentOf(context, 'Register', name, name, true);
    attemptDeployment(context, name, () =>
      deploy(machine, deployment, (refuse) => {
        checkSession(deployment, refuse);
        const { apps } = machine;
        const found = apps
          .of(process.account.sid)
          .find(({ fullName }) => fullName.toLowerCase() === name.toLowerCase());
        if (!found) return refuse(0x80073cf1);
        checkPackage(machine, found.fullName, refuse);
        checkData(machine, process.account.sid, found.fullName, refuse);
        void apps.unregister(process.account.sid, found.fullName, pid);
        void apps.register(process.account.sid, found.fullName, pid);
        return undefined;
      }),
    );
    return undefined;
  },
});

const getManifest = command('Get-AppxPackageManifest', {
  className: 'Get-AppxPackageManifest',
  commandType: 'Function',
  pipeline: { Package: 'both' },
  simulated: ['Package'],
  process: (context, bound) => {
    const { apps, files } = actorOf(context).machine;
    const path = `${apps.folderOf(bound.text('Package') ?? '')}\\AppxManifest.xml`;
    const node = files.find(path);
    if (!node) return context.writeError(pathNotFound(path));
    context.write(context.convert(Buffer.from(files.read(node)).toString(), 'xml'));
    return undefined;
  },
});

const log = 'Microsoft-Windows-AppXDeploymentServer/Operational';

const getLog = command('Get-AppxLog', {
  className: 'Get-AppxLog',
  commandType: 'Function',
  aliases: ['Get-AppPackageLog'],
  sets: ['All', 'ActivityId'],
  simulated: ['All', 'ActivityId'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const records = machine.events.records(log) ?? [];
    const idOf = (record: (typeof records)[number]): string =>
      String(record.data.find(([name]) => name === 'ActivityId')?.[1] ?? '').replace(/[{}]/g, '');
    const last = records.at(-1);
    const wanted = bound.text('ActivityId')?.replace(/[{}]/g, '') ?? (last ? idOf(last) : '');
    for (const record of records) {
      if (!bound.flag('All') && idOf(record).toLowerCase() !== wanted.toLowerCase()) continue;
      context.write(
        customObject({
          Time: localFromUnixMs(record.timeMs, machine.timeZone.offsetMinutes),
          ID: record.id,
          Message: record.message,
        }),
      );
    }
  },
});

/** Get-, Add-, Remove-, Reset-AppxPackage, Get-AppxPackageManifest and Get-AppxLog. */
export const appCmdlets = [getPackage, addPackage, removePackage, resetPackage, getManifest, getLog];
