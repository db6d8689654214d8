<#
.SYNOPSIS
Deletes obsolete updates one by one until all are gone or the time is over.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [int] $Obsolete,
    [int] $LimitMinutes,
    [int] $Most
)

$done = Remove-KtWsusUpdate -Reason 'Deleted updates come back from the backup of SUSDB alone.' -LimitMinutes $LimitMinutes -Most $Most

@{
    changed        = $done.Deleted -gt 0
    facts          = @{ deleted = $done.Deleted; timedOut = $done.TimedOut; left = $done.Left }
    rebootRequired = $false
}
