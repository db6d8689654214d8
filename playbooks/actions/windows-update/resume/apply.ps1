<#
.SYNOPSIS
Takes the values of the pause away.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

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
foreach ($name in $pause.Values) { Remove-KtRegistryValue -Path $pause.Path -Name $name }

@{ changed = $pause.Values.Count -gt 0; facts = @{ removed = $pause.Values }; rebootRequired = $false }
