<#
.SYNOPSIS
Tells whether the session holds the full token of an administrator. Read-only.
.DESCRIPTION
A local administrator who signs in over the network gets a filtered token unless the account is the built-in one; nothing
can be repaired with it.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$elevated = [bool](Test-KtElevated)

@{
    ok     = $elevated
    reason = if ($elevated) { '' } else { 'the account has no full administrator token here; use a domain account that is an administrator, or the built-in administrator' }
    facts  = @{ elevated = $elevated }
}
