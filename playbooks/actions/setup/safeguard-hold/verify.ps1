<#
.SYNOPSIS
Tells whether Microsoft holds a feature update back from this machine. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$holds = @()
foreach ($key in @(Get-ChildItem -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\TargetVersionUpgradeExperienceIndicators' -ErrorAction SilentlyContinue)) {
    $ids = @($key.GetValue('GatedBlockId') | Where-Object { "$_" -ne '' -and "$_" -ne 'None' })
    if ($ids.Count -gt 0) { $holds += "$($key.PSChildName) ($($ids -join ', '))" }
}

@{
    ok     = $holds.Count -eq 0
    reason = if ($holds.Count -gt 0) { "Microsoft holds the feature update back from this machine because of a known fault: $($holds -join '; '). Wait until the hold is lifted; look the id up in the release health of Windows" } else { '' }
    facts  = @{ holds = $holds }
}
