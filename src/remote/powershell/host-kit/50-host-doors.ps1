<#
.SYNOPSIS
What the engine asks of the host as a whole: undo, restart, evidence, release, commit.
#>

function Invoke-KtUndo {
    <# .SYNOPSIS Door `undo`: changes of a step or of the run, newest first. #>
    [CmdletBinding()]
    param([int]$Token, [string]$JournalHead, [AllowNull()][AllowEmptyString()][string]$Step)
    Set-KtWork -Token $Token -JournalHead $JournalHead -Step '(undo)'
    Assert-KtNotCommitted
    # whoever takes over after a crash can tell whether this undo still works
    $intent = Write-KtIntent -Kind 'undo-changes'
    $result = Undo-KtChange -Step ([string]$Step)
    Disable-KtIdleDeadman
    $failed = @($result.changes | Where-Object { -not $_.ok }).Count
    Write-KtOutcome -Intent $intent -Kind 'undo-changes' -Outcome @{ kind = 'done'; result = @{ undone = $result.changes.Count - $failed; failed = $failed } }
    $result
}

function Restart-KtHost {
    <# .SYNOPSIS Door `reboot`: asks Windows for a planned restart (reason 2:17, security fix or planned work); gives the uptime at the request. #>
    [CmdletBinding()]
    param([int]$Token, [string]$JournalHead, [long]$DelayMs)
    Set-KtWork -Token $Token -JournalHead $JournalHead -Step '(reboot)'
    $intent = Write-KtIntent -Kind 'reboot'
    $planned = @(Add-KtPlannedBoot)
    $uptimeMs = Get-KtUptime
    $seconds = [int][Math]::Ceiling($DelayMs / 1000)
    $ran = Start-KtProcess -File "$env:windir\System32\shutdown.exe" -CommandLine "/r /t $seconds /d p:2:17" -LimitMs 60000 -MayEnd
    # 1190: a restart is already scheduled; 1115: it is under way, which is what was wanted
    if ($ran.ExitCode -notin 0, 1190, 1115) {
        Remove-KtPlannedBoot -Group $planned
        throw (New-KtError -Id 'KtRebootRefused' -Message "shutdown.exe ended with $($ran.Hex)." -Target 'shutdown.exe')
    }
    Write-KtOutcome -Intent $intent -Kind 'reboot' -Outcome @{ kind = 'done'; result = @{ uptimeMs = $uptimeMs } }
    @{ uptimeMs = $uptimeMs }
}

function Exit-KtRun {
    <# .SYNOPSIS Door `release`: puts back what was weakened for a while, removes the run's tasks, and frees the host in any case. #>
    [CmdletBinding()]
    param([int]$Token, [string]$JournalHead, [string]$End)
    Set-KtWork -Token $Token -JournalHead $JournalHead -Step '(release)'
    Assert-KtClaimNow
    $fault = $null
    try { Restore-KtWeakened } catch { $fault = $_ }
    # a claim that is given up leaves no task behind that would act for it
    try { Remove-KtLeftover } catch { if ($null -eq $fault) { $fault = $_ } }
    Exit-KtClaim -Data ([ordered]@{ end = $End })
    if ($null -ne $fault) { throw $fault }
}

function Restore-KtWeakened {
    <#
    .SYNOPSIS
    Puts back what was weakened for a while: services that a step stopped without coming to its end, and protection in any case. The dead-man
    tasks that would do it go with the release, also where the changes of the run are to stay (I9).
    #>
    [CmdletBinding()]
    param()
    $undone = @(
        foreach ($apply in @(Get-KtArmed -Group 'services')) { (Undo-KtChange -Step ([string]$apply.step) -Weakens 'services' -By 'release').changes }
        (Undo-KtChange -Weakens 'protection' -By 'release').changes
    )
    $stuck = @($undone | Where-Object { -not $_.ok } | ForEach-Object { "$($_.target): $($_.reason)" })
    if ($stuck.Count -gt 0) { throw (New-KtError -Id 'KtNotProven' -Message "Not as before: $($stuck -join '; ')" -Target 'services and protection') }
}

function Complete-KtRun {
    <#
    .SYNOPSIS
    Door `commit`: removes what was set aside, captures and our shadow copies; restore points stay. Undo refuses from here on.
    .OUTPUTS
    removed (path, bytes), kept
    #>
    [CmdletBinding()]
    param([string]$JournalHead)
    $claim = Enter-KtClaim -Owner "$($global:KtState.Run)#commit" -JournalHead $JournalHead
    if ($claim.kind -eq 'held') { throw (New-KtError -Id 'KtHeld' -Message "Run $($claim.run) holds the host since $($claim.since)." -Target $claim.run) }
    if ($claim.kind -ne 'claimed') { throw (New-KtError -Id 'KtTampered' -Message $claim.reason -Target $claim.path) }
    Set-KtWork -Token $claim.token -JournalHead $JournalHead -Step '(commit)'
    try { Remove-KtRunRemains }
    catch {
        # a commit that failed can be given again, but must not keep other runs from the host
        $fault = $_
        Exit-KtClaim -Data ([ordered]@{ end = 'commit-failed' })
        throw $fault
    }
}

