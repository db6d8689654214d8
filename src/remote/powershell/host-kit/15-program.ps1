<#
.SYNOPSIS
Native programs: output read with the encoding they really write, both streams at once, exit codes as numbers.
#>

function ConvertTo-KtArgument {
    <# .SYNOPSIS One argument, quoted as Windows programs take their command line apart. #>
    [CmdletBinding()]
    param([AllowEmptyString()][string]$Text)
    if ($Text -ne '' -and $Text -notmatch '[\s"]') { return $Text }
    # backslashes count only before a quote
    $doubled = [regex]::Replace($Text, '(\\*)"', '$1$1\"')
    '"' + [regex]::Replace($doubled, '(\\+)$', '$1$1') + '"'
}

function Get-KtEncoding {
    [CmdletBinding()]
    param([string]$Name)
    if ($Name -eq 'Unicode') { return [Text.Encoding]::Unicode }
    if ($Name -eq 'Utf8') { return (New-Object -TypeName Text.UTF8Encoding -ArgumentList $false) }
    # a session has no console, so the machine's own code page is read from where Windows keeps it
    $page = Get-KtRegistryValue -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Nls\CodePage' -Name 'OEMCP'
    [Text.Encoding]::GetEncoding([int]$page.Value)
}

function Get-KtDescendant {
    <# .SYNOPSIS Ids of the processes that these have started, and of what those have started, parents first; also of parents that have ended. #>
    [CmdletBinding()]
    param([int[]]$ProcessId, [datetime]$Since)
    $known = @{}
    foreach ($id in $ProcessId) { $known[$id] = $Since }
    $running = @(Get-CimInstance -ClassName Win32_Process)
    $found = @()
    do {
        $more = @($running | Where-Object {
                $parent = [int]$_.ParentProcessId
                # a number may have been another process's before: a child is never older than its parent
                (-not $known.ContainsKey([int]$_.ProcessId)) -and $known.ContainsKey($parent) -and $_.CreationDate -ge $known[$parent]
            })
        foreach ($process in $more) {
            $known[[int]$process.ProcessId] = $process.CreationDate
            $found += [int]$process.ProcessId
        }
    } while ($more.Count -gt 0)
    $found
}

function Stop-KtProcessTree {
    <# .SYNOPSIS Ends a process and all that it has started, parents first, until nothing of it is left. #>
    [CmdletBinding()]
    param([int]$ProcessId)
    $root = Get-Process -Id $ProcessId -ErrorAction SilentlyContinue
    if ($null -eq $root) { return }
    # what the system keeps of the time is coarser than what it tells of the process
    $since = $root.StartTime.AddSeconds(-1)
    $ours = @($ProcessId)
    # a process that is about to end may still start another one
    foreach ($round in 1..5) {
        $left = @(Get-KtDescendant -ProcessId $ours -Since $since)
        if ($round -gt 1 -and $left.Count -eq 0) { return }
        foreach ($id in @($ours + $left)) { Stop-Process -Id $id -Force -ErrorAction SilentlyContinue }
        $ours = @($ours + $left | Select-Object -Unique)
    }
}

function Start-KtProcess {
    <#
    .SYNOPSIS
    Runs a program to its end. At the limit, or when the script is stopped, it is ended with all that it has started, if the action allows it;
    else it is awaited, since half a servicing of the system is worse than a late one. No record.
    #>
    [CmdletBinding()]
    param([string]$File, [AllowEmptyString()][string]$CommandLine, [string]$Encoding = 'Oem', [long]$LimitMs = 600000, [switch]$MayEnd)
    $info = New-Object -TypeName Diagnostics.ProcessStartInfo -ArgumentList $File, $CommandLine
    $info.UseShellExecute = $false
    $info.CreateNoWindow = $true
    $info.RedirectStandardOutput = $true
    $info.RedirectStandardError = $true
    $info.StandardOutputEncoding = Get-KtEncoding -Name $Encoding
    $info.StandardErrorEncoding = $info.StandardOutputEncoding
    $watch = [Diagnostics.Stopwatch]::StartNew()
    try { $process = [Diagnostics.Process]::Start($info) }
    catch {
        $cause = Get-KtRootCause -Exception $_.Exception
        throw (New-KtError -Id 'KtProgramMissing' -Message "Program $File could not be started: $($cause.Message)" -Target $File -Cause $cause)
    }
    $name = [IO.Path]::GetFileName($File)
    $canEnd = $MayEnd -or $global:KtState.ReadOnly -or $global:KtState.Interruptible
    $ended = $false
    try {
        # both at once: a program that fills one pipe while the other is awaited would never end
        $output = $process.StandardOutput.ReadToEndAsync()
        $errorOutput = $process.StandardError.ReadToEndAsync()
        $nextBeatMs = 0
        # long work is asked less often: nobody waits for its last second
        while (-not $process.WaitForExit($(if ($watch.ElapsedMilliseconds -lt 60000) { 1000 } else { 5000 }))) {
            $ranMs = $watch.ElapsedMilliseconds
            $late = $ranMs -ge $LimitMs
            if (-not $late -and $ranMs -lt $nextBeatMs) { continue }
            $nextBeatMs = $ranMs + 5000
            $said = if ($late -and -not $canEnd) { ", longer than expected; it is not ended, for that could damage the host" } else { '' }
            Write-KtProgress -Text "$name has run for $([int]($ranMs / 1000)) s$said"
            if ($late -and $canEnd) {
                throw (New-KtError -Id 'KtProgramTimedOut' -Message "Program $File did not end within $([int]($LimitMs / 1000)) s and was ended." -Target $File)
            }
        }
        $ended = $true
        [pscustomobject]@{
            ExitCode = [int]$process.ExitCode; Hex = Get-KtHex -Code $process.ExitCode
            Output = [string]$output.Result; ErrorOutput = [string]$errorOutput.Result; ElapsedMs = $watch.ElapsedMilliseconds
        }
    }
    finally {
        if (-not $ended) {
            if ($canEnd) { Stop-KtProcessTree -ProcessId $process.Id }
            else { while (-not $process.WaitForExit(1000)) { } }
        }
        $process.Dispose()
    }
}

