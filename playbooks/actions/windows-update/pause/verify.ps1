<#
.SYNOPSIS
Tells whether feature updates are paused, and no pause is longer than wanted. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $Days
)

# region the pause of updates (the same text in the scripts of windows-update/pause, /resume and /settings)
function Get-UpdatePause {
    # Values: what is there of the pause; FeatureEnd, LatestEnd: UTC, MinValue where there is none; Owner: the policy that decides.
    $settings = 'HKLM:\SOFTWARE\Microsoft\WindowsUpdate\UX\Settings'
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate'
    $pause = @{ Path = $settings; Values = @(); FeatureEnd = [datetime]::MinValue; LatestEnd = [datetime]::MinValue; Owner = '' }
    $styles = [System.Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal'
    foreach ($name in 'PauseUpdatesStartTime', 'PauseUpdatesExpiryTime', 'PauseFeatureUpdatesStartTime', 'PauseFeatureUpdatesEndTime', 'PauseQualityUpdatesStartTime', 'PauseQualityUpdatesEndTime') {
        $value = Get-KtRegistryValue -Path $settings -Name $name
        if (-not $value.Exists) { continue }
        $pause.Values += $name
        $end = [datetime]::MinValue
        if ($name -notlike '*StartTime' -and [datetime]::TryParse("$($value.Value)", [System.Globalization.CultureInfo]::InvariantCulture, $styles, [ref]$end)) {
            if ($name -like '*Feature*') { $pause.FeatureEnd = $end }
            if ($end -gt $pause.LatestEnd) { $pause.LatestEnd = $end }
        }
    }
    foreach ($name in 'PauseFeatureUpdatesStartTime', 'PauseQualityUpdatesStartTime', 'SetDisablePauseUXAccess') {
        if ("$((Get-KtRegistryValue -Path $policy -Name $name).Value)" -notin '', '0') { $pause.Owner = "the policy value $name decides about pauses; its owner has to change it" }
    }
    $pause
}
# endregion

$pause = Get-UpdatePause
$now = [datetime]::UtcNow

$reason = ''
if ($pause.FeatureEnd -le $now) { $reason = 'feature updates are not paused' }
elseif ($pause.LatestEnd -gt $now.AddDays($Days).AddMinutes(1)) { $reason = "a pause lasts for more than $Days days" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ daysLeft = [math]::Max(0, [math]::Round(($pause.LatestEnd - $now).TotalDays, 1)) }
}