function Remove-KtRunRemains {
    <# .SYNOPSIS What a commit removes, under its claim; frees the host at its end. #>
    [CmdletBinding()]
    param()
    $mark = $global:KtState.Run
    $removed = New-Object -TypeName Collections.ArrayList
    $kept = New-Object -TypeName Collections.ArrayList
    $candidates = New-Object -TypeName Collections.ArrayList
    foreach ($record in @(Read-KtRecord)) {
        if ($record.kind -ne 'before' -or $record.data.change -notin 'rename', 'file') { continue }
        $path = if ($record.data.change -eq 'rename') { [string]$record.data.before.from } else { [string]$record.data.target }
        $parent = [IO.Path]::GetDirectoryName($path)
        if (-not [IO.Directory]::Exists($parent)) { continue }
        $leaf = [IO.Path]::GetFileName($path)
        foreach ($pattern in "$leaf.kintsugi-$mark*", "$leaf.kintsugi-rejected-$mark*") {
            foreach ($item in [IO.Directory]::GetFileSystemEntries($parent, $pattern)) { if (-not $candidates.Contains($item)) { [void]$candidates.Add($item) } }
        }
    }
    $intent = Write-KtIntent -Kind 'commit'
    foreach ($item in $candidates) { Remove-KtCommitted -Path $item -Removed $removed -Kept $kept }
    $captures = [IO.Path]::Combine((Get-KtRunFolder), 'captures')
    if ([IO.Directory]::Exists($captures)) {
        $bytes = (Get-KtFolderSize -Path $captures).Bytes
        Remove-KtOwnFolder -Path $captures
        if ([IO.Directory]::Exists($captures)) { [void]$kept.Add($captures) } else { [void]$removed.Add(@{ path = $captures; bytes = $bytes }) }
    }
    $protection = Find-KtProtection
    if ($null -ne $protection -and $protection.method -eq 'shadow-copy') {
        foreach ($copy in @(Get-CimInstance -ClassName Win32_ShadowCopy | Where-Object { [string]$_.ID -eq $protection.id })) {
            $before = (Get-KtFreeSpace).FreeBytes
            Remove-CimInstance -InputObject $copy
            [void]$removed.Add(@{ path = "shadow copy $($protection.id)"; bytes = [Math]::Max([long]0, (Get-KtFreeSpace).FreeBytes - $before) })
        }
    }
    elseif ($null -ne $protection -and $protection.method -eq 'restore-point') { [void]$kept.Add("restore point $($protection.id)") }
    Remove-KtLeftover
    $result = @{ removed = $removed.ToArray(); kept = $kept.ToArray() }
    Write-KtOutcome -Intent $intent -Kind 'commit' -Outcome @{ kind = 'done'; result = $result }
    Exit-KtClaim -Data ([ordered]@{ end = 'committed'; removed = $result.removed; kept = $result.kept })
    $result
}

function Remove-KtCommitted {
    [CmdletBinding()]
    param([string]$Path, [Collections.ArrayList]$Removed, [Collections.ArrayList]$Kept)
    if (Test-KtLink -Path $Path) { [void]$Kept.Add($Path); return }
    $bytes = if ([IO.Directory]::Exists($Path)) { (Get-KtFolderSize -Path $Path).Bytes } else { (New-Object -TypeName IO.FileInfo -ArgumentList $Path).Length }
    Remove-Item -LiteralPath $Path -Recurse -Force -ErrorAction SilentlyContinue
    if (Test-Path -LiteralPath $Path) { [void]$Kept.Add($Path) } else { [void]$Removed.Add(@{ path = $Path; bytes = [long]$bytes }) }
}

function Get-KtEvidence {
    <# .SYNOPSIS Door `evidence`: extracts by kind, at most MaxBytes of text in all; reads only. #>
    [CmdletBinding()]
    param([AllowEmptyCollection()][string[]]$Kind, [long]$MaxBytes)
    $client = 'Microsoft-Windows-WindowsUpdateClient/Operational'
    $share = [int][Math]::Max(1000, $MaxBytes / [Math]::Max(1, $Kind.Count))
    $cbs = "$env:windir\Logs\CBS\CBS.log"
    $evidence = [ordered]@{}
    foreach ($one in $Kind) {
        try {
            $lines = @(switch ($one) {
                    'update-history' { Get-KtEvent -Log 'System' -Provider 'Microsoft-Windows-WindowsUpdateClient' -Id 19, 20, 43, 44 -Days 30 -Newest 200 | ForEach-Object { Format-KtEvent -Record $_ } }
                    'windows-update-log' { Get-KtEvent -Log $client -Days 7 -Newest 300 | ForEach-Object { Format-KtEvent -Record $_ } }
                    'cbs-log' { Get-KtLogLine -Path $cbs -From ([Math]::Max([long]0, (Get-KtFileLength -Path $cbs) - 4194304)) -Match ', (Error|Warning) |\[SR\]|HRESULT|Corrupt' -Newest 400 }
                    'services' { Get-CimInstance -ClassName Win32_Service | ForEach-Object { "$($_.Name) $($_.State) $($_.StartMode)" } }
                    'system-events' { Get-KtEvent -Log 'System' -Id 7000, 7001, 7009, 7023, 7031, 7034 -Days 7 -Newest 200 | ForEach-Object { Format-KtEvent -Record $_ } }
                    'pending-reboot' { Get-KtPendingReboot }
                    default { "unknown kind of evidence" }
                })
        }
        catch { $lines = @("could not be read: $((Get-KtFault -ErrorRecord $_).message)") }
        $kept = New-Object -TypeName Collections.ArrayList
        $size = 0
        foreach ($line in $lines) {
            $size += ([string]$line).Length * 2 + 3
            if ($size -gt $share) { break }
            [void]$kept.Add([string]$line)
        }
        $evidence[$one] = [ordered]@{ lines = $kept.ToArray(); omitted = $lines.Count - $kept.Count }
    }
    $evidence
}

function Format-KtEvent {
    [CmdletBinding()]
    param([object]$Record)
    "$($Record.TimeUtc.ToString('o', [Globalization.CultureInfo]::InvariantCulture)) $($Record.Provider) $($Record.Id) $($Record.Text)"
}
