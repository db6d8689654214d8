<#
.SYNOPSIS
Looks for files of approved updates that are missing, and why the server does not fetch them. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [int] $WaitMinutes
)

$facts = @{ missing = 0; events = 0; folder = ''; exists = $true; rights = @() }
$setup = Get-KtWsusSetup
if (-not $setup.Exists) { return @{ needed = $false; possible = $true; reason = ''; facts = $facts } }
$facts.folder = $setup.ContentFolder
try { $facts.missing = @(Get-KtWsusMissingFile).Count }
catch {
    # services and pool come first; asked again when it is this step's turn
    return @{ needed = $false; possible = $true; reason = ''; facts = $facts }
}
$facts.events = @(Get-KtEvent -Log 'Application' -Provider 'Windows Server Update Services' -Id 364, 12072, 10032 -Days 7).Count
$facts.exists = Test-Path -LiteralPath $setup.ContentFolder
if ($facts.exists) {
    $sddl = (Get-Acl -LiteralPath $setup.ContentFolder).Sddl
    # NETWORK SERVICE and the group of users, by SID
    if ($sddl -notmatch '\(A;[A-Z]*;(FA|0x1f01ff);;;NS\)') { $facts.rights += 'S-1-5-20' }
    if ($sddl -notmatch '\(A;[A-Z]*;(FA|FR|0x1f01ff|0x1200a9);;;BU\)') { $facts.rights += 'S-1-5-32-545' }
}

$reason = ''
if (-not $facts.exists) { $reason = "the content folder $($setup.ContentFolder) is gone: bring its drive or folder back, or move the content with wsusutil movecontent" }

@{
    needed   = $facts.missing -gt 0 -and $facts.events -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = $facts
}
