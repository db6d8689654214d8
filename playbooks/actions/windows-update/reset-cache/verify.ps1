<#
.SYNOPSIS
Tells whether Windows has built the update cache and the signature catalog anew. Read-only.
.DESCRIPTION
Asking for the length of the update history makes the update agent open, and so create, its database; that is why this
runs in the system lane. Windows takes its time, so it is given two minutes.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$agentFault = ''
try {
    $session = New-Object -ComObject 'Microsoft.Update.Session'
    $null = $session.CreateUpdateSearcher().GetTotalHistoryCount()
}
catch {
    $fault = $_.Exception
    while ($null -ne $fault.InnerException) { $fault = $fault.InnerException }
    $agentFault = '0x{0:X8}' -f $fault.HResult
}

$watch = [System.Diagnostics.Stopwatch]::StartNew()
$database = $false
$catalog = $false
while ($true) {
    $database = Test-Path -LiteralPath "$env:windir\SoftwareDistribution\DataStore\DataStore.edb"
    $catalog = Test-Path -Path "$env:windir\System32\catroot2\*\catdb"
    if (($database -and $catalog) -or $watch.Elapsed.TotalSeconds -ge 120) { break }
    Start-Sleep -Seconds 5
}

$reason = ''
if (-not $database) { $reason = "Windows has not built DataStore.edb anew$(if ($agentFault) { " ($agentFault)" })" }
elseif (-not $catalog) { $reason = 'Windows has not built catdb anew' }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ agentFault = $agentFault }
}
