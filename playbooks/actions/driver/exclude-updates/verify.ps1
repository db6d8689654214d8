<#
.SYNOPSIS
Asks Windows Update whether it still offers drivers. Read-only.
.DESCRIPTION
A search as SYSTEM. One that fails says nothing about drivers; then the policy value is what counts.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$value = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate' -Name 'ExcludeWUDriversInQualityUpdate'
$set = $value.Exists -and [int]$value.Value -eq 1
$offered = @()
$searchFault = ''
try {
    $session = New-Object -ComObject 'Microsoft.Update.Session'
    $found = $session.CreateUpdateSearcher().Search('IsInstalled=0 and IsHidden=0')
    # type 2: a driver
    $offered = @($found.Updates | Where-Object { [int]$_.Type -eq 2 } | ForEach-Object { "$($_.Title)" })
}
catch { $searchFault = '0x{0:X8}' -f $_.Exception.HResult }

$reason = ''
if (-not $set) { $reason = 'the policy value ExcludeWUDriversInQualityUpdate is not 1' }
elseif ($offered.Count -gt 0) { $reason = "Windows Update still offers $($offered -join '; ')" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ offered = $offered; searchFault = $searchFault }
}
