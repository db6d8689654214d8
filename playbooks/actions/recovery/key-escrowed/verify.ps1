<#
.SYNOPSIS
Tells whether the recovery key of the system drive is kept in the directory. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$protected = $false
$protectors = @()
$asksForPin = $false
$volume = Get-CimInstance -Namespace 'root/cimv2/Security/MicrosoftVolumeEncryption' -ClassName Win32_EncryptableVolume -Filter "DriveLetter='$env:SystemDrive'" -ErrorAction SilentlyContinue
if ($volume) {
    $protected = $volume.ConversionStatus -ne 0
    # 3 a numerical password, which is the recovery key; 4 and 6 ask for a PIN at start.
    foreach ($type in 3, 4, 6) {
        $answer = Invoke-CimMethod -InputObject $volume -MethodName GetKeyProtectors -Arguments @{ KeyProtectorType = [uint32]$type }
        $ids = @($answer.VolumeKeyProtectorID | Where-Object { $_ })
        if ($answer.ReturnValue -ne 0 -or $ids.Count -eq 0) { continue }
        if ($type -eq 3) { $protectors = $ids } else { $asksForPin = $true }
    }
}
$escrows = @(Get-KtEvent -Log 'Microsoft-Windows-BitLocker/BitLocker Management' -Id 783, 845)

$reason = ''
if ($protected) {
    if ($protectors.Count -eq 0) { $reason = "$env:SystemDrive is encrypted and has no recovery key; add one and keep it in the directory before anything else" }
    elseif ($escrows.Count -eq 0) { $reason = "nothing says that the recovery key of $env:SystemDrive is kept in the directory; look there, or keep it there with Backup-BitLockerKeyProtector" }
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ encrypted = $protected; recoveryKeys = $protectors; asksForPin = $asksForPin; escrowEvents = $escrows.Count }
}
