<#
.SYNOPSIS
Counts the updates that the server calls obsolete. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Obsolete,
    [int] $LimitMinutes,
    [int] $Most
)

$count = 0
# where the database does not run, services come first; asked again when it is this step's turn
if ((Get-KtWsusSetup).IsInternal) { try { $count = Get-KtSusdbObsolete } catch { $count = 0 } }

@{
    needed   = $count -lt 0 -or $count -gt $Obsolete
    possible = $true
    reason   = ''
    facts    = @{ obsolete = $count; tooManyToCount = $count -lt 0 }
}
