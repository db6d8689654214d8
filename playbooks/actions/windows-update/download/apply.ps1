<#
.SYNOPSIS
Downloads the updates that are offered.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

$ran = Receive-KtUpdate
if ($ran.HResult -ne 0) { throw "the download of updates ended with 0x$('{0:X8}' -f $ran.HResult)" }

@{
    changed        = $true
    facts          = @{ offered = $ran.Offered; downloaded = $ran.Downloaded }
    rebootRequired = $false
}
