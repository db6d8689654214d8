<#
.SYNOPSIS
The System Restore point of a client, made in the system lane, with the three proofs that Windows really made one.
#>

function Get-KtRestorePoint {
    [CmdletBinding()]
    param()
    Get-CimInstance -Namespace 'root/default' -ClassName SystemRestore -ErrorAction SilentlyContinue
}

function Find-KtProtectTask {
    <# .SYNOPSIS The protection task of this run that was begun and not picked up, or ''. #>
    [CmdletBinding()]
    param()
    $tasks = [IO.Path]::Combine($global:KtState.Root, 'tasks')
    if (-not [IO.Directory]::Exists($tasks)) { return '' }
    foreach ($folder in [IO.Directory]::GetDirectories($tasks, "Kintsugi-$($global:KtState.Run)-protect-*")) { return [IO.Path]::GetFileName($folder) }
    ''
}

function Start-KtProtectTask {
    [CmdletBinding()]
    param([string]$Description, [bool]$Enable)
    $state = $global:KtState
    $state.Lane = 'system'
    $task = Get-KtTaskName -What 'protect' -Token $state.Token
    $intent = Write-KtIntent -Kind 'protect' -Task $task
    $folder = Get-KtTaskFolder -Task $task
    $call = [ordered]@{
        intent = $intent; token = $state.Token; journalHead = $state.JournalHead; description = $Description; enable = $Enable; reference = Get-KtReferenceData
    }
    try {
        $callSha256 = Write-KtTaskFile -Folder $folder -Call $call
        Register-KtTask -Task $task -Argument (Get-KtTaskCommand -Folder $folder -CallSha256 $callSha256 -Entry 'Invoke-KtProtectTask') -LimitMs 3600000
        Start-KtTaskNow -Task $task
    }
    catch {
        $fault = Get-KtFault -ErrorRecord $_ -Script 'protect'
        Remove-KtTask -Task $task
        Write-KtOutcome -Intent $intent -Kind 'protect' -Outcome @{ kind = 'failed'; fault = $fault }
        return New-KtImpossible -Reason "The task that makes the restore point did not begin: $($fault.message)" -Remedy 'Check that the Task Scheduler service runs and that SYSTEM may run PowerShell.'
    }
    @{ kind = 'running'; task = $task }
}

function Invoke-KtProtectTask {
    <# .SYNOPSIS What the protection task runs. #>
    [CmdletBinding()]
    param([string]$Folder, [string]$CallSha256)
    Set-StrictMode -Version 3
    $ErrorActionPreference = 'Stop'
    try {
        $call = Read-KtTaskCall -Folder $Folder -CallSha256 $CallSha256
        $global:KtState.TaskFolder = $Folder
        Set-KtWork -Token ([int]$call.token) -JournalHead ([string]$call.journalHead) -Step '(protect)' -Lane 'system'
        Write-KtTaskStart -Folder $Folder
        $global:KtState.ReadOnly = $false
        $outcome = @{ kind = 'done'; result = New-KtRestorePoint -Description ([string]$call.description) -Enable ([bool]$call.enable) }
    }
    catch { $outcome = @{ kind = 'failed'; fault = Get-KtFault -ErrorRecord $_ -Script 'protect' } }
    finally { $global:KtState.ReadOnly = $true }
    Write-KtOutcome -Intent ([int]$call.intent) -Kind 'protect' -Outcome $outcome
    Write-KtText -Path ([IO.Path]::Combine($Folder, 'result.json')) -Text (ConvertTo-KtJson -Value $outcome)
}

function Enable-KtSystemProtection {
    <# .SYNOPSIS Switches System Protection on for the system drive. Never undone by a rollback: switching it off deletes all restore points. #>
    [CmdletBinding()]
    param()
    $drive = "$env:SystemDrive\"
    Write-KtBefore -Change 'system-protection' -Target $drive -Before ([ordered]@{ enabled = $false }) -Irreversible 'Switching System Protection off again would delete every restore point; do it by hand when the repair is accepted.'
    Enable-ComputerRestore -Drive $drive
}

function New-KtRestorePoint {
    <#
    .SYNOPSIS
    Makes a restore point. Proof: a row with our description, a sequence number above all others, and event 8194 of System Restore.
    .NOTES
    Within 24 hours of the last point Windows says "done" and makes none, unless SystemRestorePointCreationFrequency is 0; the value is put back.
    #>
    [CmdletBinding()]
    param([string]$Description, [bool]$Enable)
    if ($Enable) { Enable-KtSystemProtection }
    $highest = [long]0
    foreach ($point in @(Get-KtRestorePoint)) { if ([long]$point.SequenceNumber -gt $highest) { $highest = [long]$point.SequenceNumber } }
    $key = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\SystemRestore'
    $begun = @(Get-KtEvent -Log 'Application' -Provider 'System Restore' -Id 8194 -Days 1).Count
    Set-KtRegistryValue -Path $key -Name 'SystemRestorePointCreationFrequency' -Value 0 -Type DWord
    try {
        $made = Invoke-CimMethod -Namespace 'root/default' -ClassName SystemRestore -MethodName CreateRestorePoint -Arguments @{
            Description = $Description; RestorePointType = [uint32]12; EventType = [uint32]100
        }
        $code = [int]$made.ReturnValue
        $row = $null
        $watch = [Diagnostics.Stopwatch]::StartNew()
        while ($code -eq 0 -and $null -eq $row -and $watch.ElapsedMilliseconds -lt 300000) {
            $row = Get-KtRestorePoint | Where-Object { [string]$_.Description -eq $Description -and [long]$_.SequenceNumber -gt $highest } | Select-Object -First 1
            if ($null -eq $row) {
                Write-KtProgress -Text 'waiting for the restore point'
                Start-Sleep -Milliseconds 5000
            }
        }
        $logged = $false
        while ($null -ne $row -and -not $logged -and $watch.ElapsedMilliseconds -lt 330000) {
            $logged = @(Get-KtEvent -Log 'Application' -Provider 'System Restore' -Id 8194 -Days 1).Count -gt $begun
            if (-not $logged) { Start-Sleep -Milliseconds 2000 }
        }
    }
    finally { Undo-KtChange -Step '(protect)' -By 'protect' | Out-Null }
    if ($null -ne $row -and $logged) {
        return New-KtProtected -Method 'restore-point' -Id ([string]$row.SequenceNumber) -Enabled $Enable -Proof @{ description = $Description; sequence = [long]$row.SequenceNumber; before = $highest; event = 8194 }
    }
    $remedies = @{ 1058 = 'System Protection is disabled: switch it on.'; 112 = 'The disk is full: free 2 GB or 5 % of the drive.'; 10 = 'The host runs in safe mode: restart it normally.' }
    $remedy = if ($remedies.ContainsKey($code)) { $remedies[$code] } else { 'Look at the events 8193 and 8216 of the provider System Restore in the Application log, or use systemProtectionOff: shadow-copy.' }
    New-KtImpossible -Reason "Windows made no restore point (code $code, $(if ($null -eq $row) { 'no new row' } else { 'no event 8194' }))." -Remedy $remedy
}
