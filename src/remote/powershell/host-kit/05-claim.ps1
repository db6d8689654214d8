<#
.SYNOPSIS
The claim: at most one run changes a host at a time (I4), and of one run only the newest attempt.
#>

function Enter-KtClaim {
    <#
    .SYNOPSIS
    Takes the host for the run: token = highest token in any ledger + 1. Refused while another run's claim is open.
    .OUTPUTS
    kind claimed (token), held (run, since) or tampered (path, reason)
    #>
    [CmdletBinding()]
    param([string]$Owner, [string]$JournalHead)
    $root = $global:KtState.Root
    try { Assert-KtFolder -Folder ([IO.Path]::Combine($root, 'ledger')) }
    catch {
        if ($_.FullyQualifiedErrorId -ne 'KtTampered') { throw }
        return @{ kind = 'tampered'; path = [string]$_.TargetObject; reason = [string]$_.Exception.Message }
    }
    $lock = Open-KtLock
    try {
        $highest = 0
        foreach ($path in [IO.Directory]::GetFiles([IO.Path]::Combine($root, 'ledger'), '*.jsonl')) {
            $run = [IO.Path]::GetFileNameWithoutExtension($path)
            # a broken chain of another run must not free the host: what can be read of it still counts
            $ledger = ConvertFrom-KtLedger -Line @((Split-KtLedger -Text (Read-KtText -Path $path)).Lines)
            $claim = Get-KtClaimState -Record @($ledger.Records)
            if ($claim.TopToken -gt $highest) { $highest = $claim.TopToken }
            if ($claim.Open -and $run -ne $global:KtState.Run) { return @{ kind = 'held'; run = $run; since = $claim.Since } }
        }
        Update-KtLedgerState
        $token = $highest + 1
        $global:KtState.Token = $token
        $global:KtState.JournalHead = $JournalHead
        $own = Get-Process -Id $PID
        [void](Write-KtRecord -Kind 'claim' -Token $token -Data ([ordered]@{
                    run = $global:KtState.Run; owner = $Owner; processId = $PID; processStart = Get-KtProcessStart -Process $own
                }))
        @{ kind = 'claimed'; token = $token }
    }
    finally { $lock.Dispose() }
}

function Exit-KtClaim {
    <# .SYNOPSIS Writes `released`: the next run may take the host. #>
    [CmdletBinding()]
    param([Collections.IDictionary]$Data)
    [void](Add-KtRecord -Kind 'released' -Data $Data)
}

function Get-KtLedger {
    <# .SYNOPSIS The text of the run's ledger as it stands; reading changes nothing, not even a torn tail. #>
    [CmdletBinding()]
    param()
    $path = Get-KtLedgerPath
    if (-not [IO.Directory]::Exists($global:KtState.Root)) { return @{ exists = $false; text = '' } }
    Assert-KtFolder
    if (-not [IO.File]::Exists($path)) { return @{ exists = $false; text = '' } }
    @{ exists = $true; text = Read-KtText -Path $path }
}

function Get-KtProcessStart {
    <# .SYNOPSIS When a process began, as text: with its id it names a process for all time. #>
    [CmdletBinding()]
    param([object]$Process)
    # ticks, not a date: a reader must not take it for one and shift it
    'ticks:' + [string]$Process.StartTime.ToUniversalTime().Ticks
}

function Find-KtProcess {
    <# .SYNOPSIS The process with this id and start, or nothing. #>
    [CmdletBinding()]
    param([int]$ProcessId, [string]$ProcessStart)
    if ($ProcessId -le 0) { return }
    $process = Get-Process -Id $ProcessId -ErrorAction SilentlyContinue
    if ($null -eq $process) { return }
    if ((Get-KtProcessStart -Process $process) -eq $ProcessStart) { $process }
}

function Get-KtFormerAttempt {
    <# .SYNOPSIS Whether the process or task behind an unfinished intent still lives; one whose outcome is written has ended. #>
    [CmdletBinding()]
    param([int]$Seq)
    $intent = $null
    $outcome = $null
    foreach ($record in @(Read-KtRecord)) {
        if ([int]$record.seq -eq $Seq -and $record.kind -eq 'intent') { $intent = $record }
        if ($record.kind -eq 'outcome' -and [int](Get-KtField -From $record.data -Name 'intent' -Default 0) -eq $Seq) { $outcome = $record }
    }
    if ($null -eq $intent -or $null -ne $outcome) { return @{ alive = $false; processId = $null; task = $null; interruptible = $false } }
    $interruptible = [bool](Get-KtField -From $intent.data -Name 'interruptible' -Default $false)
    $task = [string](Get-KtField -From $intent.data -Name 'task' -Default '')
    if (-not $task) {
        $processId = [int]$intent.data.processId
        # calls of one session come one after another: what this process began earlier has ended
        $alive = $processId -ne $PID -and $null -ne (Find-KtProcess -ProcessId $processId -ProcessStart ([string]$intent.data.processStart))
        return @{ alive = $alive; processId = $processId; task = $null; interruptible = $interruptible }
    }
    $started = Get-KtTaskStart -Task $task
    $alive = $false
    if ($started.ProcessId -gt 0) { $alive = $null -ne (Find-KtProcess -ProcessId $started.ProcessId -ProcessStart $started.ProcessStart) }
    else { $alive = Test-KtTaskRunning -Task $task }
    @{ alive = $alive; processId = $(if ($started.ProcessId -gt 0) { $started.ProcessId } else { $null }); task = $task; interruptible = $interruptible }
}

function Stop-KtFormerAttempt {
    <# .SYNOPSIS Ends the process or task behind an unfinished intent, with all that it has started, and waits until it is gone. #>
    [CmdletBinding()]
    param([int]$Seq)
    $former = Get-KtFormerAttempt -Seq $Seq
    if ($former.alive -and -not $former.interruptible) {
        throw (New-KtError -Id 'KtNotInterruptible' -Message "The attempt of record $Seq must not be interrupted: it is waited for." -Target $Seq)
    }
    if ($former.task) {
        # a task that has not begun yet must not begin any more
        Unregister-KtTask -Task $former.task
    }
    if (-not $former.alive -or $null -eq $former.processId) { return }
    Stop-KtProcessTree -ProcessId $former.processId
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while ((Get-KtFormerAttempt -Seq $Seq).alive) {
        if ($watch.ElapsedMilliseconds -gt 30000) {
            throw (New-KtError -Id 'KtStillAlive' -Message "Process $($former.processId) of the former attempt did not end within 30 s." -Target $former.processId)
        }
        Start-Sleep -Milliseconds 250
    }
}
