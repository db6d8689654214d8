<#
.SYNOPSIS
The ledger: ledger\<run>.jsonl, one record a line, appended write-through, each bound to the one before by its hash.
.NOTES
A line is the record's JSON with "hash" as its last field; the hash is SHA-256 over the same JSON without that field. A last line without
line feed was never acknowledged, so nothing was changed on its behalf: it is ignored when read and cut off by the next append.
#>

function Open-KtLock {
    <# .SYNOPSIS The host-wide lock, as an open file that nobody else may open; dispose it. #>
    [CmdletBinding()]
    param([long]$LimitMs = 15000)
    $path = [IO.Path]::Combine($global:KtState.Root, 'lock')
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        try {
            return New-Object -TypeName IO.FileStream -ArgumentList $path, ([IO.FileMode]::OpenOrCreate), ([IO.FileAccess]::ReadWrite), ([IO.FileShare]::None)
        }
        catch {
            $cause = Get-KtRootCause -Exception $_.Exception
            if ($cause -isnot [IO.IOException]) { throw }
            if ($watch.ElapsedMilliseconds -ge $LimitMs) {
                throw (New-KtError -Id 'KtLedgerLocked' -Message "Another process has held $path for more than $LimitMs ms." -Target $path -Cause $cause)
            }
        }
        Start-Sleep -Milliseconds 50
    }
}

function Get-KtLedgerPath {
    [CmdletBinding()]
    param([string]$Run = $global:KtState.Run)
    [IO.Path]::Combine($global:KtState.Root, 'ledger', "$Run.jsonl")
}

function Split-KtLedger {
    <# .SYNOPSIS The whole lines of a ledger's text, and whether a torn one follows. #>
    [CmdletBinding()]
    param([AllowEmptyString()][string]$Text)
    $end = $Text.LastIndexOf("`n")
    $whole = if ($end -lt 0) { '' } else { $Text.Substring(0, $end) }
    $lines = if ($whole) { @($whole -split "`n") } else { @() }
    @{ Lines = $lines; Torn = ($end + 1) -lt $Text.Length; Whole = $Text.Substring(0, $end + 1) }
}

function ConvertFrom-KtLedger {
    <# .SYNOPSIS The records of a ledger's lines, chain checked: Records, Broken. #>
    [CmdletBinding()]
    param([AllowEmptyCollection()][string[]]$Line)
    $records = New-Object -TypeName Collections.ArrayList
    $prev = '0' * 64
    $seq = 0
    foreach ($text in $Line) {
        if ($text -notmatch '^\{"seq":\d+,.*,"hash":"([0-9a-f]{64})"\}$') { return @{ Records = $records.ToArray(); Broken = $true } }
        $hash = $Matches[1]
        $record = ConvertFrom-Json -InputObject $text
        $seq++
        $body = $text.Substring(0, $text.Length - 75) + '}'
        if ([int]$record.seq -ne $seq -or [string]$record.prev -ne $prev -or (Get-KtSha256 -Text $body) -ne $hash) {
            return @{ Records = $records.ToArray(); Broken = $true }
        }
        $prev = $hash
        [void]$records.Add($record)
    }
    @{ Records = $records.ToArray(); Broken = $false }
}

function Read-KtRecord {
    <# .SYNOPSIS All records of a run's ledger; a broken chain is an error. #>
    [CmdletBinding()]
    param([string]$Run = $global:KtState.Run)
    $path = Get-KtLedgerPath -Run $Run
    if (-not [IO.File]::Exists($path)) { return }
    $ledger = ConvertFrom-KtLedger -Line @((Split-KtLedger -Text (Read-KtText -Path $path)).Lines)
    if ($ledger.Broken) { throw (New-KtError -Id 'KtLedgerBroken' -Message "The hash chain of $path does not hold." -Target $path) }
    $ledger.Records
}

function Get-KtClaimState {
    <# .SYNOPSIS Who holds the claim by a ledger's records: TopToken, Open, Owner, Since. #>
    [CmdletBinding()]
    param([AllowEmptyCollection()][object[]]$Record)
    $state = @{ TopToken = 0; Open = $false; Owner = ''; Since = '' }
    foreach ($entry in $Record) {
        if ($entry.kind -eq 'claim') {
            $state.TopToken = [int]$entry.token
            $state.Open = $true
            $state.Owner = [string](Get-KtField -From $entry.data -Name 'owner' -Default '')
            $state.Since = if ($entry.at -is [datetime]) { $entry.at.ToUniversalTime().ToString('o') } else { [string]$entry.at }
        }
        elseif ($entry.kind -eq 'released' -and [int]$entry.token -ge $state.TopToken) { $state.Open = $false }
    }
    $state
}

