<#
.SYNOPSIS
The system lane: a script as a one-shot task as SYSTEM, which outlives the session; start handshake, heartbeat, result picked up later.
Scripts of the lane user run so, too: what belongs into the user's session goes there by Invoke-KtAsUser.
#>

function Protect-KtSecret {
    <# .SYNOPSIS Seals secret parameters for this machine (DPAPI); the task deletes the file before it begins. #>
    [CmdletBinding()]
    param([string]$Path, [Collections.IDictionary]$Secret)
    Import-KtDataProtection
    $clear = [ordered]@{}
    foreach ($entry in $Secret.GetEnumerator()) { $clear[$entry.Key] = (New-Object -TypeName Net.NetworkCredential -ArgumentList '', $entry.Value).Password }
    $bytes = (New-Object -TypeName Text.UTF8Encoding -ArgumentList $false).GetBytes((ConvertTo-KtJson -Value $clear))
    $sealed = [Security.Cryptography.ProtectedData]::Protect($bytes, $null, [Security.Cryptography.DataProtectionScope]::LocalMachine)
    [IO.File]::WriteAllBytes($Path, $sealed)
}

function Unprotect-KtSecret {
    [CmdletBinding()]
    param([string]$Path)
    $secrets = @{}
    if (-not [IO.File]::Exists($Path)) { return $secrets }
    Import-KtDataProtection
    $sealed = [IO.File]::ReadAllBytes($Path)
    [IO.File]::Delete($Path)
    $bytes = [Security.Cryptography.ProtectedData]::Unprotect($sealed, $null, [Security.Cryptography.DataProtectionScope]::LocalMachine)
    $clear = ConvertFrom-Json -InputObject (New-Object -TypeName Text.UTF8Encoding -ArgumentList $false).GetString($bytes)
    foreach ($property in @($clear.PSObject.Properties)) {
        $secrets[$property.Name] = (New-Object -TypeName Net.NetworkCredential -ArgumentList '', ([string]$property.Value)).SecurePassword
    }
    $secrets
}

function Import-KtDataProtection {
    <# .SYNOPSIS The data protection classes live in an assembly that Windows PowerShell does not load by itself. #>
    [CmdletBinding()]
    param()
    if ($PSVersionTable.PSVersion.Major -le 5) {
        [void][Reflection.Assembly]::Load('System.Security, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a')
    }
}

function Start-KtScriptTask {
    <#
    .SYNOPSIS
    Writes, registers and starts the task of a script and waits until it has begun.
    .OUTPUTS
    kind running (task) or failed (KtTaskNotStarted)
    #>
    [CmdletBinding()]
    param([string]$Task, [string]$Step, [string]$Kind, [string]$Text, [string]$Sha256, [Collections.IDictionary]$Parameters, [long]$LongestMs, [int]$Intent, [bool]$Interruptible = $false)
    $folder = Get-KtTaskFolder -Task $Task
    $plain = @{}
    $secrets = @{}
    # entries, not .Keys, .Values and .Count: a parameter may have such a name
    foreach ($entry in $Parameters.GetEnumerator()) { if ($entry.Value -is [Security.SecureString]) { $secrets[$entry.Key] = $entry.Value } else { $plain[$entry.Key] = $entry.Value } }
    $secretNames = @(foreach ($entry in $secrets.GetEnumerator()) { $entry.Key })
    $state = $global:KtState
    $state.Secrets = @(foreach ($entry in $secrets.GetEnumerator()) { $entry.Value })
    $call = [ordered]@{
        step = $Step; kind = $Kind; user = $state.User; sha256 = $Sha256; parameters = $plain; secretNames = $secretNames; intent = $Intent; longestMs = $LongestMs; interruptible = $Interruptible
        token = $(if ($Intent -gt 0) { $state.Token } else { 0 }); journalHead = $state.JournalHead; attempt = $state.Attempt; reference = Get-KtReferenceData
    }
    try {
        $callSha256 = Write-KtTaskFile -Folder $folder -Call $call
        Write-KtText -Path ([IO.Path]::Combine($folder, 'script.ps1')) -Text $Text
        if ($secretNames.Count -gt 0) { Protect-KtSecret -Path ([IO.Path]::Combine($folder, 'sealed.bin')) -Secret $secrets }
        # the longest duration is the engine's to watch; the service's own limit is only the last resort
        Register-KtTask -Task $Task -Argument (Get-KtTaskCommand -Folder $folder -CallSha256 $callSha256 -Entry 'Invoke-KtScriptTask') -LimitMs ($LongestMs + 1800000)
        Start-KtTaskNow -Task $Task
    }
    catch {
        $fault = Get-KtFault -ErrorRecord $_ -Script "$Step/$Kind.ps1"
        Remove-KtTask -Task $Task
        return @{ kind = 'failed'; fault = $fault }
    }
    @{ kind = 'running'; task = $Task; heartbeatAgeMs = 0; lastLine = '' }
}

