<#
.SYNOPSIS
Tells what keeps Windows from making shadow copies. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $RoomGB
)

$disabled = @(Get-KtService -Name 'VSS', 'swprv' | Where-Object { $_.StartType -eq 'Disabled' } | ForEach-Object { $_.Name })
$failed = @(if ($disabled.Count -eq 0) { Get-KtVssWriter | Where-Object { $_.State -ge 6 } })
# region room for shadow copies (the same text in backup/shadow-copies and backup/shadow-storage)
$storage = Get-KtShadowStorage -Drive $env:SystemDrive
$roomMB = if ($null -eq $storage) { -1 } else { [long]($storage.MaxBytes / 1MB) }
$dropped = @(Get-KtEvent -Log 'System' -Provider 'volsnap' -Id 25, 33, 36 -Days 14).Count
$tooSmall = $null -ne $storage -and ($roomMB -lt 320 -or ($dropped -gt 0 -and $roomMB -lt 1024 * $RoomGB))
# endregion

$reason = ''
if ($disabled.Count -gt 0) { $reason = "services of shadow copies are disabled: $($disabled -join ', '); set them to Manual" }
elseif ($failed.Count -gt 0) { $reason = "VSS writers have failed: $(($failed | ForEach-Object { "$($_.Id) (state $($_.State), service $($_.Service))" }) -join ', '); start their service anew" }
elseif ($tooSmall) { $reason = "shadow copies of $env:SystemDrive may take $roomMB MB alone; give them more room" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ disabled = $disabled; failedWriters = @($failed | ForEach-Object { $_.Id }); roomMB = $roomMB; dropped = $dropped }
}
