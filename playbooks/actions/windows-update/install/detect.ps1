<#
.SYNOPSIS
Tells which updates wait to be installed, and whether they can be installed now. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Kb
)

$waiting = @()
$reason = ''
try {
    $waiting = @((Get-KtOfferedUpdate -Criteria "IsInstalled=0 and IsHidden=0 and Type='Software' and BrowseOnly=0").Updates | Where-Object {
            $numbers = @($_.KBArticleIDs | ForEach-Object { "$_" })
            $Kb.Count -eq 0 -or @($numbers | Where-Object { $_ -in $Kb }).Count -gt 0
        })
}
catch {
    $fault = $_.Exception
    while ($null -ne $fault.InnerException) { $fault = $fault.InnerException }
    $reason = "the search for updates ended with $('0x{0:X8}' -f $fault.HResult)"
}

$busy = @(Get-Process -Name 'TiWorker', 'msiexec' -ErrorAction SilentlyContinue)
$pending = @(Get-KtPendingReboot | Where-Object { $_ -ne 'PFRO' })
if (-not $reason) {
    if ($busy.Count -gt 0) { $reason = "an installation is running ($(($busy | ForEach-Object { $_.Name } | Sort-Object -Unique) -join ', '))" }
    elseif ($pending.Count -gt 0) { $reason = "a restart is pending ($($pending -join ', ')); restart the host first" }
}

@{
    needed   = $waiting.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{
        waiting = @($waiting | ForEach-Object { "$($_.Title)" })
        updates = @($waiting | ForEach-Object { "$($_.Identity.UpdateID)" })
    }
}
