<#
.SYNOPSIS
Takes one step of the search: judges what was on since the restart, and turns on the next half.
.DESCRIPTION
Every start type, startup entry and line of the search's own record goes through the kit, which puts all of it back in reverse
order. A restart has to follow before the next step, since only then is what is off really off.
.OUTPUTS
changed, facts, rebootRequired
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

function Switch-Entry([string] $Entry, [bool] $On) {
    # Turns one service or startup entry on or off.
    $kind, $name, $rest = $Entry -split '\|', 3
    if ($kind -eq 'service') { Set-KtServiceStartType -Name $name -StartType $(if ($On) { $rest } else { 'Disabled' }); return }
    $bytes = [byte[]](@($(if ($On) { 2 } else { 3 })) + @(0) * 11)
    Set-KtRegistryValue -Path $startup[[int]$rest].approved -Name $name -Value $bytes -Type Binary
}

function Test-FolderTaken {
    # Whether somebody keeps the update folder: it can be renamed, or not. The services that use it by right are stopped for that.
    $folder = "$env:windir\SoftwareDistribution\Download"
    try { $probe = Rename-KtFolder -Path $folder -NewName 'Download.kintsugi-probe' -KeepStopped 'wuauserv', 'bits' -Attempts 3 }
    catch {
        if ($_.FullyQualifiedErrorId -ne 'KtRenameRefused') { throw }
        return $true
    }
    if ($probe) { $null = Rename-KtFolder -Path $probe -NewName 'Download' }
    $false
}

$suspects = @(Get-State 'Suspects')
$turnedOn = @(Get-State 'TurnedOn')
$all = @(Get-State 'All')
$culprit = @(Get-State 'Culprit')
$restart = $true

if ($culprit.Count -gt 0) { $restart = $false }
elseif ($all.Count -eq 0) {
    $all = @(Get-Candidate -Keep $Keep)
    if ($all.Count -eq 0) { throw 'no program of another maker starts by itself any more' }
    Set-KtRegistryValue -Path $stateKey -Name 'All' -Value $all -Type MultiString
    Set-KtRegistryValue -Path $stateKey -Name 'Suspects' -Value $all -Type MultiString
    $suspects = $all
    # That they ran is recorded too: an undo starts them again.
    $services = @($all | Where-Object { $_.StartsWith('service|') } | ForEach-Object { ($_ -split '\|')[1] })
    if ($services.Count -gt 0) { Save-KtServiceState -Name $services }
    foreach ($entry in $all) { Switch-Entry $entry $false }
}
else {
    # What starts with the machine, and a while after somebody signs in, has to be there.
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while ((Get-KtUptime) -lt 1000 * $SettleSeconds -and $watch.Elapsed.TotalSeconds -lt 1800) { Start-Sleep -Seconds 10 }

    $taken = Test-FolderTaken
    if ($turnedOn.Count -eq 0 -and $taken) { throw 'the update folder cannot be taken even with all of them off: no program that starts by itself is the cause' }
    if ($turnedOn.Count -gt 0) { $suspects = @($suspects | Where-Object { ($_ -in $turnedOn) -eq $taken }) }
    Set-KtRegistryValue -Path $stateKey -Name 'Suspects' -Value $suspects -Type MultiString

    if ($suspects.Count -eq 1) {
        foreach ($entry in $all) { Switch-Entry $entry ($entry -ne $suspects[0]) }
        Set-KtRegistryValue -Path $stateKey -Name 'Culprit' -Value $suspects -Type MultiString
        $culprit = $suspects
    }
    else {
        $half = @($suspects | Select-Object -First ([int][math]::Floor($suspects.Count / 2)))
        foreach ($entry in $all) { Switch-Entry $entry ($entry -in $half) }
        Set-KtRegistryValue -Path $stateKey -Name 'TurnedOn' -Value $half -Type MultiString
    }
}

@{
    changed        = $restart
    facts          = @{ suspects = @($suspects | ForEach-Object { ($_ -split '\|')[1] }); culprit = if ($culprit.Count -gt 0) { ($culprit[0] -split '\|')[1] } else { '' } }
    rebootRequired = $restart
}
