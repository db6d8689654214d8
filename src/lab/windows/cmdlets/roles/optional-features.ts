import type { CommandContext } from '../../../evaluator/host.ts';
import { customObject } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import type { Machine } from '../../machine/machine.ts';
import { childrenOf, type FeatureRow, featureRow } from '../../machine/roles/feature-table.ts';
import { sourceCodes } from '../../machine/roles/role-features.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';

type State = 'Enabled' | 'Disabled' | 'DisabledWithPayloadRemoved';

const featureObject = (name: string, display: string, state: State): Value =>
  customObject(
    {
      FeatureName: name,
      DisplayName: display,
      Description: '',
      RestartRequired: 'Possible',
      State: state,
      Path: '',
      Online: true,
      RestartNeeded: false,
    },
    ['Microsoft.Dism.Commands.AdvancedFeatureObject'],
  );

const stateOf = (machine: Machine, row: FeatureRow): State =>
  (({ Installed: 'Enabled', Available: 'Disabled', Removed: 'DisabledWithPayloadRemoved' }) as const)[
    machine.roles.stateOf(row.name) ?? 'Available'
  ];

/** Optional features with their states: those of the role services, then the others. */
const allFeatures = (machine: Machine): (readonly [name: string, display: string, state: State])[] => [
  ...machine.roles
    .rows()
    .flatMap((row) =>
      row.optional === undefined ? [] : [[row.optional, row.display, stateOf(machine, row)] as const],
    ),
  ...[...machine.features].map(([name, isOn]) => [name, name, isOn ? 'Enabled' : 'Disabled'] as const),
];

const getFeature = command('Get-WindowsOptionalFeature', {
  className: 'Microsoft.Dism.Commands.GetWindowsOptionalFeatureCommand',
  sets: ['Offline', 'Online'],
  pipeline: { FeatureName: 'name' },
  simulated: ['Online', 'FeatureName'],
  process: (context, bound) => {
    for (const [name, display, state] of allFeatures(actorOf(context).machine))
      if (!bound.has('FeatureName') || context.like(name, bound.text('FeatureName') ?? ''))
        context.write(featureObject(name, display, state));
  },
});

const refuse = (context: CommandContext, id: string, message: string, hresult: number): never =>
  context.fail({
    id,
    message,
    category: 'NotSpecified',
    exception: 'System.Runtime.InteropServices.COMException',
    hresult,
  });

const switchFeature = (name: string, className: string, isOn: boolean) =>
  command(name, {
    className,
    sets: ['Offline', 'Online'],
    pipeline: { FeatureName: 'name' },
    simulated: ['Online', 'FeatureName', 'NoRestart', 'All', 'Remove', 'Source', 'LimitAccess'],
    *process(context, bound) {
      const { machine, pid } = actorOf(context);
      for (const feature of bound.texts('FeatureName')) {
        const row = featureRow(feature);
        const known = [...machine.features.keys()].find((one) => one.toLowerCase() === feature.toLowerCase());
        if (row?.optional?.toLowerCase() !== feature.toLowerCase() && known === undefined)
          return refuse(context, className, `Feature name ${feature} is unknown.`, 0x800f080c);
        yield machine.clock.wait(pid, 30_000);
        if (known !== undefined) {
          const before = machine.features.get(known);
          machine.features.set(known, isOn);
          yield machine.changes.record('feature.set', known, before, isOn, pid);
          context.write(featureObject(known, known, isOn ? 'Enabled' : 'Disabled'));
          continue;
        }
        if (!row) continue;
        if (isOn) {
          const rows = machine.roles
            .planInstall([row.name])
            .filter((one) => bound.flag('All') || one === row || childrenOf(row).includes(one));
          const parent = row.parent === undefined ? undefined : featureRow(row.parent);
          if (parent && !machine.roles.isInstalled(parent.name) && !bound.flag('All'))
            return refuse(
              context,
              className,
              'One or several parent features are disabled so current feature can not be enabled.',
              0x800f081e,
            );
          const result = machine.roles.install(rows, {
            sources: bound.texts('Source'),
            limitAccess: bound.flag('LimitAccess'),
            pid,
          });
          if (result.kind === 'refused')
            return refuse(
              context,
              className,
              result.hresult === sourceCodes.notFound
                ? 'The source files could not be found.'
                : 'The source files could not be downloaded.',
              result.hresult,
            );
          yield result.held;
        } else
          yield machine.roles.remove(machine.roles.planRemove([row.name]), { payload: bound.flag('Remove'), pid }).held;
        context.write(featureObject(row.optional ?? '', row.display, stateOf(machine, row)));
      }
      return undefined;
    },
  });

/** Get-, Enable- and Disable-WindowsOptionalFeature. */
export const optionalFeatureCmdlets = [
  getFeature,
  switchFeature('Enable-WindowsOptionalFeature', 'Microsoft.Dism.Commands.EnableWindowsOptionalFeatureCommand', true),
  switchFeature(
    'Disable-WindowsOptionalFeature',
    'Microsoft.Dism.Commands.DisableWindowsOptionalFeatureCommand',
    false,
  ),
];
