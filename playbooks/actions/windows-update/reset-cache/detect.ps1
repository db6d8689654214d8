<#
.SYNOPSIS
Tells whether the update cache is at fault and whether it can be set aside now. Read-only; saves the update history.
.DESCRIPTION
Evidence, all of it newer than the present update database (what is older belongs to a cache that is gone):
- one update failed twice to download or install with a code that means a damaged cache (events 20, 31, update history);
- the search for updates failed twice with such a code and has not succeeded since (events 25, 26);
- the database engine reported damage of DataStore.edb or catdb;
- the Download folder holds more than 10 GB.
Access denied alone is no evidence (the permissions are at fault), nor are codes of a damaged component store.
Runs in the system lane, because the update agent shows its history to local callers only. Its newest 50 entries go
into the facts: they are lost for Windows once the set-aside folders are removed.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param()

$cacheCodes = '0x80070002', '0x80070003', '0x80246007', '0x80248007', '0x80242006', '0x8007000D', '0x80240034'
# Tables of the update database that are missing, wrong, of another version or incomplete.
$databaseCodes = '0x80248003', '0x80248004', '0x80248006', '0x80248008'
$catalogCodes = '0x800B0100', '0x80092003', '0x80096010'
$codes = $cacheCodes + $databaseCodes + $catalogCodes

$cache = "$env:windir\SoftwareDistribution"
$database = Get-Item -LiteralPath "$cache\DataStore\DataStore.edb" -ErrorAction SilentlyContinue
$builtAt = if ($database) { $database.CreationTimeUtc } else { [datetime]::MinValue }

# What the update agent remembers: the newest 200 entries, newest first.
$history = @()
$historyFault = ''
try {
    $session = New-Object -ComObject 'Microsoft.Update.Session'
    $searcher = $session.CreateUpdateSearcher()
    $total = [int]$searcher.GetTotalHistoryCount()
    if ($total -gt 0) {
        $history = @($searcher.QueryHistory(0, [math]::Min($total, 200)) | ForEach-Object {
                @{
                    title      = "$($_.Title)"
                    update     = "$($_.UpdateIdentity.UpdateID)"
                    at         = ([datetime]$_.Date).ToString('s') + 'Z'
                    operation  = [int]$_.Operation
                    resultCode = [int]$_.ResultCode
                    hresult    = '0x{0:X8}' -f [int]$_.HResult
                }
            })
    }
}
catch {
    # A damaged database cannot be asked; the events below still can.
    $fault = $_.Exception
    while ($null -ne $fault.InnerException) { $fault = $fault.InnerException }
    $historyFault = '0x{0:X8}' -f $fault.HResult
}

$provider = 'Microsoft-Windows-WindowsUpdateClient'
$attempts = @()
$events = @(Get-KtEvent -Log 'System' -Provider $provider -Id 20 -Days 30) +
    @(Get-KtEvent -Log "$provider/Operational" -Provider $provider -Id 31 -Days 30)
foreach ($entry in $events) {
    if ($entry.TimeUtc -gt $builtAt -and $entry.Data['errorCode'] -in $codes) {
        $attempts += @{ update = "$($entry.Data['updateGuid'])".Trim('{', '}'); at = $entry.TimeUtc.ToString('s'); from = 'events' }
    }
}
foreach ($entry in $history) {
    if ($entry.resultCode -in 4, 5 -and $entry.hresult -in $codes -and $entry.at -gt $builtAt.ToString('s')) {
        $attempts += @{ update = $entry.update; at = $entry.at; from = 'history' }
    }
}
# Events and history tell of the same attempts, so each source is counted for itself.
$repeated = @($attempts | Group-Object -Property { "$($_.from) $($_.update)" } | Where-Object { $_.Count -ge 2 } |
        ForEach-Object { $_.Group[0].update } | Sort-Object -Unique)

$searches = @(Get-KtEvent -Log "$provider/Operational" -Provider $provider -Id 25, 26 -Days 30 | Sort-Object -Property TimeUtc -Descending)
$failedSearches = 0
foreach ($search in $searches) {
    if ($search.Id -eq 26 -or $search.TimeUtc -le $builtAt) { break }
    if ($search.Data['errorCode'] -in $codes) { $failedSearches++ }
}

$damaged = @(Get-KtEvent -Log 'Application' -Provider 'ESENT' -Id 454, 465, 467, 508, 623 -Days 30 |
        Where-Object { $_.TimeUtc -gt $builtAt -and $_.Text -match 'DataStore\.edb|catdb' })

$downloadBytes = [long]0
if (Test-Path -LiteralPath "$cache\Download") { $downloadBytes = [long](Get-KtFolderSize -Path "$cache\Download").Bytes }

$needed = $repeated.Count -gt 0 -or $failedSearches -ge 2 -or $damaged.Count -gt 0 -or $downloadBytes -gt 10GB

# Whether it can be done now.
$reason = ''
$busy = @(Get-Process -Name 'TiWorker', 'msiexec' -ErrorAction SilentlyContinue)
$pending = @(Get-KtPendingReboot | Where-Object { $_ -ne 'PFRO' })
$disabled = @('wuauserv', 'bits', 'cryptsvc' | Where-Object { (Get-KtService -Name $_).StartType -eq 'Disabled' })
$deploying = @()
if ((Get-KtService -Name 'CcmExec').Exists) {
    # EvaluationState 2 to 7: Configuration Manager is downloading or installing.
    $deploying = @(Get-CimInstance -Namespace 'root/ccm/clientsdk' -ClassName CCM_SoftwareUpdate -ErrorAction SilentlyContinue |
            Where-Object { $_.EvaluationState -ge 2 -and $_.EvaluationState -le 7 })
}
if ($busy.Count -gt 0) { $reason = "an installation is running ($(($busy | ForEach-Object { $_.Name } | Sort-Object -Unique) -join ', '))" }
elseif ($pending.Count -gt 0) { $reason = "a restart is pending ($($pending -join ', ')); restart the host first" }
elseif ($deploying.Count -gt 0) { $reason = "Configuration Manager is installing $($deploying.Count) update(s)" }

@{
    needed   = $needed
    possible = -not $reason
    reason   = $reason
    facts    = @{
        repeatedFailures = $repeated
        failedSearches   = $failedSearches
        damagedDatabases = $damaged.Count
        downloadGB       = [math]::Round($downloadBytes / 1GB, 1)
        disabledServices = $disabled
        settingsOpen     = @(Get-Process -Name 'SystemSettings' -ErrorAction SilentlyContinue).Count # may show updates; what it asks for fails while they rest
        history          = @($history | Select-Object -First 50)
        historyFault     = $historyFault
    }
}
