<#
.SYNOPSIS
Tells whether policies keep updates from their work, and whose they are. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Services,
    [string[]] $Paths,
    [string[]] $Values
)

$rsop = 'root/rsop/computer'
$names = @{}
foreach ($policy in @(Get-CimInstance -Namespace $rsop -ClassName RSOP_GPO -ErrorAction SilentlyContinue)) { $names["$($policy.id)"] = "$($policy.name)" }

$found = @()
foreach ($setting in @(Get-CimInstance -Namespace $rsop -ClassName RSOP_SystemService -ErrorAction SilentlyContinue)) {
    # StartupMode: 2 automatic, 3 manual, 4 disabled.
    if ($setting.precedence -eq 1 -and "$($setting.Service)" -in $Services -and [int]$setting.StartupMode -eq 4) {
        $found += @{ what = "the service $($setting.Service) is disabled"; policy = "$($setting.GPOID)" }
    }
}
$folders = @($Paths | ForEach-Object { [System.Environment]::ExpandEnvironmentVariables($_) })
foreach ($setting in @(Get-CimInstance -Namespace $rsop -ClassName RSOP_File -ErrorAction SilentlyContinue)) {
    $folder = [System.Environment]::ExpandEnvironmentVariables("$($setting.Path)")
    if ($setting.precedence -eq 1 -and $folder -in $folders) { $found += @{ what = "the rights of $folder are set"; policy = "$($setting.GPOID)" } }
}
foreach ($setting in @(Get-CimInstance -Namespace $rsop -ClassName RSOP_RegistryPolicySetting -ErrorAction SilentlyContinue)) {
    if ($setting.precedence -ne 1 -or $setting.deleted -or "$($setting.valueName)" -notin $Values) { continue }
    $now = (Get-KtRegistryValue -Path "HKLM:\$($setting.registryKey)" -Name "$($setting.valueName)").Value
    if ("$($setting.registryKey)" -match 'Policies\\Microsoft\\Windows\\WindowsUpdate$' -and "$now" -eq '1') {
        $found += @{ what = "$($setting.valueName) is 1"; policy = "$($setting.GPOID)" }
    }
}
$findings = @($found | ForEach-Object { "$($_.what) by '$(if ($names.ContainsKey($_.policy)) { $names[$_.policy] } else { $_.policy })'" })

$events = @(Get-KtEvent -Log 'System' -Provider 'Microsoft-Windows-GroupPolicy' -Id 1006, 1030, 1058, 1129, 1502, 1503 -Days 7 -Newest 1)
$refreshFailed = $events.Count -gt 0 -and $events[0].Id -notin 1502, 1503

$reasons = @()
if ($findings.Count -gt 0) { $reasons += "Group Policy: $($findings -join '; '); its owner has to change it, then gpupdate /target:computer /force and the update again" }
if ($refreshFailed) { $reasons += "the newest refresh of Group Policy failed (event $($events[0].Id)); a domain controller must answer before gpupdate can help" }

@{
    ok     = $reasons.Count -eq 0
    reason = $reasons -join '. '
    facts  = @{ findings = $findings; refreshFailed = $refreshFailed }
}
