<#
.SYNOPSIS
Tells whether the clock is right and stays so. Read-only.
.DESCRIPTION
Two readings SettleSeconds apart: at most 5 s off, at most 60 s for a domain member (its domain may differ from our
reference).
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Servers,
    [double] $MaxSkewSeconds,
    [int] $WaitSeconds,
    [int] $SettleSeconds
)

$limitMs = if ((Get-KtOs).DomainJoined) { 60000 } else { 5000 }
$first = (Get-KtClockSkew).SkewMs
$second = $first
if ([math]::Abs($first) -le $limitMs) {
    Start-Sleep -Seconds $SettleSeconds
    $second = (Get-KtClockSkew).SkewMs
}
$ok = [math]::Abs($first) -le $limitMs -and [math]::Abs($second) -le $limitMs

@{
    ok     = $ok
    reason = if ($ok) { '' } else { "the clock is $([math]::Round($second / 1000, 1)) s off" }
    facts  = @{ skewSeconds = [math]::Round($second / 1000, 1) }
}
