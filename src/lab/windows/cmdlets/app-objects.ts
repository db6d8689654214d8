import { defineEnum } from '../../evaluator/define.ts';
import type { CommandContext, ErrorSpec } from '../../evaluator/host.ts';
import { customObject, enumValue } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { nameOfSid } from '../accounts.ts';
import { DeploymentFault, deploymentText } from '../machine/apps/app-deployment.ts';
import { type PackageIdentity, publishers } from '../machine/apps/app-package.ts';
import type { Machine } from '../machine/machine.ts';

/** Status of a package as Get-AppxPackage shows it. */
export const packageStatusEnum = defineEnum(
  'Microsoft.Windows.Appx.PackageManager.Commands.PackageStatus',
  { Ok: 0, LicenseIssue: 1, Modified: 2, Tampered: 4, Disabled: 8, PackageOffline: 16, NeedsRemediation: 32 },
  { flags: true },
);

const commands = 'Microsoft.Windows.Appx.PackageManager.Commands';

/** Class of a command of the module Appx. */
export const appxClass = (name: string): string => `${commands}.${name}Command`;

const userInformation = (machine: Machine, sid: string): Value => {
  const name = nameOfSid(sid, machine.accounts)?.replace(/^.*\\/, '') ?? sid;
  const user = customObject({ Sid: sid, Username: name }, [`${commands}.UserSecurityId`]);
  user.text = `${sid} [${name}]`;
  const information = customObject({ UserSecurityId: user, InstallState: 'Installed' }, [
    `${commands}.PackageUserInformation`,
  ]);
  information.text = `${sid} [${name}]: Installed`;
  return information;
};

/** The object of a package; `users` are told where all users were asked for. */
export const packageObject = (
  machine: Machine,
  identity: PackageIdentity,
  users: readonly string[] | undefined,
): Value => {
  const { apps } = machine;
  const { fullName, name, version, architecture, resourceId, publisherId, familyName } = identity;
  const architectures: Readonly<Record<string, string>> = {
    x64: 'X64',
    x86: 'X86',
    arm64: 'Arm64',
    neutral: 'Neutral',
  };
  const object = customObject(
    {
      Name: name,
      Publisher: publishers[publisherId] ?? publisherId,
      Architecture: architectures[architecture] ?? architecture,
      ResourceId: resourceId,
      Version: version,
      PackageFullName: fullName,
      InstallLocation: apps.folderOf(fullName),
      IsFramework: apps.manifestOf(fullName)?.isFramework ?? false,
      PackageFamilyName: familyName,
      PublisherId: publisherId,
      PackageUserInformation: (users ?? []).map((sid) => userInformation(machine, sid)),
      IsResourcePackage: false,
      IsBundle: false,
      IsDevelopmentMode: false,
      NonRemovable: false,
      IsPartiallyStaged: false,
      SignatureKind: 'Store',
      Status: enumValue(packageStatusEnum, apps.stateOf(fullName)),
    },
    [`${commands}.AppxPackage`],
  );
  object.text = fullName;
  return object;
};

/** Text of an HRESULT as .NET shows it. */
const hex = (code: number): string => `0x${(code >>> 0).toString(16).toUpperCase()}`;

/** The error of a deployment that was refused. */
export const deploymentError = (fault: DeploymentFault, target: string): ErrorSpec => {
  const { code, inner, activityId } = fault;
  const told =
    code === 0x80070005 ? 'Access is denied.' : `${deploymentText(code)} (Exception from HRESULT: ${hex(code)})`;
  const below = inner === undefined ? [] : [`error ${hex(inner)}: ${deploymentText(inner)}`];
  const message = [
    `Deployment failed with HRESULT: ${hex(code)}, ${told}`,
    ...below,
    `NOTE: For additional information, look for [ActivityId] ${activityId} in the Event Log or use the command line Get-AppPackageLog -ActivityID ${activityId}`,
  ].join('\r\n');
  return {
    id: 'DeploymentError',
    message,
    category: code === 0x80073d02 ? 'ResourceUnavailable' : code === 0x80070005 ? 'PermissionDenied' : 'WriteError',
    target,
    exception: 'System.IO.IOException',
  };
};

/** Runs a deployment and writes what it was refused. */
export const attemptDeployment = (context: CommandContext, target: string, run: () => void): boolean => {
  try {
    run();
    return true;
  } catch (error) {
    if (!(error instanceof DeploymentFault)) throw error;
    context.writeError(deploymentError(error, target));
    return false;
  }
};

/** Refuses the commands where Windows has no packages for users. */
export const needApps = (context: CommandContext, machine: Machine): void => {
  if (!machine.apps.exists) context.unsupported(`${context.commandName} on a server`);
};