function Update-KtLedgerState {
    <# .SYNOPSIS Reads the ledger again unless it is exactly as this session left it; cuts a torn tail. Only under the lock. #>
    [CmdletBinding()]
    param()
    $path = Get-KtLedgerPath
    $known = $global:KtState.Ledger
    $length = if ([IO.File]::Exists($path)) { (New-Object -TypeName IO.FileInfo -ArgumentList $path).Length } else { [long]0 }
    if ($length -eq $known.Length) { return }
    $split = @{ Lines = @(); Torn = $false; Whole = '' }
    if ($length -gt 0) { $split = Split-KtLedger -Text (Read-KtText -Path $path) }
    $ledger = ConvertFrom-KtLedger -Line @($split.Lines)
    if ($ledger.Broken) { throw (New-KtError -Id 'KtLedgerBroken' -Message "The hash chain of $path does not hold." -Target $path) }
    if ($split.Torn) {
        $length = (New-Object -TypeName Text.UTF8Encoding -ArgumentList $false).GetByteCount($split.Whole)
        $stream = New-Object -TypeName IO.FileStream -ArgumentList $path, ([IO.FileMode]::Open), ([IO.FileAccess]::Write), ([IO.FileShare]::Read)
        try { $stream.SetLength($length) } finally { $stream.Dispose() }
    }
    $records = @($ledger.Records)
    $claim = Get-KtClaimState -Record $records
    $known.Seq = $records.Count
    $known.Hash = if ($records.Count -gt 0) { [string]$records[$records.Count - 1].hash } else { '0' * 64 }
    $known.TopToken = $claim.TopToken
    $known.Open = $claim.Open
    $known.Length = $length
}

function Write-KtRecord {
    <# .SYNOPSIS Appends one record; only under the lock and after Update-KtLedgerState. Gives its seq. #>
    [CmdletBinding()]
    param([string]$Kind, [int]$Token, [Collections.IDictionary]$Data)
    $known = $global:KtState.Ledger
    $path = Get-KtLedgerPath
    $seq = $known.Seq + 1
    $head = ConvertTo-KtJson -Value ([ordered]@{
            seq = $seq; kind = $Kind; token = $Token
            at = [datetime]::UtcNow.ToString('o', [Globalization.CultureInfo]::InvariantCulture)
            journalHead = $global:KtState.JournalHead
        })
    $text = ConvertTo-KtJson -Value $Data
    # hashes, and what names a process or a task, stay as they are even where a short secret happens to be part of them
    if ($Kind -notin 'claim', 'intent') { $text = Hide-KtSecret -Text $text }
    $body = $head.Substring(0, $head.Length - 1) + ',"data":' + $text + ',"prev":"' + $known.Hash + '"}'
    $hash = Get-KtSha256 -Text $body
    $line = $body.Substring(0, $body.Length - 1) + ',"hash":"' + $hash + '"}' + "`n"
    $bytes = (New-Object -TypeName Text.UTF8Encoding -ArgumentList $false).GetBytes($line)
    $stream = New-Object -TypeName IO.FileStream -ArgumentList $path, ([IO.FileMode]::Append), ([IO.FileAccess]::Write), ([IO.FileShare]::Read), 4096, ([IO.FileOptions]::WriteThrough)
    try {
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Flush($true)
    }
    finally { $stream.Dispose() }
    $known.Seq = $seq
    $known.Hash = $hash
    $known.Length = $known.Length + $bytes.Length
    if ($Kind -eq 'claim') { $known.TopToken = $Token; $known.Open = $true }
    if ($Kind -eq 'released') { $known.Open = $false }
    $seq
}

function Assert-KtClaim {
    <# .SYNOPSIS Refuses a worker whose claim is no longer the newest (I4). Only under the lock. #>
    [CmdletBinding()]
    param()
    $known = $global:KtState.Ledger
    $token = $global:KtState.Token
    if ($token -le 0 -or $known.TopToken -ne $token -or -not $known.Open) {
        $newest = if ($known.Open) { "the newest is $($known.TopToken)" } else { 'the host has been released' }
        throw (New-KtError -Id 'KtStaleClaim' -Message "Claim $token of run $($global:KtState.Run) no longer holds: $newest." -Target $token)
    }
}

function Add-KtRecord {
    <# .SYNOPSIS Lock, claim read again, record appended. -AnyToken: outcomes, which tell what was and change nothing. #>
    [CmdletBinding()]
    param([string]$Kind, [Collections.IDictionary]$Data, [switch]$AnyToken)
    Assert-KtFolder
    $lock = Open-KtLock
    try {
        Update-KtLedgerState
        if (-not $AnyToken) { Assert-KtClaim }
        Write-KtRecord -Kind $Kind -Token $global:KtState.Token -Data $Data
    }
    finally { $lock.Dispose() }
}
