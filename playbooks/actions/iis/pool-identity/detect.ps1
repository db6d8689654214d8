<#
.SYNOPSIS
Tells whether the pool lacks its account. Read-only.
.DESCRIPTION
Its password cannot be tested here without a logon of its own: the pool being stopped after events 5021 or 5057 shows it.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Pool,
    [string] $UserName,
    [securestring] $Password
)

$filter = "/system.applicationHost/applicationPools/add[@name='$Pool']"
$element = Get-KtWebElement -Filter $filter
$model = Get-KtWebElement -Filter "$filter/processModel"
$user = ''
if ($null -ne $model -and $model.GetAttribute('identityType') -eq 'SpecificUser') { $user = $model.GetAttribute('userName') }
$refused = @(Get-KtEvent -Log 'System' -Provider 'Microsoft-Windows-WAS' -Id 5021, 5057 -Days 30 | Where-Object { $_.Data['AppPoolID'] -eq $Pool })
$state = ''
if ($null -ne $element) { $state = "$((Get-WebAppPoolState -Name $Pool -ErrorAction SilentlyContinue).Value)" }
$reason = ''
if ($null -eq $element) { $reason = "there is no application pool $Pool" }
elseif ($null -eq $Password) { $reason = 'no password was given' }

@{
    needed   = $null -eq $element -or $user -ne $UserName -or ($state -ne 'Started' -and $refused.Count -gt 0)
    possible = -not $reason
    reason   = $reason
    facts    = @{ user = $user; state = $state; refusals = $refused.Count }
}
