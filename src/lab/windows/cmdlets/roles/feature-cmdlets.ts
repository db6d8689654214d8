import { defineEnum, defineType } from '../../../evaluator/define.ts';
import type { BoundParameters, CommandContext } from '../../../evaluator/host.ts';
import { enumValue, exception, newObject, stateOf } from '../../../evaluator/make.ts';
import type { TypeDefinition } from '../../../evaluator/type-definition.ts';
import type { Value } from '../../../evaluator/value.ts';
import type { Machine } from '../../machine/machine.ts';
import { childrenOf, depthOf, type FeatureRow, featureRow } from '../../machine/roles/feature-table.ts';
import { sourceCodes } from '../../machine/roles/role-features.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { roleCommand } from '../role-command.ts';
import { withModule } from './require-module.ts';
import { roleModules } from './role-modules.ts';

/** Microsoft.Windows.ServerManager.Commands.InstallState. */
export const installStateEnum = defineEnum('Microsoft.Windows.ServerManager.Commands.InstallState', {
  Installed: 0,
  Available: 1,
  Removed: 2,
  InstallPending: 3,
  UninstallPending: 4,
});
/** Microsoft.Windows.ServerManager.Commands.FeatureOpResult. */
export const exitCodeEnum = defineEnum('Microsoft.Windows.ServerManager.Commands.FeatureOpExitCode', {
  Success: 0,
  NoChangeNeeded: 1003,
  SuccessRestartRequired: 3010,
  Failed: 1000,
});
/** Microsoft.Windows.ServerManager.Commands.RestartState. */
export const restartStateEnum = defineEnum('Microsoft.Windows.ServerManager.Commands.RestartState', {
  No: 0,
  Yes: 1,
  Maybe: 2,
});

type FeatureState = { readonly machine: Machine; readonly row: FeatureRow };

/** Microsoft.Windows.ServerManager.Commands.Feature. */
export const featureType: TypeDefinition<FeatureState> = defineType<FeatureState>({
  name: 'Microsoft.Windows.ServerManager.Commands.Feature',
  properties: {
    Name: { get: ({ row }) => row.name },
    DisplayName: { get: ({ row }) => row.display },
    Description: { get: ({ row }) => row.display },
    Installed: { get: ({ machine, row }) => machine.roles.isInstalled(row.name) },
    InstallState: {
      get: ({ machine, row }) => enumValue(installStateEnum, machine.roles.stateOf(row.name) ?? 'Available'),
    },
    FeatureType: { get: ({ row }) => row.type },
    Path: { get: ({ row }) => pathOf(row) },
    Depth: { get: ({ row }) => depthOf(row) },
    DependsOn: { get: ({ row }) => [...(row.needs ?? [])] },
    Parent: { get: ({ row }) => row.parent ?? '' },
    SubFeatures: { get: ({ row }) => childrenOf(row).map(({ name }) => name) },
    SystemService: {
      get: ({ row }) =>
        row.name === 'Web-WebServer' ? ['W3SVC'] : row.name === 'UpdateServices-Services' ? ['WsusService'] : [],
    },
  },
  convertFrom: (value, context): Value => {
    if (stateOf(value, featureType)) return value;
    const { machine } = actorOf(context);
    const text = context.text(value);
    const row = featureRow(text);
    return row && machine.roles.stateOf(row.name) !== undefined
      ? newObject(featureType, { machine, row })
      : unknownFeature(text);
  },
  toText: ({ row }) => row.name,
});
/** A name that no feature has stays a feature without row, so that the command can say so. */
const unknownFeature = (name: string): Value => newObject(unknownType, { name });
const unknownType = defineType<{ readonly name: string }>({
  name: 'Microsoft.Windows.ServerManager.Commands.Feature',
  properties: { Name: { get: ({ name }) => name } },
  toText: ({ name }) => name,
});

const pathOf = (row: FeatureRow): string => {
  const parent = row.parent === undefined ? undefined : featureRow(row.parent);
  return parent ? `${pathOf(parent)}\\${row.display}` : row.display;
};

type ResultState = {
  readonly success: boolean;
  readonly exit: keyof typeof exitCodeEnum.values;
  readonly rows: readonly FeatureRow[];
  readonly machine: Machine;
  readonly restart: boolean;
};
const resultRowType = defineType<FeatureRow>({
  name: 'Microsoft.Windows.ServerManager.Commands.FeatureOperationResultItem',
  properties: {
    Name: { get: ({ name }) => name },
    DisplayName: { get: ({ display }) => display },
    Success: { get: () => true },
    RestartNeeded: { get: ({ restart }) => restart ?? false },
    SkipReason: { get: () => 'NotSkipped' },
  },
});
/** Microsoft.Windows.ServerManager.Commands.FeatureOperationResult. */
export const featureResultType = defineType<ResultState>({
  name: 'Microsoft.Windows.ServerManager.Commands.FeatureOperationResult',
  properties: {
    Success: { get: ({ success }) => success },
    RestartNeeded: { get: ({ restart }) => enumValue(restartStateEnum, restart ? 'Yes' : 'No') },
    FeatureResult: { get: ({ rows }) => rows.map((row) => newObject(resultRowType, row)) },
    ExitCode: { get: ({ exit }) => enumValue(exitCodeEnum, String(exit)) },
  },
});

