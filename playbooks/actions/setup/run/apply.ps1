<#
.SYNOPSIS
Checks the media, has setup scan, then lets it prepare the new Windows.
.DESCRIPTION
In the system lane: setup would end with the session. Codes of setup are judged, never its texts. /EULA exists from Windows 11
and Server 2025 on; servers are told which image to take.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string] $MediaPath,
    [int] $TargetBuild
)

$again = 'fetch the media again from a source that you trust, and compare their SHA-256'
$drive = Mount-KtImage -Path $MediaPath
$setup = "$drive\setup.exe"
if (-not (Test-Path -LiteralPath $setup)) { throw "$MediaPath holds no setup.exe: these are no Windows media" }
$signature = "$((Get-AuthenticodeSignature -LiteralPath $setup).Status)"
if ($signature -ne 'Valid') { throw "the signature of setup.exe in $MediaPath is not valid ($signature): the media are damaged or were altered; $again" }

$image = "$drive\sources\install.wim"
if (-not (Test-Path -LiteralPath $image)) { $image = "$drive\sources\install.esd" }
$edition = "$((Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' -Name 'EditionID').Value)"
$chosen = $null
try {
    foreach ($one in @(Get-WindowsImage -ImagePath $image)) {
        $details = Get-WindowsImage -ImagePath $image -Index ([int]$one.ImageIndex)
        if (-not $chosen -and "$($details.EditionId)" -eq $edition) { $chosen = $details }
    }
}
catch { throw "the image in $MediaPath cannot be read ($('0x{0:X8}' -f $_.Exception.HResult)): the media are damaged; $again" }
if (-not $chosen) { throw "$MediaPath holds no image of the edition $edition; take media of the edition that is installed" }
$build = ([version]"$($chosen.Version)").Build
if ($build -lt $TargetBuild) { throw "$MediaPath holds build $build, and $TargetBuild is wanted" }

$options = @('/Auto', 'Upgrade', '/Quiet', '/NoReboot', '/DynamicUpdate', 'Disable', '/ShowOOBE', 'None', '/BitLocker', 'AlwaysSuspend')
if ($build -ge 22000) { $options += '/EULA', 'Accept' }
if ((Get-KtOs).ProductType -ne 1) { $options += '/ImageIndex', "$($chosen.ImageIndex)" }

$meanings = @{
    '0xC1900208' = 'a program, a driver or a hold of Microsoft blocks it; CompatData in Panther names it'
    '0xC1900204' = 'programs and data cannot be kept: other language, other edition, or an older build'
    '0xC1900200' = 'the machine does not meet the requirements'
    '0xC190020E' = 'there is too little space on the system drive'
    '0xC190010A' = 'this release of setup does not know one of the options'
    '0xC1900107' = 'a former setup has to be cleaned up by a restart first'
}
$logs = "$env:SystemDrive\`$WINDOWS.~BT"
Write-KtProgress -Text 'setup scans'
$scan = Invoke-KtProgram -File $setup -Arguments ($options + '/Compat', 'ScanOnly') -Irreversible 'setup writes its logs' -Leaves $logs -LimitSeconds 5400
if ($scan.Hex -notin '0xC1900210', '0x00000000') { throw "setup would not go through ($($scan.Hex)): $(if ($meanings.ContainsKey($scan.Hex)) { $meanings[$scan.Hex] } else { 'see setuperr.log in Panther' })" }

Write-KtProgress -Text 'setup prepares the new Windows'
$run = Invoke-KtProgram -File $setup -Arguments $options -Irreversible 'Windows is replaced' -Leaves $logs, 'windows' -LimitSeconds 14400
if ($run.Hex -notin '0x00000000', '0x00000BC2') { throw "setup ended with $($run.Hex): $(if ($meanings.ContainsKey($run.Hex)) { $meanings[$run.Hex] } else { 'see setuperr.log in Panther' })" }

@{
    changed        = $true
    facts          = @{ build = $build; edition = $edition; scan = $scan.Hex }
    rebootRequired = $true
}
