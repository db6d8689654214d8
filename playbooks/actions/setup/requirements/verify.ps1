<#
.SYNOPSIS
Tells what of the requirements of Windows setup the machine does not meet. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [int] $TargetBuild
)

$missing = @()
# battery status 1: it is discharging
if (@(Get-CimInstance -ClassName Win32_Battery -ErrorAction SilentlyContinue | Where-Object { [int]$_.BatteryStatus -eq 1 }).Count -gt 0) { $missing += 'it runs on its battery; plug it in' }
if (@(Get-ChildItem -LiteralPath 'HKLM:\SOFTWARE\Microsoft\WIMMount\Mounted Images' -ErrorAction SilentlyContinue).Count -gt 0) { $missing += 'a Windows image is mounted; unmount it (DISM /Cleanup-Mountpoints)' }
if (Test-Path -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\SafeBoot\Option') { $missing += 'it runs in safe mode; restart it normally' }
if ([int](Get-KtRegistryValue -Path 'HKLM:\SYSTEM\Setup\Status' -Name 'AuditBoot').Value -ne 0) { $missing += 'it runs in audit mode' }

# Protector types 4 and 6 (TPM and PIN) stop each of the restarts until somebody types the PIN.
$volume = Get-CimInstance -Namespace 'root/cimv2/Security/MicrosoftVolumeEncryption' -ClassName Win32_EncryptableVolume -Filter "DriveLetter='$env:SystemDrive'" -ErrorAction SilentlyContinue
if ($volume -and $volume.ProtectionStatus -eq 1) {
    $pins = @(foreach ($type in 4, 6) { (Invoke-CimMethod -InputObject $volume -MethodName GetKeyProtectors -Arguments @{ KeyProtectorType = [uint32]$type }).VolumeKeyProtectorID })
    if (@($pins | Where-Object { $_ }).Count -gt 0) { $missing += "BitLocker on $env:SystemDrive asks for a PIN at each start; suspend it first, and see that its recovery key is kept" }
}

# Where there is no UEFI the question itself fails.
$secureBoot = $false
$uefi = $true
try { $secureBoot = [bool](Confirm-SecureBootUEFI -ErrorAction Stop) }
catch { $uefi = $_.Exception -isnot [System.PlatformNotSupportedException] }
$tpm = @(Get-CimInstance -Namespace 'root/cimv2/Security/MicrosoftTpm' -ClassName Win32_Tpm -ErrorAction SilentlyContinue)
$tpm2 = @($tpm | Where-Object { "$($_.SpecVersion)" -match '^2\.' }).Count -gt 0
$memoryGB = [math]::Round([double](Get-CimInstance -ClassName Win32_ComputerSystem).TotalPhysicalMemory / 1GB, 1)

$os = Get-KtOs
if ($os.ProductType -eq 1 -and $TargetBuild -ge 22000) {
    if (-not $uefi) { $missing += 'it starts by BIOS, and Windows 11 needs UEFI (mbr2gpt, with a full backup)' }
    if (-not $tpm2) { $missing += 'it has no TPM 2.0, or that is switched off in the firmware' }
    if ($memoryGB -lt 3.9) { $missing += "it has $memoryGB GB of memory, and Windows 11 needs 4" }
}

@{
    ok     = $missing.Count -eq 0
    reason = if ($missing.Count -gt 0) { "setup would stop or refuse: $($missing -join '; ')" } else { '' }
    facts  = @{ missing = $missing; uefi = $uefi; secureBoot = $secureBoot; tpm2 = $tpm2; memoryGB = $memoryGB }
}
