import { defineEnum } from '../../evaluator/define.ts';
import type { ParameterDefinition } from '../../evaluator/host.ts';
import type { Value } from '../../evaluator/value.ts';
import { cimObject } from '../cim/cim-instance.ts';
import type { PreferenceValue } from '../machine/protection/defender.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { command } from './command-syntax.ts';

const toValue = (value: PreferenceValue): Value =>
  typeof value === 'object' ? (value.length === 0 ? null : [...value]) : value;

const getPreference = command('Get-MpPreference', {
  commandType: 'Function',
  simulated: [],
  process: (context) => {
    const { machine } = actorOf(context);
    context.write(
      cimObject(
        'MSFT_MpPreference',
        Object.fromEntries([...machine.defender.preferences].map(([name, value]) => [name, toValue(value)])),
        { namespace: 'ROOT/Microsoft/Windows/Defender', machine },
      ),
    );
  },
});

const getStatus = command('Get-MpComputerStatus', {
  commandType: 'Function',
  simulated: [],
  process: (context) => {
    const { machine } = actorOf(context);
    context.write(
      cimObject(
        'MSFT_MpComputerStatus',
        {
          AMProductVersion: '4.18.25110.6',
          AMRunningMode: machine.defender.isActive ? 'Normal' : 'Not running',
          AMServiceEnabled: machine.defender.isActive,
          AntispywareEnabled: machine.defender.isActive,
          AntivirusEnabled: machine.defender.isActive,
          AntivirusSignatureAge: 0,
          AntivirusSignatureVersion: machine.defender.signatureVersion,
          BehaviorMonitorEnabled:
            machine.defender.isWatching && machine.defender.preferences.get('DisableBehaviorMonitoring') !== true,
          IoavProtectionEnabled:
            machine.defender.isWatching && machine.defender.preferences.get('DisableIOAVProtection') !== true,
          IsTamperProtected: machine.defender.isTamperProtected,
          IsVirtualMachine: machine.edition.productType === 1,
          NISEnabled: machine.defender.isActive,
          OnAccessProtectionEnabled: machine.defender.isWatching,
          RealTimeProtectionEnabled: machine.defender.isWatching,
        },
        { namespace: 'ROOT/Microsoft/Windows/Defender', machine },
      ),
    );
  },
});

/** What a feature of Defender does; newer builds know more than off and on. */
export const featureStateEnum = defineEnum(
  'Microsoft.PowerShell.Cmdletization.GeneratedTypes.MpPreference.ControlledFolderAccessType',
  { Disabled: 0, Enabled: 1, AuditMode: 2, BlockDiskModificationOnly: 3, AuditDiskModificationOnly: 4 },
);
/** What a rule against attacks does. */
export const ruleActionEnum = defineEnum(
  'Microsoft.PowerShell.Cmdletization.GeneratedTypes.MpPreference.ASRRuleActionType',
  { Disabled: 0, Enabled: 1, AuditMode: 2, NotConfigured: 5, Warn: 6 },
);

/** Parameters that came after the build whose list the lab is held to. */
const newer = (isSet: boolean): Readonly<Record<string, ParameterDefinition>> => ({
  ControlledFolderAccessProtectedFolders: { type: 'string[]' },
  ControlledFolderAccessAllowedApplications: { type: 'string[]' },
  AttackSurfaceReductionOnlyExclusions: { type: 'string[]' },
  AttackSurfaceReductionRules_Ids: { type: 'string[]' },
  AttackSurfaceReductionRules_Actions: { type: `${ruleActionEnum.name}[]` },
  ...(isSet
    ? {
        EnableControlledFolderAccess: { type: featureStateEnum.name },
        EnableNetworkProtection: { type: featureStateEnum.name },
      }
    : {}),
});

const numberOf = (value: Value, text: string): number =>
  value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'enum' ? value.value : Number(text);

const changePreference = (
  name: string,
  change: (old: readonly string[], given: readonly string[]) => readonly string[],
) =>
  command(name, {
    commandType: 'Function',
    simulated: [
      'DisableRealtimeMonitoring',
      'DisableBehaviorMonitoring',
      'DisableIOAVProtection',
      'DisableScriptScanning',
      'ExclusionPath',
      'ExclusionProcess',
      'ExclusionExtension',
      'Force',
    ],
    dynamic: newer(name.startsWith('Set')),
    *process(context, bound) {
      const { machine, pid } = actorOf(context);
      for (const [parameter, value] of bound.entries()) {
        const old = machine.defender.preferences.get(parameter);
        if (old === undefined) continue;
        if (typeof old === 'object') {
          const given = context.enumerate(value).map((item) => context.text(item));
          yield machine.defender.set(parameter, change(old, given), pid);
        } else if (typeof old === 'boolean') yield machine.defender.set(parameter, context.isTrue(value), pid);
        else yield machine.defender.set(parameter, numberOf(value, context.text(value)), pid);
      }
    },
  });

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const without = (old: readonly string[], given: readonly string[]): readonly string[] =>
  old.filter((one) => !given.some((other) => same(one, other)));

/** Defender's state and preferences. */
export const preferenceCmdlets = [
  getPreference,
  getStatus,
  changePreference('Set-MpPreference', (_old, given) => given),
  changePreference('Add-MpPreference', (old, given) => [
    ...old,
    ...given.filter((one) => !old.some((other) => same(one, other))),
  ]),
  changePreference('Remove-MpPreference', without),
];
