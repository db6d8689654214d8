<#
.SYNOPSIS
Searches for updates and tells whether the update agent can do it. Installs nothing.
.DESCRIPTION
Runs in the system lane: the update agent refuses callers with a network logon (0x80070005). Judges by ResultCode
(2 succeeded, 3 succeeded with warnings) and HRESULT, so the language of the host does not matter.
An update counts as failed when its installation (event 20) or download (event 31) failed with a code of FailedWith since
the present update database was built and no installation (event 19) followed. Older failures belong to a database that
is no longer in use.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Expect,
    [string[]] $FailedWith
)

$resultCode = 0
$hresult = '0x00000000'
$updates = 0
$warnings = @()
try {
    $session = New-Object -ComObject 'Microsoft.Update.Session'
    $searcher = $session.CreateUpdateSearcher()
    $found = $searcher.Search('IsInstalled=0 and IsHidden=0')
    $resultCode = [int]$found.ResultCode
    $updates = [int]$found.Updates.Count
    $warnings = @($found.Warnings | Where-Object { $null -ne $_ } | ForEach-Object { '0x{0:X8}' -f [int]$_.HResult })
}
catch {
    $fault = $_.Exception
    while ($null -ne $fault.InnerException) { $fault = $fault.InnerException }
    $hresult = '0x{0:X8}' -f $fault.HResult
}

$failed = @()
if ($FailedWith) {
    $database = Get-Item -LiteralPath "$env:windir\SoftwareDistribution\DataStore\DataStore.edb" -ErrorAction SilentlyContinue
    $builtAt = if ($database) { $database.CreationTimeUtc } else { [datetime]::MinValue }
    $provider = 'Microsoft-Windows-WindowsUpdateClient'
    $failures = @(Get-KtEvent -Log 'System' -Provider $provider -Id 20 -Days 30) +
        @(Get-KtEvent -Log "$provider/Operational" -Id 31 -Days 30)
    $installed = @(Get-KtEvent -Log 'System' -Provider $provider -Id 19 -Days 30)
    foreach ($failure in $failures) {
        if ($failure.Data['errorCode'] -notin $FailedWith -or $failure.TimeUtc -lt $builtAt) { continue }
        $guid = $failure.Data['updateGuid']
        $later = @($installed | Where-Object { $_.Data['updateGuid'] -eq $guid -and $_.TimeUtc -gt $failure.TimeUtc })
        if ($later.Count -eq 0 -and $guid -notin $failed) { $failed += $guid }
    }
}

$reason = ''
if ($hresult -ne '0x00000000') { $reason = "the search for updates ended with $hresult" }
elseif ($resultCode -notin 2, 3) { $reason = "the search for updates ended with result code $resultCode" }
elseif (@($warnings | Where-Object { $_ -in $FailedWith }).Count -gt 0) { $reason = "the search for updates warned with $($warnings -join ', ')" }
elseif ($failed.Count -gt 0) { $reason = "$($failed.Count) update(s) failed with $($FailedWith -join ' or ') and have not been installed since" }
elseif ($Expect -eq 'up-to-date' -and $updates -gt 0) { $reason = "$updates update(s) are waiting to be installed" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ resultCode = $resultCode; hresult = $hresult; updates = $updates; warnings = $warnings; failedUpdates = $failed }
}
