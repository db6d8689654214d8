<#
.SYNOPSIS
Tells why the last Windows setup was rolled back, and whether that still stands in the way. Read-only.
.DESCRIPTION
The two codes come from the event that setup writes (WinSetupDiag02), else from what SetupDiag left in the registry. The log of
the rollback is always English. A failure that is older than this installation of Windows is over.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [bool] $Curable,
    [string[]] $AcceptCodes
)

function Get-ProgramThatStarts {
    # Whether a program starts by itself: as a service, or from a Run key that is not switched off.
    param([string] $Path)
    if (@(Get-CimInstance -ClassName Win32_Service -Filter "StartMode='Auto'" | Where-Object { "$($_.PathName)".Contains($Path) }).Count -gt 0) { return $true }
    foreach ($key in 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion', 'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion') {
        $run = Get-Item -LiteralPath "$key\Run" -ErrorAction SilentlyContinue
        if (-not $run) { continue }
        foreach ($name in @($run.GetValueNames())) {
            if (-not "$($run.GetValue($name))".Contains($Path)) { continue }
            $approved = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run' -Name $name
            if (-not $approved.Exists -or ([int]@($approved.Value)[0] -band 1) -eq 0) { return $true }
        }
    }
    $false
}

$rollback = "$env:SystemDrive\`$WINDOWS.~BT\Sources\Rollback\setuperr.log"
$phases = @('UNKNOWN', 'DOWNLEVEL', 'SAFE_OS', 'FIRST_BOOT', 'OOBE_BOOT', 'UNINSTALL')

# What an extend code points at. Cured: steps and checks of setup/feature-update see to it.
$causes = @{
    '0x20004' = @{ What = 'the recovery environment could not be installed'; Then = 'give the image filter driver (WIMMount) its service key back; look at antivirus filters, unused disks and old drivers' }
    '0x20007' = @{ What = 'a driver could not be installed'; Then = 'take the driver out that the log names'; Cured = $true }
    '0x20008' = @{ What = 'the machine does not meet the requirements'; Then = 'see the requirements'; Cured = $true }
    '0x20009' = @{ What = 'there are several system partitions, or none'; Then = 'take the other disk offline'; Cured = $true }
    '0x2000C' = @{ What = 'the image could not be applied: media, disk or memory'; Then = 'check the media by hash and signature, then the disk'; Cured = $true }
    '0x2000D' = @{ What = 'a file or profile could not be read'; Then = 'check the disk, and move the file away' }
    '0x20017' = @{ What = 'a driver or an encryption filter kept the setup system from starting'; Then = 'take the driver out that the log names'; Cured = $true }
    '0x30018' = @{ What = 'a device could not be installed at the first start'; Then = 'take the driver out that the log names, unplug devices'; Cured = $true }
    '0x3000D' = @{ What = 'a profile could not be moved'; Then = 'set the stale entry of the list of profiles aside; renew the display driver'; Cured = $true }
    '0x3001A' = @{ What = 'a resident program or a device ended the first start'; Then = 'start clean (security product, resident programs), unplug devices' }
    '0x4000D' = @{ What = 'a profile could not be moved'; Then = 'set the stale entry of the list of profiles aside'; Cured = $true }
    '0x40017' = @{ What = 'a device or a filter driver kept the new Windows from starting'; Then = 'unplug USB storage; look at filters of antivirus products'; Cured = $true }
    '0x4001C' = @{ What = 'the second start ended early'; Then = 'read Panther\UnattendGC\setupact.log' }
    '0x4001D' = @{ What = 'the second start ended early'; Then = 'read Panther\UnattendGC\setupact.log' }
    '0x4001E' = @{ What = 'the second start ended early'; Then = 'read Panther\UnattendGC\setupact.log' }
    '0x4001F' = @{ What = 'the second start ended early'; Then = 'read Panther\UnattendGC\setupact.log' }
    '0x50011' = @{ What = 'the way back met a full disk or a file that cannot be read'; Then = 'win back space, check the disk'; Cured = $true }
    '0x50012' = @{ What = 'the way back met a full disk or a file that cannot be read'; Then = 'win back space, check the disk'; Cured = $true }
    '0x60000' = @{ What = 'the disk was full'; Then = 'win back space'; Cured = $true }
    '0xA001B' = @{ What = 'the media tool could not write the stick (size, format, write protection)'; Then = 'use a verified ISO file instead of the tool'; Cured = $true }
}

