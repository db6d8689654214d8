<#
.SYNOPSIS
Sets active hours and the mode of Delivery Optimization.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [int] $ActiveStart,
    [int] $ActiveEnd,
    [int] $DownloadMode
)

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

$wrong = @(Compare-Delivery -ActiveStart $ActiveStart -ActiveEnd $ActiveEnd -DownloadMode $DownloadMode)
foreach ($value in $wrong) { Set-KtRegistryValue -Path $value.Path -Name $value.Name -Value $value.Wanted -Type DWord }

@{ changed = $wrong.Count -gt 0; facts = @{ set = @($wrong | ForEach-Object { $_.Name }) }; rebootRequired = $false }