function Start-KtTaskNow {
    <# .SYNOPSIS Starts a task of ours and waits for its handshake, at most LimitMs. #>
    [CmdletBinding()]
    param([string]$Task, [long]$LimitMs = 90000)
    $path = [IO.Path]::Combine((Get-KtTaskFolder -Task $Task), 'started.json')
    $watch = [Diagnostics.Stopwatch]::StartNew()
    Start-ScheduledTask -TaskName $Task
    while (-not [IO.File]::Exists($path)) {
        if ($watch.ElapsedMilliseconds -ge $LimitMs) {
            $code = Get-KtHex -Code ([int]([long](Get-ScheduledTaskInfo -TaskName $Task).LastTaskResult -band 0x7fffffffL))
            throw (New-KtError -Id 'KtTaskNotStarted' -Message "Task $Task did not begin within $([int]($LimitMs / 1000)) s (last result $code). Is the Task Scheduler service running, and may SYSTEM run PowerShell?" -Target $Task)
        }
        Start-Sleep -Milliseconds 250
    }
}

function Invoke-KtScriptTask {
    <# .SYNOPSIS What the task runs: handshake, script, outcome, result. #>
    [CmdletBinding()]
    param([string]$Folder, [string]$CallSha256)
    Set-StrictMode -Version 3
    $ErrorActionPreference = 'Stop'
    try {
        $call = Read-KtTaskCall -Folder $Folder -CallSha256 $CallSha256
        $global:KtState.TaskFolder = $Folder
        $global:KtState.User = [string]$call.user
        $parameters = @{}
        foreach ($property in @($call.parameters.PSObject.Properties)) { $parameters[$property.Name] = ConvertTo-KtHashtable -Value $property.Value }
        $secrets = Unprotect-KtSecret -Path ([IO.Path]::Combine($Folder, 'sealed.bin'))
        foreach ($entry in $secrets.GetEnumerator()) { $parameters[$entry.Key] = $entry.Value }
        Write-KtTaskStart -Folder $Folder
        $text = Read-KtText -Path ([IO.Path]::Combine($Folder, 'script.ps1'))
        $given = @{ Step = [string]$call.step; Kind = [string]$call.kind; Text = $text; Sha256 = [string]$call.sha256; Parameters = $parameters; Interruptible = [bool]$call.interruptible }
        if ([int]$call.intent -gt 0) {
            Set-KtWork -Token ([int]$call.token) -JournalHead ([string]$call.journalHead) -Step ([string]$call.step) -Attempt ([int]$call.attempt) -Lane 'system' -LongestMs ([long]$call.longestMs)
            $outcome = Invoke-KtApplyNow -Intent ([int]$call.intent) @given
        }
        else { $outcome = Invoke-KtScript @given }
    }
    catch { $outcome = @{ kind = 'failed'; fault = Get-KtFault -ErrorRecord $_ -Script 'task' } }
    Write-KtText -Path ([IO.Path]::Combine($Folder, 'result.json')) -Text (Hide-KtSecret -Text (ConvertTo-KtJson -Value $outcome))
}

function Remove-KtTask {
    <# .SYNOPSIS Removes a task of ours and its folder. #>
    [CmdletBinding()]
    param([string]$Task)
    Unregister-KtTask -Task $Task
    Remove-KtOwnFolder -Path (Get-KtTaskFolder -Task $Task)
}

function Stop-KtTask {
    <# .SYNOPSIS Door `endTask`: ends a read-only task that is over its time, with all that it has started, and removes it. #>
    [CmdletBinding()]
    param([string]$Task)
    $started = Get-KtTaskStart -Task $Task
    $process = Find-KtProcess -ProcessId $started.ProcessId -ProcessStart $started.ProcessStart
    if ($null -ne $process) { Stop-KtProcessTree -ProcessId $started.ProcessId }
    Remove-KtTask -Task $Task
}

