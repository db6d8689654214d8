<#
.SYNOPSIS
Sets the folder of the broken updater aside and installs the vendor's package.
.DESCRIPTION
The kit puts folder and services back. What Windows Installer changed beyond them stays: the browser at the package's version,
which works without its updater as the older one did.
.OUTPUTS
changed, facts, rebootRequired
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

$known = $updaters[$Product]
$fault = Get-PackageFault -Path $Package -Hash $Sha256 -Publisher $known.publisher
if ($fault) { throw $fault }

$updater = Get-Updater $Product
$aside = $null
$services = @()
# Only a folder of its own below the vendor's is set aside; whatever else is registered is left to the package.
if ($updater.program) {
    $folder = [System.IO.Path]::GetDirectoryName($updater.program)
    $isOwn = "$folder\".StartsWith("$($known.folder)\", [System.StringComparison]::OrdinalIgnoreCase) -and $folder.Length -ge "${env:ProgramFiles(x86)}\Google\Update".Length
    if ($isOwn) {
        $services = @(Get-CimInstance -ClassName Win32_Service | Where-Object { "$($_.PathName)".Trim('"').StartsWith("$folder\", [System.StringComparison]::OrdinalIgnoreCase) } | ForEach-Object { $_.Name })
        if ($services.Count -gt 0) { Stop-KtService -Name $services }
        $aside = Rename-KtFolder -Path $folder -Aside
        # Recorded after the folder, so that an undo stops what the package started before it brings the old folder back.
        if ($services.Count -gt 0) { Save-KtServiceState -Name $services }
    }
}

if ($Product -eq 'chrome') { $leaves = "$env:ProgramW6432\Google\Chrome", 'HKLM:\SOFTWARE\WOW6432Node\Google\Update' }
else { $leaves = "${env:ProgramFiles(x86)}\Microsoft\Edge", 'HKLM:\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate' }
$leaves += 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall'
$run = Invoke-KtProgram -File "$env:windir\System32\msiexec.exe" -Arguments '/i', $Package, '/qn', '/norestart' -Irreversible 'the browser stays at the version of the package' -Leaves $leaves -LimitSeconds 1500
if ($run.ExitCode -eq 1618) { throw 'another installation is running (1618); try again when it has ended' }
if ($run.ExitCode -notin 0, 3010, 1641) { throw "Windows Installer ended with $($run.ExitCode) for $Package" }

@{
    changed        = $true
    facts          = @{ product = $Product; exitCode = $run.ExitCode; setAside = "$aside"; services = $services }
    rebootRequired = $run.ExitCode -ne 0
}
