<#
.SYNOPSIS
Tells whether pauses, active hours and delivery are as wanted. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Pause,
    [int] $MaxDays,
    [bool] $Delivery,
    [int] $ActiveStart,
    [int] $ActiveEnd,
    [int] $DownloadMode
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

# region active hours and delivery (the same text in the scripts of windows-update/delivery and in windows-update/settings)
function Compare-Delivery {
    # One entry for each value that is not as wanted: path, name, is, wanted, owner (a policy, or nothing).
    param([int] $ActiveStart, [int] $ActiveEnd, [int] $DownloadMode)
    $settings = 'HKLM:\SOFTWARE\Microsoft\WindowsUpdate\UX\Settings'
    $delivery = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\DeliveryOptimization'
    $byPolicy = "$((Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate' -Name 'SetActiveHours').Value)" -eq '1'
    $settingsOfPolicies = @(Get-CimInstance -Namespace 'root/rsop/computer' -ClassName RSOP_RegistryPolicySetting -ErrorAction SilentlyContinue)
    # what Windows takes where there is no value: 8 to 17 o'clock, and the computers of the own network
    foreach ($row in @(@($settings, 'ActiveHoursStart', $ActiveStart, 8), @($settings, 'ActiveHoursEnd', $ActiveEnd, 17), @($delivery, 'DODownloadMode', $DownloadMode, 1))) {
        $value = Get-KtRegistryValue -Path $row[0] -Name $row[1]
        $is = if ($value.Exists) { [int]$value.Value } else { $row[3] }
        if ($is -eq $row[2]) { continue }
        $owner = ''
        $gpo = @($settingsOfPolicies | Where-Object { $_.valueName -eq $row[1] -and "HKLM:\$($_.registryKey)" -eq $row[0] } | ForEach-Object { "$($_.GPOID)" })
        if ($gpo.Count -gt 0) { $owner = "Group Policy sets $($row[1]) ($($gpo[0])); its owner has to change it" }
        elseif ($byPolicy -and $row[1] -like 'ActiveHours*') { $owner = 'a policy sets the active hours (SetActiveHours); its owner has to change them' }
        @{ Path = $row[0]; Name = $row[1]; Is = $is; Wanted = $row[2]; Owner = $owner }
    }
}
# endregion

$state = Get-UpdatePause
$now = [datetime]::UtcNow
$days = [math]::Max(0, [math]::Round(($state.LatestEnd - $now).TotalDays, 1))

$faults = @()
if ($Pause -ne 'any') {
    if ($days -gt $MaxDays) { $faults += "updates are paused for $days more days; at most $MaxDays are wanted" }
    elseif ($state.LatestEnd -le $now -and $state.Values.Count -gt 0) { $faults += 'values of a pause that is over are left' }
    if ($Pause -eq 'none' -and $days -gt 0 -and $days -le $MaxDays) { $faults += "updates are paused for $days more days" }
    if ($Pause -eq 'feature' -and $state.FeatureEnd -le $now) { $faults += 'feature updates are not paused' }
    if ($Pause -eq 'none' -and $state.Owner) { $faults += $state.Owner }
}
if ($Delivery) {
    foreach ($value in @(Compare-Delivery -ActiveStart $ActiveStart -ActiveEnd $ActiveEnd -DownloadMode $DownloadMode)) {
        $faults += "$($value.Name) is $($value.Is), not $($value.Wanted)"
    }
}

@{
    ok     = $faults.Count -eq 0
    reason = $faults -join '; '
    facts  = @{ daysLeft = $days; expired = $state.LatestEnd -le $now -and $state.Values.Count -gt 0; values = $state.Values; owner = $state.Owner }
}
