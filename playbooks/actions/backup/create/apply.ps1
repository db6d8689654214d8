<#
.SYNOPSIS
Has Windows make a new image on the drive that holds the others.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [int] $Days
)

$drives = @(Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType=3' | ForEach-Object { [string]$_.DeviceID } |
        Where-Object { $_ -ne $env:SystemDrive -and (Test-Path -LiteralPath "$_\WindowsImageBackup") })
$ran = Start-KtBackup -Drive $drives[0] -Reason 'A new image stays beside the older ones.'
if ($ran.ExitCode -ne 0) { throw "wbadmin ended with $($ran.Hex); look at the log Microsoft-Windows-Backup, and at the VSS writers." }

@{
    changed        = $true
    facts          = @{ drive = $drives[0] }
    rebootRequired = $false
}
