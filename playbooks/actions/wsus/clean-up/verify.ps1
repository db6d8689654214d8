<#
.SYNOPSIS
Asks the server anew what is obsolete. Read-only.
.DESCRIPTION
A run that was given an end (LimitMinutes, Most) may leave some for the next one; then the question itself must be answered again.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Obsolete,
    [int] $LimitMinutes,
    [int] $Most
)

$left = Get-KtSusdbObsolete

@{
    ok     = $left -ge 0
    reason = $(if ($left -lt 0) { 'the server still takes more than 10 minutes to say what is obsolete; look at the indexes and the memory of its database' } else { '' })
    facts  = @{ left = $left }
}
