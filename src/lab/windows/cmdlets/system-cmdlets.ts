import { defineEnum } from '../../evaluator/define.ts';
import { customObject, enumValue, localFromUnixMs, unixEpochTicks } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { setProcessPolicy } from '../runtime/script-files.ts';
import { command } from './command-syntax.ts';

/** Microsoft.PowerShell.ExecutionPolicy. */
export const executionPolicyEnum = defineEnum(
  'Microsoft.PowerShell.ExecutionPolicy',
  { Unrestricted: 0, RemoteSigned: 1, AllSigned: 2, Restricted: 3, Bypass: 4, Undefined: 5 },
  { aliases: ['ExecutionPolicy'] },
);

/** Microsoft.PowerShell.ExecutionPolicyScope. */
export const policyScopeEnum = defineEnum(
  'Microsoft.PowerShell.ExecutionPolicyScope',
  { Process: 0, CurrentUser: 1, LocalMachine: 2, UserPolicy: 3, MachinePolicy: 4 },
  { aliases: ['ExecutionPolicyScope'] },
);

const scopes = ['MachinePolicy', 'UserPolicy', 'Process', 'CurrentUser', 'LocalMachine'] as const;

const getExecutionPolicy = command('Get-ExecutionPolicy', {
  className: 'Microsoft.PowerShell.Commands.GetExecutionPolicyCommand',
  simulated: ['Scope', 'List'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const policy = machine.registry.data('HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\PowerShell', 'ExecutionPolicy');
    const process_ = context.hooks.environment.get('PSExecutionPolicyPreference');
    const of = (scope: string): string =>
      scope === 'MachinePolicy'
        ? typeof policy === 'string'
          ? policy
          : 'Undefined'
        : scope === 'LocalMachine'
          ? machine.executionPolicy
          : scope === 'Process'
            ? (process_ ?? 'Undefined')
            : 'Undefined';
    if (bound.flag('List')) {
      for (const scope of scopes)
        context.write(customObject({ Scope: scope, ExecutionPolicy: enumValue(executionPolicyEnum, of(scope)) }));
      return;
    }
    const scope = bound.has('Scope') ? context.text(bound.get('Scope')) : undefined;
    const effective =
      scope === undefined ? (scopes.map(of).find((one) => one !== 'Undefined') ?? 'Restricted') : of(scope);
    context.write(enumValue(executionPolicyEnum, effective));
  },
});

const setExecutionPolicy = command('Set-ExecutionPolicy', {
  className: 'Microsoft.PowerShell.Commands.SetExecutionPolicyCommand',
  simulated: ['ExecutionPolicy', 'Scope', 'Force'],
  outsideCall: (given) => {
    const scope = given.text('Scope') ?? 'LocalMachine';
    return /^(Process|LocalMachine)$/i.test(scope) ? undefined : `Set-ExecutionPolicy -Scope ${scope}`;
  },
  *process(context, bound) {
    const { machine, process, pid } = actorOf(context);
    const policy = context.text(bound.get('ExecutionPolicy'));
    const scope = bound.has('Scope') ? context.text(bound.get('Scope')) : 'LocalMachine';
    if (!context.shouldProcess(policy, 'Set-ExecutionPolicy')) return;
    if (scope === 'Process') setProcessPolicy(process, policy);
    else {
      machine.executionPolicy = policy;
      const key = 'HKLM\\SOFTWARE\\Microsoft\\PowerShell\\1\\ShellIds\\Microsoft.PowerShell';
      yield machine.registry.set(key, { name: 'ExecutionPolicy', kind: 'String', data: policy }, pid);
    }
  },
});

const setDate = command('Set-Date', {
  className: 'Microsoft.PowerShell.Commands.SetDateCommand',
  sets: ['Date', 'Adjust'],
  simulated: ['Date', 'Adjust'],
  process: (context, bound) => {
    const { machine, pid } = actorOf(context);
    let byMs = 0;
    if (bound.has('Adjust')) byMs = Number(context.text(context.property(bound.get('Adjust'), 'TotalMilliseconds')));
    else {
      const date = context.convert(bound.get('Date'), 'datetime');
      if (date !== null && typeof date === 'object' && 'kind' in date && date.kind === 'datetime') {
        const ms =
          Number((date.ticks - unixEpochTicks) / 10_000n) -
          (date.zone === 'Utc' ? 0 : machine.timeZone.offsetMinutes * 60_000);
        byMs = ms - machine.clock.wallMs(pid);
      }
    }
    if (!context.shouldProcess('Set-Date')) return;
    machine.time.stepClock(byMs, pid);
    context.write(localFromUnixMs(machine.clock.wallMs(pid), machine.timeZone.offsetMinutes));
  },
});

const restartComputer = command('Restart-Computer', {
  className: 'Microsoft.PowerShell.Commands.RestartComputerCommand',
  sets: ['DefaultSet', 'AsJobSet'],
  simulated: ['Force'],
  process: (context) => {
    const { machine, pid } = actorOf(context);
    if (context.shouldProcess(machine.name, 'Restart-Computer')) machine.power.schedule('restart', 0, pid);
  },
});

const getHotFix = command('Get-HotFix', {
  className: 'Microsoft.PowerShell.Commands.GetHotFixCommand',
  sets: ['Default', 'Description'],
  simulated: ['Id', 'Description'],
  *process(context, bound) {
    const all: Value[] = yield* context.call('Get-CimInstance', { ClassName: 'Win32_QuickFixEngineering' });
    for (const fix of all) {
      const ids = bound.texts('Id');
      if (ids.length === 0 || ids.some((id) => context.like(context.text(context.property(fix, 'HotFixID')), id)))
        context.write(fix);
    }
  },
});

const getTimeZone = command('Get-TimeZone', {
  className: 'Microsoft.PowerShell.Commands.GetTimeZoneCommand',
  sets: ['Name', 'Id', 'ListAvailable'],
  simulated: [],
  process: (context) => {
    const { id, offsetMinutes } = actorOf(context).machine.timeZone;
    context.write(
      customObject(
        {
          Id: id,
          DisplayName: id,
          StandardName: id,
          BaseUtcOffset: `${Math.floor(offsetMinutes / 60)}:00:00`,
          SupportsDaylightSavingTime: false,
        },
        ['System.TimeZoneInfo'],
      ),
    );
  },
});

/** Execution policy, clock, restart, hot fixes, time zone. */
export const systemCmdlets = [getExecutionPolicy, setExecutionPolicy, setDate, restartComputer, getHotFix, getTimeZone];
