import { describe, expect, test } from 'vitest';
import { labMachine, outputOf, runScript } from './run-script.ts';

describe('what a task runs', () => {
  const run = (execute: string, args: string): string =>
    `Register-ScheduledTask X -Action (New-ScheduledTaskAction -Execute '${execute}' -Argument '${args}') -User SYSTEM -Force | Out-Null
     Start-ScheduledTask X; Start-Sleep 5; (Get-ScheduledTaskInfo X).LastTaskResult`;

  test('may be named with variables of its environment', async () => {
    const machine = labMachine();
    expect(await outputOf(machine, `${run('%SystemRoot%\\System32\\sc.exe', 'stop Spooler')} -eq 0`)).toEqual([true]);
    expect(machine.services.get('Spooler').state).toBe('Stopped');
  });

  test.each(['%windir%\\System32\\cmd.exe', 'C:\\tool.exe'])(
    'and is refused by name where the lab has no %s',
    async (execute) => {
      const machine = labMachine();
      await outputOf(machine, "Set-Content C:\\tool.exe 'a program'");
      await expect(outputOf(machine, run(execute, ''))).rejects.toThrow(/does not simulate the program .* as a task/);
    },
  );

  test('may not be registered with a part that is null, and then is not registered', async () => {
    const machine = labMachine();
    for (const part of ['Principal', 'Settings', 'Trigger']) {
      const ran = await runScript(
        machine,
        `Register-ScheduledTask N -Action (New-ScheduledTaskAction -Execute sc.exe) -${part} $null`,
      );
      expect(ran.errors.map(({ id }) => id)).toEqual(['ParameterArgumentValidationError,Register-ScheduledTask']);
    }
    expect(await outputOf(machine, '@(Get-ScheduledTask -TaskName N*).Count')).toEqual([0]);
  });

  test('comes at the next time of day after the clock was set back', async () => {
    const machine = labMachine();
    expect(
      await outputOf(
        machine,
        `Register-ScheduledTask D -Action (New-ScheduledTaskAction -Execute sc.exe) -Trigger (New-ScheduledTaskTrigger -Daily -At (Get-Date).AddDays(-9).AddHours(-2)) -User SYSTEM | Out-Null
         Set-Date -Adjust (New-TimeSpan -Hours -48) | Out-Null
         [int](((Get-ScheduledTaskInfo D).NextRunTime - (Get-Date)).TotalHours)`,
      ),
    ).toEqual([22]);
  });
});