const getFeature = roleCommand('Get-WindowsFeature', {
  className: 'Microsoft.Windows.ServerManager.Commands.GetWindowsFeatureCommand',
  simulated: ['Name'],
  process(context, bound) {
    const { machine } = actorOf(context);
    const patterns = bound.texts('Name');
    for (const row of machine.roles.rows())
      if (patterns.length === 0 || patterns.some((pattern) => context.like(row.name, pattern)))
        context.write(newObject(featureType, { machine, row }));
  },
});

/** Names that -Name gave; one that no feature has ends the command. */
const wantedNames = (context: CommandContext, bound: BoundParameters): string[] =>
  bound.list('Name').map((value) => {
    const state = stateOf(value, featureType);
    if (state) return state.row.name;
    const name = context.text(value);
    const message = `ArgumentNotValid: The role, role service, or feature name is not valid: '${name}'. The name was not found.`;
    return context.fail({
      id: 'NameDoesNotExist',
      message,
      category: 'InvalidArgument',
      target: name,
      exception: exception('System.Exception', message),
    });
  });

/** What servicing says of a source that it does not find. */
const sourceError = (hresult: number) => ({
  id: 'DISMAPI_Error__Failed_To_Enable_Updates',
  message:
    hresult === sourceCodes.notFound
      ? 'The request to add or remove features on the specified server failed.\r\nInstallation of one or more roles, role services, or features failed.\r\nThe source files could not be found.\r\nUse the "Source" option to specify the location of the files that are required to restore the feature. Error: 0x800f081f'
      : `The request to add or remove features on the specified server failed.\r\nInstallation of one or more roles, role services, or features failed. Error: 0x${hresult.toString(16)}`,
  category: 'InvalidOperation' as const,
  exception: exception('System.Exception', 'The source files could not be found.', { hresult }),
});

const install = roleCommand('Install-WindowsFeature', {
  className: 'Microsoft.Windows.ServerManager.Commands.AddWindowsFeatureCommand',
  aliases: ['Add-WindowsFeature'],
  simulated: ['Name', 'Restart', 'IncludeAllSubFeature', 'IncludeManagementTools', 'Source', 'LogPath'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const names = wantedNames(context, bound);
    const rows = machine.roles.planInstall(names, {
      subFeatures: bound.flag('IncludeAllSubFeature'),
      tools: bound.flag('IncludeManagementTools'),
    });
    const give = (success: boolean, exit: ResultState['exit'], changed: readonly FeatureRow[], restart = false): void =>
      context.write(newObject(featureResultType, { success, exit, rows: changed, machine, restart }));
    if (rows.length === 0) return give(true, 'NoChangeNeeded', []);
    for (const row of rows)
      if (!context.shouldProcess(`Continue with installation: "[${pathOf(row)}]".`, 'Install-WindowsFeature'))
        return give(true, 'Success', rows);
    yield machine.clock.wait(pid, 40_000);
    const result = machine.roles.install(rows, { sources: bound.texts('Source'), pid });
    if (result.kind === 'refused') {
      context.writeError(sourceError(result.hresult));
      return give(false, 'Failed', []);
    }
    yield result.held;
    give(true, result.needsRestart ? 'SuccessRestartRequired' : 'Success', result.rows, result.needsRestart);
    return undefined;
  },
});

const uninstall = roleCommand('Uninstall-WindowsFeature', {
  className: 'Microsoft.Windows.ServerManager.Commands.RemoveWindowsFeatureCommand',
  aliases: ['Remove-WindowsFeature'],
  simulated: ['Name', 'Restart', 'IncludeManagementTools', 'Remove', 'LogPath'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const names = wantedNames(context, bound);
    const rows = machine.roles.planRemove(names);
    const give = (exit: ResultState['exit'], changed: readonly FeatureRow[], restart = false): void =>
      context.write(newObject(featureResultType, { success: true, exit, rows: changed, machine, restart }));
    const isPayload = bound.flag('Remove');
    if (rows.length === 0 && !isPayload) return give('NoChangeNeeded', []);
    for (const row of rows)
      if (!context.shouldProcess(`Continue with removal: "[${pathOf(row)}]".`, 'Uninstall-WindowsFeature'))
        return give('Success', rows);
    yield machine.clock.wait(pid, 40_000);
    const all = isPayload
      ? [...rows, ...names.map(featureRow).filter((row) => row !== undefined && !rows.includes(row))]
      : rows;
    const result = machine.roles.remove(
      all.filter((row) => row !== undefined),
      { payload: isPayload, pid },
    );
    if (result.kind === 'changed') {
      yield result.held;
      give(result.needsRestart ? 'SuccessRestartRequired' : 'Success', rows, result.needsRestart);
    }
    return undefined;
  },
});

/** Get-, Install- and Uninstall-WindowsFeature. */
export const featureCmdlets = withModule([getFeature, install, uninstall], roleModules.serverManager);
