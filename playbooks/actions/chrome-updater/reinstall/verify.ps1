<#
.SYNOPSIS
Reads the updater back: the program that its class names is there and signed by the vendor, and a service or task calls it. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Product,
    [string] $Package,
    [string] $Sha256
)

# region Updaters of browsers (the same text in each script of chrome-updater)
$updaters = @{
    chrome = @{
        progId    = 'GoogleUpdate.OnDemandCOMClassMachine'
        key       = 'HKLM:\SOFTWARE\WOW6432Node\Google\Update'
        policy    = 'HKLM:\SOFTWARE\Policies\Google\Update'
        app       = '{8A69D345-D564-463C-AFF1-A69D9E530F96}'
        folder    = "${env:ProgramFiles(x86)}\Google"
        publisher = 'Google LLC'
    }
    edge   = @{
        progId    = 'MicrosoftEdgeUpdate.OnDemandCOMClassMachine'
        key       = 'HKLM:\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate'
        policy    = 'HKLM:\SOFTWARE\Policies\Microsoft\EdgeUpdate'
        app       = '{56EB18F8-B008-4CBD-B6D2-8C97FE7E9062}'
        folder    = "${env:ProgramFiles(x86)}\Microsoft\EdgeUpdate"
        publisher = 'Microsoft Corporation'
    }
}
function Get-Updater([string] $Product) {
    # What is registered of an updater, and whether a policy forbids it: of its own browser, else of all.
    $known = $updaters[$Product]
    $class = Get-KtRegistryValue -Path "HKLM:\SOFTWARE\Classes\$($known.progId)\CLSID" -Name ''
    $command = ''
    if ($class.Exists) {
        $server = Get-KtRegistryValue -Path "HKLM:\SOFTWARE\Classes\CLSID\$($class.Value)\LocalServer32" -Name ''
        if ($server.Exists) { $command = [System.Environment]::ExpandEnvironmentVariables([string]$server.Value) }
    }
    $program = if ($command -match '^\s*"([^"]+)"') { $Matches[1] } else { ($command -split '(?<=\.exe)\s', 2)[0].Trim() }
    $rule = Get-KtRegistryValue -Path $known.policy -Name "Update$($known.app)"
    if (-not $rule.Exists) { $rule = Get-KtRegistryValue -Path $known.policy -Name 'UpdateDefault' }
    @{
        installed = $class.Exists -or (Test-Path -LiteralPath $known.key)
        program   = $program
        present   = $program -ne '' -and (Test-Path -LiteralPath $program)
        forbidden = $rule.Exists -and [int]$rule.Value -eq 0
    }
}
# endregion

$updater = Get-Updater $Product
$services = @()
$tasks = @()
$signature = ''
if ($updater.present) {
    $signature = [string](Get-AuthenticodeSignature -LiteralPath $updater.program).Status
    $services = @(Get-CimInstance -ClassName Win32_Service | Where-Object { "$($_.PathName)" -like "*$($updater.program)*" } | ForEach-Object { $_.Name })
    $tasks = @(Get-ScheduledTask | Where-Object { @($_.Actions | Where-Object { "$($_.Execute)".Trim('"') -eq $updater.program }).Count -gt 0 } | ForEach-Object { $_.TaskName })
}

$reason = ''
if (-not $updater.present) { $reason = "the program of the updater is not there ($($updater.program))" }
elseif ($signature -ne 'Valid') { $reason = "the signature of $($updater.program) is $signature" }
elseif ($services.Count + $tasks.Count -eq 0) { $reason = "no service and no task calls $($updater.program)" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ product = $Product; program = $updater.program; services = $services; tasks = $tasks }
}
