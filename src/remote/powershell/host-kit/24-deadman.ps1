<#
.SYNOPSIS
The dead-man tasks: whatever is weakened (services stopped, protection paused) is put back by the host itself when nobody returns (I9).
.NOTES
Two tasks for each group, one at T + limit and one at every start of Windows. They run the kit's own undo for the group's records under a
claim of their own, so that a worker that comes back later is refused its next change, finds `undone` in the ledger, and ends there.
A planned restart lets the next start of Windows pass.
#>

function Get-KtDeadmanName {
    [CmdletBinding()]
    param([string]$Group)
    "Kintsugi-$($global:KtState.Run)-deadman-$Group"
}

function Get-KtArmedPath {
    <# .SYNOPSIS The file that names the steps for which the group's dead-man tasks are armed. #>
    [CmdletBinding()]
    param([string]$Group)
    [IO.Path]::Combine((Get-KtTaskFolder -Task (Get-KtDeadmanName -Group $Group)), 'armed.json')
}

function Get-KtArmed {
    <# .SYNOPSIS The applies (step, sha256 of the script) that armed the group's dead-man tasks and have not come to a good end. #>
    [CmdletBinding()]
    param([string]$Group)
    $path = Get-KtArmedPath -Group $Group
    if ([IO.File]::Exists($path)) { @((ConvertFrom-Json -InputObject (Read-KtText -Path $path)).applies) }
}

function Set-KtArmed {
    <# .SYNOPSIS Says which applies need the group's dead-man tasks from now on; none: the tasks go. #>
    [CmdletBinding()]
    param([string]$Group, [AllowEmptyCollection()][object[]]$Applies)
    if ($Applies.Count -eq 0) { Disable-KtDeadman -Group $Group; return }
    $list = @($Applies | ForEach-Object { [ordered]@{ step = [string]$_.step; sha256 = [string]$_.sha256 } })
    Write-KtText -Path (Get-KtArmedPath -Group $Group) -Text (ConvertTo-KtJson -Value ([ordered]@{ applies = $list }))
}

function Enable-KtDeadman {
    <# .SYNOPSIS Arms the group's dead-man tasks, once for each apply, before its first weakening. #>
    [CmdletBinding()]
    param([string]$Group)
    if ($global:KtState.Armed -contains $Group) { return }
    $own = @{ step = $global:KtState.Step; sha256 = $global:KtState.Applied }
    $others = @(Get-KtArmed -Group $Group | Where-Object { $_.step -ne $own.step -or $_.sha256 -ne $own.sha256 })
    Register-KtDeadman -Group $Group
    Set-KtArmed -Group $Group -Applies ($others + $own)
    $global:KtState.Armed = @($global:KtState.Armed) + $Group
}

function Register-KtDeadman {
    <# .SYNOPSIS Registers the group's dead-man tasks with a limit that the step under way cannot reach. #>
    [CmdletBinding()]
    param([string]$Group)
    $task = Get-KtDeadmanName -Group $Group
    $folder = Get-KtTaskFolder -Task $task
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
}

function Update-KtDeadman {
    <# .SYNOPSIS A step begins while dead-man tasks are armed by earlier ones: its time is added, so that they do not fire into living work. #>
    [CmdletBinding()]
    param()
    foreach ($group in 'services', 'protection') { if (@(Get-KtArmed -Group $group).Count -gt 0) { Register-KtDeadman -Group $group } }
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

function Disable-KtDeadmanOfApply {
    <#
    .SYNOPSIS
    After an apply came to a good end under a claim that still holds: removes the group's dead-man tasks, unless others need them. Where another
    one has the claim, that may be the dead-man task itself, at work.
    #>
    [CmdletBinding()]
    param([string]$Group, [string]$Step, [string]$Sha256)
    $armed = @(Get-KtArmed -Group $Group)
    if ($armed.Count -eq 0) { return }
    try { Assert-KtClaimNow } catch { return }
    $others = @($armed | Where-Object { $_.step -ne $Step -or $_.sha256 -ne $Sha256 })
    if ($others.Count -lt $armed.Count) { Set-KtArmed -Group $Group -Applies $others }
}

function Disable-KtIdleDeadman {
    <# .SYNOPSIS After an undo: the dead-man tasks are needed no more by steps of which every record is undone. #>
    [CmdletBinding()]
    param()
    foreach ($group in 'services', 'protection') {
        $armed = @(Get-KtArmed -Group $group)
        if ($armed.Count -eq 0) { continue }
        $open = @(Get-KtOpenChange -Weakens $group | ForEach-Object { [string]$_.data.step })
        $others = @($armed | Where-Object { $open -contains $_.step })
        if ($others.Count -lt $armed.Count) { Set-KtArmed -Group $group -Applies $others }
    }
}

function Add-KtPlannedBoot {
    <#
    .SYNOPSIS
    Lets the next start of Windows not fire the dead-man tasks; said twice before that start it is still one.
    .OUTPUTS
    the groups for which it was not said before
    #>
    [CmdletBinding()]
    param()
    foreach ($group in 'services', 'protection') {
        $boots = Read-KtBoot -Group $group
        if ($null -eq $boots -or $boots.planned -gt $boots.seen) { continue }
        Write-KtBoot -Group $group -Planned ($boots.seen + 1) -Seen $boots.seen
        $group
    }
}

function Remove-KtPlannedBoot {
    <# .SYNOPSIS A restart that was said before is not to come. #>
    [CmdletBinding()]
    param([AllowEmptyCollection()][string[]]$Group)
    foreach ($one in $Group) {
        $boots = Read-KtBoot -Group $one
        if ($null -ne $boots) { Write-KtBoot -Group $one -Planned $boots.seen -Seen $boots.seen }
    }
}

function Read-KtBoot {
    [CmdletBinding()]
    param([string]$Group)
    $path = [IO.Path]::Combine((Get-KtTaskFolder -Task (Get-KtDeadmanName -Group $Group)), 'boots.json')
    if (-not [IO.File]::Exists($path)) { return }
    $boots = ConvertFrom-Json -InputObject (Read-KtText -Path $path)
    @{ planned = [int]$boots.planned; seen = [int]$boots.seen }
}

function Write-KtBoot {
    [CmdletBinding()]
    param([string]$Group, [int]$Planned, [int]$Seen)
    $path = [IO.Path]::Combine((Get-KtTaskFolder -Task (Get-KtDeadmanName -Group $Group)), 'boots.json')
    Write-KtText -Path $path -Text (ConvertTo-KtJson -Value ([ordered]@{ planned = $Planned; seen = $Seen }))
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
