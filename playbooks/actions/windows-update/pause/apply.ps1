<#
.SYNOPSIS
Writes the pause of feature updates, and shortens those that end later.
.OUTPUTS
changed, facts, rebootRequired
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
# Always the calendar of the West: that of the culture may count other years.
$culture = [System.Globalization.CultureInfo]::InvariantCulture
$start = $now.ToString('yyyy-MM-ddTHH:mm:ssZ', $culture)
$end = $now.AddDays($Days).ToString('yyyy-MM-ddTHH:mm:ssZ', $culture)
$styles = [System.Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal'

Set-KtRegistryValue -Path $pause.Path -Name 'PauseFeatureUpdatesStartTime' -Value $start -Type String
Set-KtRegistryValue -Path $pause.Path -Name 'PauseFeatureUpdatesEndTime' -Value $end -Type String
foreach ($name in @('PauseUpdatesExpiryTime', 'PauseQualityUpdatesEndTime' | Where-Object { $_ -in $pause.Values })) {
    $old = [datetime]::MaxValue
    $read = [datetime]::TryParse("$((Get-KtRegistryValue -Path $pause.Path -Name $name).Value)", $culture, $styles, [ref]$old)
    if (-not $read -or $old -gt $now.AddDays($Days)) { Set-KtRegistryValue -Path $pause.Path -Name $name -Value $end -Type String }
}

@{ changed = $true; facts = @{ until = $end }; rebootRequired = $false }
