<#
.SYNOPSIS
Tells whether the rights of the update folder keep Windows Update from working. Read-only.
.DESCRIPTION
Not possible where Group Policy sets the rights: they would come back at the next refresh, so its owner has to change them.
Nor where administrators may not read the rights: ownership is not taken here. Compared by SID; names are localized.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Sddl
)

$folder = "$env:windir\SoftwareDistribution"
$faults = @()
$now = ''
$unreadable = $false
if (Test-Path -LiteralPath $folder) {
    try { $now = (Get-Acl -LiteralPath $folder -ErrorAction Stop).Sddl }
    catch [System.UnauthorizedAccessException] { $unreadable = $true }
}
if ($unreadable) { $faults += 'administrators may not even read the rights' }
elseif ($now) {
    # The owner is an account of a user, so its number is written out.
    if ($now -match '^O:S-1-5-21-') { $faults += 'the owner is an account of a user, or none any more' }
    if ($now -match '\(D;') { $faults += 'a rule refuses access' }
    foreach ($sid in 'SY', 'BA') {
        if ($now -notmatch "\(A;[A-Z]*;(FA|0x1f01ff);;;$sid\)") { $faults += "$sid has no full control" }
    }
}

$policies = @(Get-CimInstance -Namespace 'root/rsop/computer' -ClassName RSOP_File -ErrorAction SilentlyContinue |
        Where-Object { [System.Environment]::ExpandEnvironmentVariables("$($_.Path)") -eq $folder })

$reason = ''
if ($unreadable) { $reason = "administrators may not read the access rights of $folder; its owner has to be set by hand" }
elseif ($faults.Count -gt 0 -and $policies.Count -gt 0) { $reason = "Group Policy sets the access rights of $folder; its owner has to change it" }

@{
    needed   = $faults.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ folder = $folder; faults = $faults; sddl = $now; byPolicy = $policies.Count -gt 0 }
}
