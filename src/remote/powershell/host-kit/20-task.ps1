<#
.SYNOPSIS
Our own scheduled tasks (system lane, dead-man): one-shot, as SYSTEM by SID, started by a command line that checks what it runs.
.NOTES
The command line holds the hash of the kit and of the call; the call holds the hash of the script. Nothing is run with -File, so an enforced
signing policy does not stand in the way, and nobody who can write a file can make SYSTEM run it.
#>

function Get-KtTaskFolder {
    [CmdletBinding()]
    param([string]$Task)
    # the folder is removed with all that is in it: never one that is not a task's
    if ($Task -notmatch '^Kintsugi-[A-Za-z0-9_.-]+$') { throw (New-KtError -Id 'KtNoTask' -Message "'$Task' is not the name of a task of ours." -Target $Task) }
    [IO.Path]::Combine($global:KtState.Root, 'tasks', $Task)
}

function Get-KtTaskName {
    <# .SYNOPSIS A name for a task of this run: Kintsugi-<run>-<what>-<token>. #>
    [CmdletBinding()]
    param([string]$What, [int]$Token)
    $plain = $What -replace '[^A-Za-z0-9_.-]', '-'
    if ($plain.Length -gt 60) { $plain = $plain.Substring(0, 51) + '-' + (Get-KtSha256 -Text $What).Substring(0, 8) }
    "Kintsugi-$($global:KtState.Run)-$plain-$Token"
}

function Get-KtTaskCommand {
    <# .SYNOPSIS The arguments of powershell.exe for a task: read the kit, compare its hash, load it, call its entry. #>
    [CmdletBinding()]
    param([string]$Folder, [string]$CallSha256, [string]$Entry)
    $text = '$ErrorActionPreference=''Stop''; $f=''<folder>''; $u=New-Object Text.UTF8Encoding $false; $t=[IO.File]::ReadAllText($f+''\kit.ps1'',$u); ' +
    '$h=[BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($u.GetBytes($t))).Replace(''-'',''''); ' +
    'if ($h -ne ''<kit>'') { exit 97 }; . ([scriptblock]::Create($t)); Initialize-KtState -Run ''<run>'' -HostName ''<host>'' -KitText $t -KitSha256 ''<kit>''; ' +
    '<entry> -Folder $f -CallSha256 ''<call>'''
    $quote = { param($part) ([string]$part).Replace("'", "''") }
    $text = $text.Replace('<folder>', (& $quote $Folder)).Replace('<kit>', $global:KtState.KitSha256).Replace('<call>', $CallSha256)
    $text = $text.Replace('<run>', (& $quote $global:KtState.Run)).Replace('<host>', (& $quote $global:KtState.HostName)).Replace('<entry>', $Entry)
    '-NoProfile -NonInteractive -Command "' + $text + '"'
}

function Register-KtTask {
    <# .SYNOPSIS Registers a task of ours; without triggers it only runs when started. #>
    [CmdletBinding()]
    param([string]$Task, [string]$Argument, [object[]]$Trigger = @(), [long]$LimitMs)
    $given = @{
        TaskName = $Task
        Action = New-ScheduledTaskAction -Execute "$env:windir\System32\WindowsPowerShell\v1.0\powershell.exe" -Argument $Argument
        Principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount -RunLevel Highest
        Settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -StartWhenAvailable -MultipleInstances IgnoreNew -ExecutionTimeLimit ([timespan]::FromMilliseconds($LimitMs))
        Force = $true
    }
    if ($Trigger.Count -gt 0) { $given.Trigger = $Trigger }
    Register-ScheduledTask @given | Out-Null
}

function Unregister-KtTask {
    <# .SYNOPSIS Ends and removes a task of ours; one that is not there is fine. #>
    [CmdletBinding()]
    param([string]$Task)
    if ($null -eq (Get-ScheduledTask -TaskName $Task -ErrorAction SilentlyContinue)) { return }
    # a task that removes itself must not end itself before it is done
    if ($global:KtState.OwnTask -ne $Task) { Stop-ScheduledTask -TaskName $Task -ErrorAction SilentlyContinue }
    Unregister-ScheduledTask -TaskName $Task -Confirm:$false -ErrorAction SilentlyContinue
}

function Test-KtTaskRunning {
    <# .SYNOPSIS Whether the task service counts a task of ours as queued or running (states 2 and 4). #>
    [CmdletBinding()]
    param([string]$Task)
    $found = Get-ScheduledTask -TaskName $Task -ErrorAction SilentlyContinue
    ($null -ne $found) -and ([string]$found.State -in 'Queued', 'Running')
}

function Get-KtTaskStart {
    <# .SYNOPSIS The process that a task became: ProcessId (0 before it began), ProcessStart. #>
    [CmdletBinding()]
    param([string]$Task)
    $path = [IO.Path]::Combine((Get-KtTaskFolder -Task $Task), 'started.json')
    if (-not [IO.File]::Exists($path)) { return @{ ProcessId = 0; ProcessStart = '' } }
    $started = ConvertFrom-Json -InputObject (Read-KtText -Path $path)
    @{ ProcessId = [int]$started.processId; ProcessStart = [string]$started.processStart }
}

function Write-KtTaskFile {
    <# .SYNOPSIS Puts the kit and the call into a task's folder; gives the call's hash. #>
    [CmdletBinding()]
    param([string]$Folder, [Collections.IDictionary]$Call)
    Assert-KtFolder -Folder $Folder
    $text = ConvertTo-KtJson -Value $Call
    Write-KtText -Path ([IO.Path]::Combine($Folder, 'kit.ps1')) -Text $global:KtState.KitText
    Write-KtText -Path ([IO.Path]::Combine($Folder, 'call.json')) -Text $text
    Get-KtSha256 -Text $text
}

function Read-KtTaskCall {
    <# .SYNOPSIS The call of the task that this process is, after comparing its hash. #>
    [CmdletBinding()]
    param([string]$Folder, [string]$CallSha256)
    Assert-KtFolder
    $text = Read-KtText -Path ([IO.Path]::Combine($Folder, 'call.json'))
    Assert-KtSha256 -Text $text -Sha256 $CallSha256 -What 'The call of the task'
    $call = ConvertFrom-Json -InputObject $text
    $global:KtState.Reference = @{
        UtcTicks = [long]$call.reference.utcTicks; Timestamp = [long]$call.reference.timestamp; RoundTripMs = [long]$call.reference.roundTripMs
    }
    $call
}

function Write-KtTaskStart {
    <# .SYNOPSIS The start handshake: which process the task became. #>
    [CmdletBinding()]
    param([string]$Folder)
    $own = Get-Process -Id $PID
    Write-KtText -Path ([IO.Path]::Combine($Folder, 'started.json')) -Text (ConvertTo-KtJson -Value ([ordered]@{
                processId = $PID; processStart = Get-KtProcessStart -Process $own
            }))
}

function Get-KtReferenceData {
    <# .SYNOPSIS The reference time as a task takes it along. #>
    [CmdletBinding()]
    param()
    $reference = $global:KtState.Reference
    [ordered]@{ utcTicks = $reference.UtcTicks; timestamp = $reference.Timestamp; roundTripMs = $reference.RoundTripMs }
}
