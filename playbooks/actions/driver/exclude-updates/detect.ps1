<#
.SYNOPSIS
Tells whether driver updates fail with 0x80070103 and may be kept away. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param()

# region refused drivers (the same text in driver/not-newer and driver/exclude-updates; a test compares them)
function Get-RefusedDriver {
    # Titles of updates that failed with 0x80070103 within 30 days and were not installed since.
    $provider = 'Microsoft-Windows-WindowsUpdateClient'
    $installed = @(Get-KtEvent -Log 'System' -Provider $provider -Id 19 -Days 30)
    $failed = @(Get-KtEvent -Log 'System' -Provider $provider -Id 20 -Days 30 | Where-Object {
            $failure = $_
            $failure.Data['errorCode'] -eq '0x80070103' -and
            @($installed | Where-Object { $_.Data['updateGuid'] -eq $failure.Data['updateGuid'] -and $_.TimeUtc -gt $failure.TimeUtc }).Count -eq 0
        })
    $failed | ForEach-Object { "$($_.Data['updateTitle'])" } | Sort-Object -Unique
}

function Test-DriverKeptAway {
    # Whether a policy keeps drivers out of Windows Update.
    $value = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate' -Name 'ExcludeWUDriversInQualityUpdate'
    $value.Exists -and [int]$value.Value -eq 1
}
# endregion

$refused = @(Get-RefusedDriver)
$needed = $refused.Count -gt 0 -and -not (Test-DriverKeptAway)
$policies = @(Get-CimInstance -Namespace 'root/rsop/computer' -ClassName RSOP_RegistryPolicySetting -ErrorAction SilentlyContinue |
        Where-Object { "$($_.valueName)" -eq 'ExcludeWUDriversInQualityUpdate' })
$reason = ''
if ($needed -and $policies.Count -gt 0) { $reason = 'a group policy lets drivers in; its owner has to change it (ExcludeWUDriversInQualityUpdate)' }

@{
    needed   = $needed
    possible = -not $reason
    reason   = $reason
    facts    = @{ refused = $refused }
}
