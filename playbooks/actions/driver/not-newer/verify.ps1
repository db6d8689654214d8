<#
.SYNOPSIS
Tells whether driver updates fail with 0x80070103 and are still offered. Read-only.
.OUTPUTS
ok, reason, facts
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
$reason = ''
if ($refused.Count -gt 0 -and -not (Test-DriverKeptAway)) {
    $reason = "Windows Update offers drivers that are not newer than those in use (0x80070103): $($refused -join '; '). Hide them or keep drivers out of Windows Update; a proxy or a security product that changes what is downloaded shows the same"
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ refused = $refused }
}
