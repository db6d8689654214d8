<#
.SYNOPSIS
Tells whether enough space is free on the system drive now. Read-only.
.DESCRIPTION
TargetGB is what the clean-up aims at; only with less than MinGB has it failed, because the other steps can work then.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [double] $TargetGB,
    [double] $MinGB,
    [bool] $ComponentStore
)

$freeBytes = [long](Get-KtFreeSpace -Drive $env:SystemDrive).FreeBytes
$freeGB = [math]::Round($freeBytes / 1GB, 1)
$enough = $freeBytes -ge [math]::Min($MinGB, $TargetGB) * 1GB

@{
    ok     = $enough
    reason = if ($enough) { '' } else { "only $freeGB GB are free on $env:SystemDrive; $MinGB GB are needed" }
    facts  = @{ freeGB = $freeGB; targetReached = $freeBytes -ge $TargetGB * 1GB }
}
