<#
.SYNOPSIS
What every change has in common: the `before` record, and undoing changes newest first.
#>

function Write-KtBefore {
    <#
    .SYNOPSIS
    Re-reads the claim and records what was there; called by every change function right before it changes something.
    .PARAMETER Weakens
    The group of the dead-man task that puts this back when nobody returns: services or protection.
    #>
    [CmdletBinding()]
    param([string]$Change, [string]$Target, [Collections.IDictionary]$Before, [string]$Irreversible = '', [string]$Weakens = '')
    if ($global:KtState.ReadOnly) {
        throw (New-KtError -Id 'KtReadOnly' -Message "A read-only script tried to change something ($Change $Target). Changes belong in apply.ps1." -Target $Target)
    }
    if ($Weakens) { Enable-KtDeadman -Group $Weakens }
    $data = [ordered]@{
        step = $global:KtState.Step; attempt = $global:KtState.Attempt; change = $Change; target = $Target; before = $Before
        weakens = $Weakens; irreversible = $(if ($Irreversible) { $Irreversible } else { $null })
    }
    [void](Add-KtRecord -Kind 'before' -Data $data)
    Write-KtProgress -Text "$Change $Target"
}

function Write-KtProgress {
    <# .SYNOPSIS The heartbeat of a task: tells whoever watches that work goes on, and at what. Costs nothing in a session. #>
    [CmdletBinding()]
    param([string]$Text)
    $folder = $global:KtState.TaskFolder
    if (-not $folder) { return }
    $beat = [ordered]@{ timestamp = [Diagnostics.Stopwatch]::GetTimestamp(); line = Hide-KtSecret -Text $Text }
    # losing one heartbeat (somebody reads the file right now) is no reason to fail
    try { Write-KtText -Path ([IO.Path]::Combine($folder, 'heartbeat.json')) -Text (ConvertTo-KtJson -Value $beat) } catch { Start-Sleep -Milliseconds 1 }
}

function Get-KtOpenChange {
    <# .SYNOPSIS The `before` records that are not undone yet, newest first: of a step, of a group, or all. #>
    [CmdletBinding()]
    param([AllowNull()][AllowEmptyString()][string]$Step = '', [string]$Weakens = '')
    $records = @(Read-KtRecord)
    $undone = @{}
    foreach ($record in $records) { if ($record.kind -eq 'undone' -and $record.data.ok) { $undone[[int]$record.data.of] = $true } }
    for ($index = $records.Count - 1; $index -ge 0; $index--) {
        $record = $records[$index]
        if ($record.kind -ne 'before' -or $undone.ContainsKey([int]$record.seq)) { continue }
        if ($Step -and $record.data.step -ne $Step) { continue }
        if ($Weakens -and $record.data.weakens -ne $Weakens) { continue }
        $record
    }
}

function Undo-KtRecord {
    <# .SYNOPSIS Puts back what one record says was there, and proves it by reading back; does nothing where it is there already. #>
    [CmdletBinding()]
    param([object]$Record)
    $target = [string]$Record.data.target
    $before = $Record.data.before
    switch ([string]$Record.data.change) {
        'service-state' { Undo-KtServiceState -Name $target -Before $before }
        'service-start' { Undo-KtServiceStart -Name $target -Before $before }
        'registry-value' { Undo-KtRegistryValue -Path $before.path -Name $before.name -Before $before }
        'registry-key' { Undo-KtRegistryKey -Path $target }
        'registry-tree' { Undo-KtRegistryTree -Path $target -Before $before }
        'rename' { Undo-KtRename -Before $before }
        'folder' { Undo-KtFolder -Path $target }
        'file' { Undo-KtFile -Path $target -Before $before }
        'acl' { Undo-KtAcl -Path $target -Before $before }
        'task-state' { Undo-KtScheduledTaskState -Path $target -Before $before }
        'task' { Undo-KtScheduledTask -Path $target -Before $before }
        'user-script' { Undo-KtUserScript -Sid $target -Before $before }
        'defender' { Undo-KtDefenderPreference -Name $before.name -Before $before }
        'defender-exclusion' { Undo-KtDefenderExclusion -Path $target }
        'feature' { Undo-KtOptionalFeature -Name $target -Before $before }
        'program' { Undo-KtProgram -Before $before }
        'device' { Undo-KtDevice -InstanceId $target }
        'driver' { Undo-KtDriver -Name $target -Before $before }
        'disk' { Undo-KtDisk -UniqueId $target }
        'disk-image' { Undo-KtImage -Path $target }
        'registry-rename' { Undo-KtRegistryRename -Before $before }
        'app-pool' { Undo-KtAppPool -Name $target -Before $before }
        'susdb-backup' { Undo-KtSusdbBackup -Path $target -Before $before }
        'susdb-index' { Undo-KtSusdbIndex -Name $target -Before $before }
        'wsus-decline' { Undo-KtWsusDecline -Before $before }
        'wsus-content' { }
        'service-restart' { Undo-KtServiceRestart -Before $before }
        'shadow-storage' { Undo-KtShadowStorage -Drive $target -Before $before }
        default { throw (New-KtError -Id 'KtNoInverse' -Message "There is no inverse for the change '$($Record.data.change)'." -Target $target) }
    }
}

function Undo-KtChange {
    <#
    .SYNOPSIS
    Undoes changes newest first and writes `undone` for each that is proven; one that fails does not keep the others from being undone.
    .OUTPUTS
    changes (seq, change, target, ok, reason), irreversible (seq, change, target, reason)
    #>
    [CmdletBinding()]
    param([AllowNull()][AllowEmptyString()][string]$Step = '', [string]$Weakens = '', [string]$By = 'run')
    $changes = New-Object -TypeName Collections.ArrayList
    $irreversible = New-Object -TypeName Collections.ArrayList
    foreach ($record in @(Get-KtOpenChange -Step $Step -Weakens $Weakens)) {
        $seq = [int]$record.seq
        $target = [string]$record.data.target
        if ($null -ne $record.data.irreversible) {
            [void]$irreversible.Add([ordered]@{ seq = $seq; change = [string]$record.data.change; target = $target; reason = [string]$record.data.irreversible })
            continue
        }
        Assert-KtClaimNow
        $ok = $true
        $reason = ''
        try { Undo-KtRecord -Record $record | Out-Null }
        catch {
            $ok = $false
            $reason = [string](Get-KtFault -ErrorRecord $_).message
        }
        [void](Add-KtRecord -Kind 'undone' -Data ([ordered]@{ of = $seq; ok = $ok; reason = $reason; by = $By; target = $target }))
        [void]$changes.Add([ordered]@{ seq = $seq; change = [string]$record.data.change; target = $target; ok = $ok; reason = $reason })
    }
    @{ changes = $changes.ToArray(); irreversible = $irreversible.ToArray() }
}

function Assert-KtClaimNow {
    [CmdletBinding()]
    param()
    $lock = Open-KtLock
    try {
        Update-KtLedgerState
        Assert-KtClaim
    }
    finally { $lock.Dispose() }
}

function Assert-KtNotCommitted {
    <# .SYNOPSIS After a commit nothing is left to put back. #>
    [CmdletBinding()]
    param()
    foreach ($record in @(Read-KtRecord)) {
        # the intent counts, not the end: from there on something may have been removed
        if ($record.kind -eq 'intent' -and $record.data.kind -eq 'commit') {
            throw (New-KtError -Id 'KtCommitted' -Message "Run $($global:KtState.Run) was committed on this host: what was set aside has been removed." -Target $global:KtState.Run)
        }
    }
}
