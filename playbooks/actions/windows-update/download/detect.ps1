<#
.SYNOPSIS
Tells whether an update that is offered is not there yet. Read-only.
.DESCRIPTION
Where the agent cannot be asked, trying is what is needed: this step comes behind the one that makes it possible.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param()

$missing = -1
try {
    $found = (New-Object -ComObject 'Microsoft.Update.Session').CreateUpdateSearcher().Search('IsInstalled=0 and IsHidden=0').Updates
    $missing = @($found | Where-Object { -not $_.IsDownloaded }).Count
}
catch { $missing = -1 }

@{
    needed   = $missing -ne 0
    possible = $true
    reason   = ''
    facts    = @{ missing = $missing }
}
