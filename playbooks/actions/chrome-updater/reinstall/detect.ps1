<#
.SYNOPSIS
Tells whether the updater of a browser is broken, and whether the package that was named may be installed over it. Read-only.
.DESCRIPTION
Needed where the browser is installed for the machine and the program that its update class names is not there, or where a
policy forbids updates. Not possible under such a policy, and without a package of the right hash that the vendor signed.
.OUTPUTS
needed, possible, reason, facts
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

# region Packages of browsers (the same text in detect and apply of chrome-updater/reinstall)
function Get-PackageFault([string] $Path, [string] $Hash, [string] $Publisher) {
    # Why a package may not be installed; nothing where it may.
    if (-not $Path -or -not $Hash) { return "name the vendor's package and its SHA-256 (parameters package and sha256)" }
    if (-not (Test-Path -LiteralPath $Path)) { return "there is no package $Path" }
    $found = (Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash
    if ($found -ne $Hash) { return "$Path has the SHA-256 $found, not $Hash" }
    $signature = Get-AuthenticodeSignature -LiteralPath $Path
    if ("$($signature.Status)" -ne 'Valid') { return "the signature of $Path is $($signature.Status)" }
    $subject = [string]$signature.SignerCertificate.Subject
    if ($subject -notmatch "(^|, )O=`"?$([regex]::Escape($Publisher))`"?(,|$)") { return "$Path is signed by $subject, not by $Publisher" }
    ''
}
# endregion

$updater = Get-Updater $Product
$broken = $updater.installed -and -not $updater.present

$reason = ''
if ($updater.forbidden) { $reason = "a policy forbids updates of $Product ($($updaters[$Product].policy)); its owner has to allow them" }
elseif ($broken) { $reason = Get-PackageFault -Path $Package -Hash $Sha256 -Publisher $updaters[$Product].publisher }

@{
    needed   = $broken -or ($updater.installed -and $updater.forbidden)
    possible = -not $reason
    reason   = $reason
    facts    = @{ product = $Product; installed = $updater.installed; broken = $broken; forbidden = $updater.forbidden; program = $updater.program }
}
