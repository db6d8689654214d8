<#
.SYNOPSIS
Tells whether the present configuration has a backup. Read-only.
.DESCRIPTION
A configuration that cannot be read is not worth a backup. Not possible where the configuration is shared: other servers read it too.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Name
)

# region backups of this configuration (the same text in detect and apply; a test compares them)
function Get-ConfigurationBackup {
    # The backups by folder: Name, Same (whether it holds the present configuration).
    param([string] $Name)
    $now = [System.IO.File]::ReadAllText("$env:windir\System32\inetsrv\config\applicationHost.config")
    foreach ($folder in @(Get-ChildItem -LiteralPath "$env:windir\System32\inetsrv\backup" -Directory -Force -ErrorAction SilentlyContinue)) {
        if ($folder.Name -notlike "$Name-*") { continue }
        $file = "$($folder.FullName)\applicationHost.config"
        @{ Name = $folder.Name; Same = (Test-Path -LiteralPath $file) -and [System.IO.File]::ReadAllText($file) -eq $now }
    }
}
# endregion

$readable = $null -ne (Get-KtWebXml)
$there = @(Get-ConfigurationBackup -Name $Name | Where-Object { $_.Same }).Count -gt 0
$shared = $false
$redirection = Get-KtWebXml -Path "$env:windir\System32\inetsrv\config\redirection.config"
if ($null -ne $redirection) {
    $element = $redirection.SelectSingleNode('/configuration/configurationRedirection')
    $shared = $null -ne $element -and $element.GetAttribute('enabled') -eq 'true'
}

$reason = ''
if ($shared) { $reason = 'the configuration is shared with other servers (redirection.config): change it where it is kept' }

@{
    needed   = $shared -or ($readable -and -not $there)
    possible = -not $reason
    reason   = $reason
    facts    = @{ there = $there; readable = $readable; shared = $shared }
}
