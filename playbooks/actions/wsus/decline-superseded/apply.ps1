<#
.SYNOPSIS
Declines what may be declined, oldest first.
.DESCRIPTION
The kit records the approvals of each update and so needs no undo script.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [int] $OlderThanDays,
    [int] $Superseded
)

$ids = @((Get-KtWsusBacklog -OlderThanDays $OlderThanDays).Ids)
Deny-KtWsusUpdate -Id $ids

@{
    changed        = $ids.Count -gt 0
    facts          = @{ declined = $ids.Count }
    rebootRequired = $false
}