function Get-KtTaskState {
    <#
    .SYNOPSIS
    How a task stands: Ended (with Json, the outcome's text), Died, Missing or Running (with AgeMs, Line).
    #>
    [CmdletBinding()]
    param([string]$Task)
    $folder = Get-KtTaskFolder -Task $Task
    if (-not [IO.Directory]::Exists($folder)) { return @{ State = 'Missing' } }
    $result = [IO.Path]::Combine($folder, 'result.json')
    if ([IO.File]::Exists($result)) { return @{ State = 'Ended'; Json = Read-KtText -Path $result } }
    $started = Get-KtTaskStart -Task $Task
    $alive = if ($started.ProcessId -gt 0) { $null -ne (Find-KtProcess -ProcessId $started.ProcessId -ProcessStart $started.ProcessStart) } else { Test-KtTaskRunning -Task $Task }
    # it may have ended between the two looks
    if ([IO.File]::Exists($result)) { return @{ State = 'Ended'; Json = Read-KtText -Path $result } }
    if (-not $alive) { return @{ State = 'Died' } }
    $age = [long]0
    $line = ''
    $path = [IO.Path]::Combine($folder, 'heartbeat.json')
    try {
        if ([IO.File]::Exists($path)) {
            $beat = ConvertFrom-Json -InputObject (Read-KtText -Path $path)
            $age = [long](([Diagnostics.Stopwatch]::GetTimestamp() - [long]$beat.timestamp) * 1000 / [Diagnostics.Stopwatch]::Frequency)
            $line = [string]$beat.line
        }
    }
    catch { $line = '' }
    @{ State = 'Running'; AgeMs = $age; Line = $line }
}

function Receive-KtTask {
    <# .SYNOPSIS Door `poll`: waits at most WaitMs for a task's end and picks its result up; then nothing of the task stays. #>
    [CmdletBinding()]
    param([string]$Task, [long]$WaitMs = 0)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $pauseMs = 250
    while ($true) {
        $state = Get-KtTaskState -Task $Task
        if ($state.State -eq 'Ended') {
            Remove-KtTask -Task $Task
            return ConvertTo-KtHashtable -Value (ConvertFrom-Json -InputObject $state.Json)
        }
        if ($state.State -ne 'Running') {
            Remove-KtTask -Task $Task
            return Get-KtTaskOutcome -Task $Task
        }
        $leftMs = $WaitMs - $watch.ElapsedMilliseconds
        if ($leftMs -le 0) { return @{ kind = 'running'; task = $Task; heartbeatAgeMs = $state.AgeMs; lastLine = $state.Line } }
        # what does not end at once mostly takes long
        Start-Sleep -Milliseconds ([Math]::Min($pauseMs, $leftMs))
        $pauseMs = [Math]::Min(4000, 2 * $pauseMs)
    }
}

function Get-KtTaskOutcome {
    <# .SYNOPSIS The outcome of a task that was picked up before, or that ended before it could leave a result, as the ledger tells it. #>
    [CmdletBinding()]
    param([string]$Task)
    $intent = 0
    foreach ($record in @(Read-KtRecord)) {
        if ($record.kind -eq 'intent' -and [string]$record.data.task -eq $Task) { $intent = [int]$record.seq }
        if ($record.kind -eq 'outcome' -and $intent -gt 0 -and [int](Get-KtField -From $record.data -Name 'intent' -Default 0) -eq $intent) {
            $data = $record.data
            if ($data.ok -and $data.kind -in 'apply', 'undo') {
                return @{ kind = 'done'; result = @{ changed = $data.changed; facts = ConvertTo-KtHashtable -Value $data.facts; rebootRequired = $data.rebootRequired } }
            }
            if ($data.ok) { return @{ kind = 'done'; result = ConvertTo-KtHashtable -Value $data.result } }
            return @{ kind = 'failed'; fault = ConvertTo-KtHashtable -Value $record.data.fault }
        }
    }
    @{ kind = 'failed'; fault = @{ message = "Task $Task is gone without a result (a restart, or ended from outside)."; fqid = 'KtTaskDied'; hresult = $null; script = $Task; line = $null } }
}
