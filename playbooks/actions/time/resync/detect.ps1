<#
.SYNOPSIS
Tells whether the clock is wrong and whether it may be corrected here. Read-only.
.DESCRIPTION
Compares the clock with the reference clock of the session. Domain controllers are refused: the clock of the whole domain
hangs on them, and setting it is a decision for people.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Servers,
    [double] $MaxSkewSeconds,
    [int] $WaitSeconds
)

$os = Get-KtOs
$skewMs = (Get-KtClockSkew).SkewMs
$parameters = 'HKLM:\SYSTEM\CurrentControlSet\Services\W32Time\Parameters'
$type = Get-KtRegistryValue -Path $parameters -Name 'Type'
$server = Get-KtRegistryValue -Path $parameters -Name 'NtpServer'

$needed = [math]::Abs($skewMs) -gt $MaxSkewSeconds * 1000
$possible = $os.ProductType -ne 2

@{
    needed   = $needed
    possible = $possible
    reason   = if ($possible) { '' } else { 'the clock of a domain controller is the clock of its domain; set it by hand' }
    facts    = @{
        skewSeconds  = [math]::Round($skewMs / 1000, 1)
        domainMember = [bool]$os.DomainJoined
        type         = if ($type.Exists) { $type.Value } else { '' }
        server       = if ($server.Exists) { $server.Value } else { '' }
    }
}