function Invoke-KtProgram {
    <#
    .SYNOPSIS
    Runs a native program and says how it is put back: not at all (-ReadOnly, -Irreversible with a reason), by another program
    (-UndoFile, -UndoArguments), or by what was recorded just before (-Recorded).
    .PARAMETER Leaves
    What an irreversible program changes for good, as the report names it: paths, registry keys, `service:name`, `clock`, `component-store`, `system-files` (protected files of Windows), `windows` (Windows itself, by its setup).
    .OUTPUTS
    ExitCode, Hex, Output, ErrorOutput, ElapsedMs
    #>
    [CmdletBinding(DefaultParameterSetName = 'ReadOnly')]
    param(
        [Parameter(Mandatory = $true)][string]$File,
        [string[]]$Arguments = @(),
        [string]$RawArguments = '',
        [ValidateSet('Oem', 'Unicode', 'Utf8')][string]$Encoding = 'Oem',
        [int]$LimitSeconds = 600,
        [Parameter(Mandatory = $true, ParameterSetName = 'ReadOnly')][switch]$ReadOnly,
        [Parameter(Mandatory = $true, ParameterSetName = 'Irreversible')][string]$Irreversible,
        [Parameter(ParameterSetName = 'Irreversible')][string[]]$Leaves = @(),
        [Parameter(Mandatory = $true, ParameterSetName = 'Undo')][string]$UndoFile,
        [Parameter(ParameterSetName = 'Undo')][string[]]$UndoArguments = @(),
        [Parameter(Mandatory = $true, ParameterSetName = 'Recorded')][switch]$Recorded
    )
    $line = $RawArguments
    if (-not $line) { $line = (@($Arguments | ForEach-Object { ConvertTo-KtArgument -Text $_ }) -join ' ') }
    $before = [ordered]@{ file = $File; arguments = $line; undoFile = ''; undoArguments = ''; recorded = [bool]$Recorded }
    $left = if ($Leaves.Count -gt 0) { $Leaves -join '; ' } else { $File }
    if ($Irreversible) { Write-KtBefore -Change 'program' -Target $left -Before $before -Irreversible "$Irreversible ($([IO.Path]::GetFileName($File)))" }
    elseif (-not $ReadOnly) {
        if ($UndoFile) {
            $before.undoFile = $UndoFile
            $before.undoArguments = (@($UndoArguments | ForEach-Object { ConvertTo-KtArgument -Text $_ }) -join ' ')
        }
        Write-KtBefore -Change 'program' -Target $File -Before $before
    }
    Start-KtProcess -File $File -CommandLine $line -Encoding $Encoding -LimitMs (1000L * $LimitSeconds) -MayEnd:$ReadOnly
}

function Undo-KtProgram {
    [CmdletBinding()]
    param([object]$Before)
    # effects of a recorded program are put back by the records before this one
    if (-not [string]$Before.undoFile) { return }
    $ran = Start-KtProcess -File ([string]$Before.undoFile) -CommandLine ([string]$Before.undoArguments)
    if ($ran.ExitCode -notin 0, 3010, 1641) {
        throw (New-KtError -Id 'KtNotProven' -Message "$($Before.undoFile) $($Before.undoArguments) ended with $($ran.Hex)." -Target ([string]$Before.undoFile))
    }
}
