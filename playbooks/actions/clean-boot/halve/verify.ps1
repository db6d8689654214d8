<#
.SYNOPSIS
Reads back what is on and off, from the registry, and compares it with how far the search came. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Keep,
    [int] $SettleSeconds
)

# region Programs of other makers that start by themselves (the same text in each script of clean-boot)
$stateKey = 'HKLM:\SOFTWARE\Kintsugi\CleanBoot'
$current = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion'
$startup = @(
    @{ run = "$current\Run"; approved = "$current\Explorer\StartupApproved\Run" }
    @{ run = 'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Run'; approved = "$current\Explorer\StartupApproved\Run32" }
)
function Get-State([string] $Name) {
    # What an earlier step of this search wrote down: a list, empty where nothing is.
    $value = Get-KtRegistryValue -Path $stateKey -Name $Name
    if ($value.Exists) { @($value.Value | Where-Object { $_ }) }
}
function Test-OtherMaker([string] $Command) {
    # Whether a command starts a program that is there and is not of Microsoft.
    $path = [System.Environment]::ExpandEnvironmentVariables($Command).Trim()
    $path = if ($path -match '^"([^"]+)"') { $Matches[1] } else { ($path -split '(?<=\.exe)\s', 2)[0] }
    $file = Get-Item -LiteralPath $path -ErrorAction SilentlyContinue
    if (-not $file) { return $false }
    $company = [string]$file.VersionInfo.CompanyName
    $company -ne '' -and $company -ne 'Microsoft Corporation'
}
function Get-Candidate([string[]] $Keep) {
    # Automatic services and startup entries of the machine that may be off for a while: kind|name|start type or place.
    foreach ($service in @(Get-CimInstance -ClassName Win32_Service -Filter "StartMode='Auto'" | Sort-Object -Property Name)) {
        if (@($Keep | Where-Object { $service.Name -like $_ }).Count -gt 0) { continue }
        if (Test-OtherMaker ([string]$service.PathName)) { "service|$($service.Name)|$((Get-KtService -Name $service.Name).StartType)" }
    }
    foreach ($place in 0, 1) {
        $runKey = $startup[$place].run
        if (-not (Test-Path -LiteralPath $runKey)) { continue }
        foreach ($name in (Get-Item -LiteralPath $runKey).GetValueNames()) {
            if (@($Keep | Where-Object { $name -like $_ }).Count -gt 0) { continue }
            $approved = Get-KtRegistryValue -Path $startup[$place].approved -Name $name
            # An odd first byte: it is off already.
            if ($approved.Exists -and ([byte[]]$approved.Value)[0] % 2 -eq 1) { continue }
            if (Test-OtherMaker ([string](Get-KtRegistryValue -Path $runKey -Name $name).Value)) { "program|$name|$place" }
        }
    }
}
# endregion

$all = @(Get-State 'All')
$culprit = @(Get-State 'Culprit')
$turnedOn = @(Get-State 'TurnedOn')
$wrong = @()
foreach ($entry in $all) {
    $kind, $name, $rest = $entry -split '\|', 3
    $wanted = if ($culprit.Count -gt 0) { $entry -ne $culprit[0] } else { $entry -in $turnedOn }
    # 4: disabled; an odd first byte: off.
    $isOn = if ($kind -eq 'service') { [int](Get-KtRegistryValue -Path "HKLM:\SYSTEM\CurrentControlSet\Services\$name" -Name 'Start').Value -ne 4 }
    else { ([byte[]](Get-KtRegistryValue -Path $startup[[int]$rest].approved -Name $name).Value)[0] % 2 -eq 0 }
    if ($isOn -ne $wanted) { $wrong += $name }
}

$reason = ''
if ($all.Count -eq 0) { $reason = 'nothing is written down of the search' }
elseif ($wrong.Count -gt 0) { $reason = "$($wrong -join ', ') is not as the search has set it" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ entries = $all.Count; culprit = if ($culprit.Count -gt 0) { ($culprit[0] -split '\|')[1] } else { '' } }
}
