import { describe, expect, test } from 'vitest';
import { diffSnapshots, takeSnapshot } from '../../../../../src/lab/windows/machine/snapshot.ts';
import { saveState } from '../../../../../src/lab/windows/machine/state-copy.ts';
import { restarted } from '../restarted.ts';
import { outputOf, runScript } from '../run-script.ts';
import { api, client, host, lastSync } from './update-server-host.ts';

describe('an update server', () => {
  test('tells its state by its object model', async () => {
    expect(
      await outputOf(
        host(),
        `$w = Get-WsusServer; $w.PortNumber; $s = $w.GetStatus(); $s.UpdateCount; $s.DeclinedUpdateCount; $s.ComputerTargetCount
         ${lastSync}.Result.ToString(); $w.GetSubscription().GetSynchronizationStatus().ToString()
         $w.GetConfiguration().IsReplicaServer; $w.GetDatabaseConfiguration().IsUsingWindowsInternalDatabase
         (Get-WebAppPoolState WsusPool).Value; ${client}; (Get-WsusUpdate -Approval Declined).Count; @(Get-WsusComputer -All).Count`,
      ),
    ).toEqual([8530, 36, 30, 24, 'Succeeded', 'NotProcessing', false, true, 'Started', 200, 30, 24]);
  });

  test('a decline is undone by an approval of "not approved", and approvals are made again', async () => {
    const machine = host();
    const before = takeSnapshot(machine);
    const output = await outputOf(
      machine,
      `$w = Get-WsusServer; $u = @($w.GetUpdates() | Where-Object { $_.IsApproved })[0]
       $a = @($u.GetUpdateApprovals() | ForEach-Object { @{ group = $_.ComputerTargetGroupId; action = $_.Action } })
       $u.Decline(); $u.IsDeclined
       $all = $w.GetComputerTargetGroups() | Where-Object { $_.Name -eq 'All Computers' }
       [void]$u.Approve('NotApproved', $all); $u.IsDeclined; $u.IsApproved
       foreach ($x in $a) { [void]$u.Approve($x.action, $w.GetComputerTargetGroup($x.group)) }
       $u.IsApproved`,
    );
    expect(output).toEqual([true, false, false, true]);
    expect(
      diffSnapshots(before, takeSnapshot(machine), machine).differences.filter(({ path }) => path.startsWith('wsus')),
    ).toEqual([]);
  });

  test('an approval keeps its deadline, and what an update consists of are files of the content folder', async () => {
    expect(
      await outputOf(
        host(),
        `$w = Get-WsusServer; $u = @($w.GetUpdates() | Where-Object { $_.IsApproved })[0]; $g = $w.GetComputerTargetGroup($u.GetUpdateApprovals()[0].ComputerTargetGroupId)
         $u.GetUpdateApprovals()[0].Deadline.Year; [void]$u.Approve('Install', $g, [datetime]'2027-02-03T04:05:06Z')
         $again = $w.GetUpdate((New-Object Microsoft.UpdateServices.Administration.UpdateRevisionId $u.Id.UpdateId))
         $again.GetUpdateApprovals()[0].Deadline.ToUniversalTime().ToString('s')
         $f = $u.GetInstallableItems()[0].Files[0]; (Get-Item ('C:\\WSUS\\WsusContent' + ($f.FileUri.AbsolutePath -replace '^/Content'))).Length -eq $f.TotalBytes`,
      ),
    ).toEqual([9999, '2027-02-03T04:05:06', true]);
  });

  test('what was declined a short while ago is not obsolete yet', async () => {
    const machine = host();
    expect(machine.wsus.database.obsolete()).toEqual([]);
    await outputOf(machine, '[void](Set-Date -Adjust ([timespan]::FromDays(21)))');
    expect(machine.wsus.database.obsolete()).toHaveLength(30);
  });

  test('declines made while a synchronization runs come back with it; a replica refuses them', async () => {
    const machine = host();
    const count = `@(Get-WsusUpdate -Approval Declined).Count`;
    expect(
      await outputOf(
        machine,
        `$s = (Get-WsusServer).GetSubscription(); $s.StartSynchronization(); Get-WsusUpdate -Approval Approved | Deny-WsusUpdate; ${count}
         while ($s.GetSynchronizationStatus() -ne 'NotProcessing') { Start-Sleep -Seconds 30 }; ${count}
         $c = (Get-WsusServer).GetConfiguration(); $c.IsReplicaServer = $true; $c.Save()
         try { @((Get-WsusServer).GetUpdates())[-1].Decline() } catch { $_.Exception.InnerException.GetType().Name }; ${count}`,
      ),
    ).toEqual([36, 30, 'InvalidOperationException', 30]);
  });

  test('after a restart its services, pool and pages are there again', async () => {
    const machine = host();
    await runScript(machine, 'Stop-WebAppPool WsusPool');
    await restarted(machine);
    expect(
      await outputOf(
        machine,
        `(Get-Service WsusService, W3SVC, WAS).Status -join ','; (Get-WebAppPoolState WsusPool).Value; ${client}; ${api}`,
      ),
    ).toEqual(['Running,Running,Running', 'Started', 200, 36]);
  });

  test('its state is copied and put back', async () => {
    const machine = host();
    const before = takeSnapshot(machine);
    const restore = saveState(machine);
    await outputOf(machine, `Get-WsusUpdate -Approval Approved | Deny-WsusUpdate; Stop-WebAppPool WsusPool`);
    restore();
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences).toEqual([]);
  });
});
