<#
.SYNOPSIS
Tells whether the search has something to do: to begin, or to go on where it was left. Read-only.
.OUTPUTS
needed, possible, reason, facts
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

# region Updates that are kept from their files (the same text in clean-boot/culprit and in detect of clean-boot/halve)
function Get-HeldUpdate {
    # Installations and downloads that failed with a sharing violation or access denied, and have not succeeded since.
    $client = 'Microsoft-Windows-WindowsUpdateClient'
    $good = @(Get-KtEvent -Log 'System' -Provider $client -Id 19 -Days 14)
    foreach ($event in @(Get-KtEvent -Log 'System' -Provider $client -Id 20 -Days 14) + @(Get-KtEvent -Log "$client/Operational" -Provider $client -Id 31 -Days 14)) {
        if ($event.Data['errorCode'] -notin '0x80070020', '0x80070005') { continue }
        if (@($good | Where-Object { $_.TimeUtc -ge $event.TimeUtc -and $_.Data['updateGuid'] -eq $event.Data['updateGuid'] }).Count -eq 0) { $event }
    }
}
# endregion

$all = @(Get-State 'All')
$named = @(Get-State 'Culprit').Count -gt 0
$held = @(Get-HeldUpdate)
$candidates = @(Get-Candidate -Keep $Keep)

@{
    needed   = -not $named -and ($all.Count -gt 0 -or ($held.Count -gt 1 -and $candidates.Count -gt 0))
    possible = $true
    reason   = ''
    facts    = @{ begun = $all.Count -gt 0; named = $named; candidates = $candidates; failures = $held.Count }
}
