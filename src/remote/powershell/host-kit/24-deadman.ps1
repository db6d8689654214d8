<#
.SYNOPSIS
The dead-man tasks: whatever is weakened (services stopped, protection paused) is put back by the host itself when nobody returns (I9).
.NOTES
Two tasks for each group, one at T + limit and one at every start of Windows. They run the kit's own undo for the group's records under a
claim of their own, so that a worker that comes back later is refused its next change, finds `undone` in the ledger, and ends there.
Planned restarts are counted: the first so many starts do not fire.
#>

function Get-KtDeadmanName {
    [CmdletBinding()]
    param([string]$Group)
    "Kintsugi-$($global:KtState.Run)-deadman-$Group"
}

function Enable-KtDeadman {
    <# .SYNOPSIS Arms the group's dead-man tasks, once for each step, before the first weakening. #>
    [CmdletBinding()]
    param([string]$Group)
    $task = Get-KtDeadmanName -Group $Group
    $folder = Get-KtTaskFolder -Task $task
    $armed = [IO.Path]::Combine($folder, 'armed.json')
    if ([IO.File]::Exists($armed) -and [string](ConvertFrom-Json -InputObject (Read-KtText -Path $armed)).step -eq $global:KtState.Step) { return }
    # what the step may take, the same again for putting it back, and room for a worker to return
    $limitMs = 2 * $global:KtState.LongestMs + 600000
    $call = [ordered]@{ group = $Group; step = $global:KtState.Step; limitMs = $limitMs; uptimeMs = Get-KtUptime; reference = Get-KtReferenceData }
    $callSha256 = Write-KtTaskFile -Folder $folder -Call $call
    $boots = [IO.Path]::Combine($folder, 'boots.json')
    if (-not [IO.File]::Exists($boots)) { Write-KtText -Path $boots -Text (ConvertTo-KtJson -Value ([ordered]@{ planned = 0; seen = 0 })) }
    $lifeMs = $limitMs + 3600000
    $at = New-ScheduledTaskTrigger -Once -At (Get-Date).AddMilliseconds($limitMs)
    Register-KtTask -Task $task -Trigger $at -LimitMs $lifeMs -Argument (Get-KtTaskCommand -Folder $folder -CallSha256 $callSha256 -Entry 'Invoke-KtDeadmanAtTime')
    $start = New-ScheduledTaskTrigger -AtStartup
    Register-KtTask -Task "$task-boot" -Trigger $start -LimitMs $lifeMs -Argument (Get-KtTaskCommand -Folder $folder -CallSha256 $callSha256 -Entry 'Invoke-KtDeadmanAtBoot')
    Write-KtText -Path $armed -Text (ConvertTo-KtJson -Value ([ordered]@{ step = $global:KtState.Step }))
}

function Disable-KtDeadman {
    <# .SYNOPSIS Removes the group's dead-man tasks. #>
    [CmdletBinding()]
    param([string]$Group)
    $task = Get-KtDeadmanName -Group $Group
    if (-not [IO.Directory]::Exists((Get-KtTaskFolder -Task $task))) { return }
    Unregister-KtTask -Task "$task-boot"
    Remove-KtTask -Task $task
}

function Disable-KtIdleDeadman {
    <# .SYNOPSIS Removes the dead-man tasks of groups of which every record is undone. #>
    [CmdletBinding()]
    param()
    foreach ($group in 'services', 'protection') {
        if (@(Get-KtOpenChange -Weakens $group).Count -eq 0) { Disable-KtDeadman -Group $group }
    }
}

function Add-KtPlannedBoot {
    <# .SYNOPSIS Counts one more restart that must not fire the dead-man tasks. #>
    [CmdletBinding()]
    param()
    foreach ($group in 'services', 'protection') {
        $path = [IO.Path]::Combine((Get-KtTaskFolder -Task (Get-KtDeadmanName -Group $group)), 'boots.json')
        if (-not [IO.File]::Exists($path)) { continue }
        $boots = ConvertFrom-Json -InputObject (Read-KtText -Path $path)
        Write-KtText -Path $path -Text (ConvertTo-KtJson -Value ([ordered]@{ planned = [int]$boots.planned + 1; seen = [int]$boots.seen }))
    }
}

function Invoke-KtDeadmanAtBoot {
    <# .SYNOPSIS What the task at the start of Windows runs. #>
    [CmdletBinding()]
    param([string]$Folder, [string]$CallSha256)
    Set-StrictMode -Version 3
    $ErrorActionPreference = 'Stop'
    $call = Read-KtTaskCall -Folder $Folder -CallSha256 $CallSha256
    $global:KtState.OwnTask = "$(Get-KtDeadmanName -Group ([string]$call.group))-boot"
    $path = [IO.Path]::Combine($Folder, 'boots.json')
    $boots = ConvertFrom-Json -InputObject (Read-KtText -Path $path)
    $seen = [int]$boots.seen + 1
    Write-KtText -Path $path -Text (ConvertTo-KtJson -Value ([ordered]@{ planned = [int]$boots.planned; seen = $seen }))
    if ($seen -le [int]$boots.planned) { return }
    Invoke-KtDeadman -Group ([string]$call.group) -Cause 'boot'
}

function Invoke-KtDeadmanAtTime {
    <#
    .SYNOPSIS
    What the task at T + limit runs.
    .NOTES
    The task service goes by the wall clock, which a repair may step; the limit is measured by uptime, so it waits out what is left.
    #>
    [CmdletBinding()]
    param([string]$Folder, [string]$CallSha256)
    Set-StrictMode -Version 3
    $ErrorActionPreference = 'Stop'
    $call = Read-KtTaskCall -Folder $Folder -CallSha256 $CallSha256
    $global:KtState.OwnTask = Get-KtDeadmanName -Group ([string]$call.group)
    while ($true) {
        if (-not [IO.File]::Exists([IO.Path]::Combine($Folder, 'boots.json'))) { return }
        $passed = (Get-KtUptime) - [long]$call.uptimeMs
        # restarted since: then the wall clock is all there is
        if ($passed -lt 0 -or $passed -ge [long]$call.limitMs) { break }
        Start-Sleep -Milliseconds ([Math]::Min(60000, [Math]::Max(1000, [long]$call.limitMs - $passed)))
    }
    Invoke-KtDeadman -Group ([string]$call.group) -Cause 'time'
}

function Invoke-KtDeadman {
    <# .SYNOPSIS Fires: takes the claim from the worker that is gone, undoes the group, removes itself. #>
    [CmdletBinding()]
    param([string]$Group, [string]$Cause)
    $state = Get-KtClaimState -Record @(Read-KtRecord)
    if ($state.Open -and @(Get-KtOpenChange -Weakens $Group).Count -gt 0) {
        $claim = Enter-KtClaim -Owner "$($global:KtState.Run)#deadman-$Group-$Cause" -JournalHead ''
        if ($claim.kind -eq 'claimed') {
            Set-KtWork -Token $claim.token -JournalHead '' -Lane 'system'
            $undone = Undo-KtChange -Weakens $Group -By 'deadman'
            # what could not be put back is tried again at the next start of Windows
            if (@($undone.changes | Where-Object { -not $_.ok }).Count -gt 0) { return }
        }
    }
    Disable-KtDeadman -Group $Group
}