$installed = [datetime]::MinValue
$value = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' -Name 'InstallDate'
if ($value.Exists) { $installed = ([datetime]'1970-01-01').AddSeconds([double]$value.Value) }

$result = ''
$extend = ''
$failedAt = ''
foreach ($report in @(Get-KtEvent -Log 'Application' -Id 1001 -Days 60 | Where-Object { $_.Data['0'] -eq 'WinSetupDiag02' -and $_.TimeUtc -gt $installed } | Select-Object -First 1)) {
    $result = "$($report.Data['5'])"
    $extend = "$($report.Data['6'])"
    $failedAt = $report.TimeUtc.ToString('s') + 'Z'
}
if (-not $extend) {
    $found = Get-KtRegistryValue -Path 'HKLM:\SYSTEM\Setup\SetupDiag\Results' -Name 'ExtendedErrorCode'
    if ($found.Exists -and (Test-Path -LiteralPath $rollback)) {
        $extend = "$($found.Value)"
        $result = "$((Get-KtRegistryValue -Path 'HKLM:\SYSTEM\Setup\SetupDiag\Results' -Name 'ErrorCode').Value)"
    }
}

$reason = ''
$number = 0
if ($extend -match '^0x([0-9A-Fa-f]{1,8})$') { $number = [int]"0x$($Matches[1])" }
$code = '0x{0:X5}' -f $number
$phase = [int][math]::Floor($number / 65536)
$what = ''
if ($number -gt 0) {
    $cause = $causes[$code]
    $what = if ($cause) { $cause.What } else { 'no known cause' }
    $then = if ($cause) { $cause.Then } else { 'read setuperr.log of the rollback' }
    $cured = [bool]($cause -and $cause['Cured'])
    $still = -not $cured
    if ($code -eq '0x20004') { $still = -not (Test-Path -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services\WIMMount') }
    if ($code -eq '0x2000D') {
        foreach ($line in @(Get-KtLogLine -Path $rollback -Match 'Error READ, 0x')) {
            if ($line -match 'gathering/applying object: File, (.+?) \[(.+?)\]') {
                $file = "$($Matches[1])\$($Matches[2])"
                $still = Test-Path -LiteralPath $file
                $what = "$file could not be read"
            }
        }
    }
    if ($code -eq '0x3001A') {
        foreach ($line in @(Get-KtLogLine -Path $rollback -Match '[A-Za-z]:\\[^:]+\.exe: 0x')) {
            if ($line -match '([A-Za-z]:\\[^:]+\.exe): 0x') {
                $program = $Matches[1]
                $still = Get-ProgramThatStarts -Path $program
                $what = "$program stood in the way of the first start"
            }
        }
    }
    $accepted = @($AcceptCodes | Where-Object { [int]$_ -eq $number }).Count -gt 0
    if (-not $accepted -and ($still -or ($Curable -and $cured))) {
        $at = if ($phase -lt $phases.Count) { $phases[$phase] } else { "phase $phase" }
        $reason = "the last Windows setup was rolled back with $result-$code ($at): $what; $then"
        if ($cured) { $reason += '. The playbook setup/feature-update does that before it runs setup again' }
        else { $reason += ", then run again$(if (-not $cause) { ' with the code in acceptCodes' })" }
    }
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ result = $result; extend = if ($number -gt 0) { $code } else { '' }; phase = $phase; cause = $what; failedAt = $failedAt }
}
