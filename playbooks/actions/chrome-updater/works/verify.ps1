<#
.SYNOPSIS
Creates the update class of each browser that is installed for the machine, and looks for a policy that forbids updates. Installs nothing.
.DESCRIPTION
The class lives in the updater's own process, which ends by itself when nobody holds it. Judged by HRESULT: 0x80070002 where the
program is gone, 0x80040154 where the class is not registered.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Products
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

$faults = @()
$asked = @()
foreach ($product in $Products) {
    $updater = Get-Updater $product
    if (-not $updater.installed) { continue }
    $asked += $product
    $hresult = 0
    try { $null = New-Object -ComObject $updaters[$product].progId }
    catch {
        $fault = $_.Exception
        while ($null -ne $fault.InnerException) { $fault = $fault.InnerException }
        $hresult = $fault.HResult
    }
    if ($hresult -ne 0) { $faults += "the updater of $product cannot be called (0x$('{0:X8}' -f $hresult)): install the browser's package again" }
    elseif ($updater.forbidden) { $faults += "a policy forbids updates of $product ($($updaters[$product].policy)): its owner has to allow them" }
}

@{
    ok     = $faults.Count -eq 0
    reason = $faults -join '; '
    facts  = @{ asked = $asked; faults = $faults }
}
