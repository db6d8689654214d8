<#
.SYNOPSIS
Tells whether the ISO file is there and has the hash that its maker publishes. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $MediaPath,
    [string] $Sha256
)

$reason = ''
$hash = ''
$again = 'fetch it again from a source that you trust, and check the clock, the proxy and the disk where that happens twice'
if (-not (Test-Path -LiteralPath $MediaPath)) { $reason = "the media $MediaPath are not there; copy the ISO file of the wanted Windows to the host" }
elseif ($MediaPath -notlike '*.iso') { $reason = "$MediaPath is no ISO file" }
elseif ($Sha256) {
    $hash = "$((Get-FileHash -LiteralPath $MediaPath -Algorithm SHA256).Hash)"
    if ($hash -ne $Sha256) { $reason = "the media $MediaPath are damaged or other than expected (SHA-256 $hash, not $Sha256); $again" }
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ sha256 = $hash; checked = [bool]$hash }
}
