<#
.SYNOPSIS
Asks the server anew what is still to be declined. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $OlderThanDays,
    [int] $Superseded
)

$backlog = Get-KtWsusBacklog -OlderThanDays $OlderThanDays
$left = $backlog.Ids.Count

@{
    ok     = $left -eq 0
    reason = $(if ($left -gt 0) { "$left updates are still not declined; a synchronization may have brought them back" } else { '' })
    facts  = @{ superseded = $backlog.Superseded; expired = $backlog.Expired; left = $left }
}
