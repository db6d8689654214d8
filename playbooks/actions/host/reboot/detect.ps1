<#
.SYNOPSIS
Tells whether the host may be restarted now. Read-only.
.DESCRIPTION
Whoever uses this action wants a restart, so it is always needed; when it is possible is what has to be found out.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $AllowedRoles
)

$reason = ''

$busy = @(Get-Process -Name 'TiWorker', 'msiexec', 'SetupHost' -ErrorAction SilentlyContinue)
if ($busy.Count -gt 0) {
    $reason = "an installation is running ($(($busy | ForEach-Object { $_.Name } | Sort-Object -Unique) -join ', '))"
}

$roles = @()
if ((Get-KtOs).ProductType -eq 2) { $roles += 'domain-controller' }
if ((Get-KtService -Name 'ClusSvc').State -eq 'Running') { $roles += 'cluster-node' }
$refused = @($roles | Where-Object { $_ -notin $AllowedRoles })
if (-not $reason -and $refused.Count -gt 0) {
    $reason = "other machines depend on this host ($($refused -join ', ')); allow the role in allowedRoles"
}

# Protector types 4 and 6 (TPM and PIN) stop the start until somebody types the PIN.
$volume = Get-CimInstance -Namespace 'root/cimv2/Security/MicrosoftVolumeEncryption' -ClassName Win32_EncryptableVolume -Filter "DriveLetter='$env:SystemDrive'" -ErrorAction SilentlyContinue
$asksForPin = $false
if ($volume -and $volume.ProtectionStatus -eq 1) {
    foreach ($type in 4, 6) {
        $answer = Invoke-CimMethod -InputObject $volume -MethodName GetKeyProtectors -Arguments @{ KeyProtectorType = [uint32]$type }
        if ($answer.ReturnValue -eq 0 -and @($answer.VolumeKeyProtectorID | Where-Object { $_ }).Count -gt 0) { $asksForPin = $true }
    }
}
if (-not $reason -and $asksForPin) {
    $reason = "BitLocker on $env:SystemDrive asks for a PIN at start; suspend it for one restart first"
}

@{
    needed   = $true
    possible = -not $reason
    reason   = $reason
    facts    = @{ roles = $roles; asksForPin = $asksForPin }
}
