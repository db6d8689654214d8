<#
.SYNOPSIS
Copies the configuration files to a backup of IIS.
.OUTPUTS
changed, facts, rebootRequired
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

$taken = @(Get-ConfigurationBackup -Name $Name | ForEach-Object { $_.Name })
$number = 1
while ($taken -contains "$Name-$number") { $number++ }
$folder = "$env:windir\System32\inetsrv\backup\$Name-$number"
$copied = @()
foreach ($file in 'applicationHost.config', 'administration.config', 'redirection.config') {
    $from = "$env:windir\System32\inetsrv\config\$file"
    if (Test-Path -LiteralPath $from) {
        Copy-KtFile -Path $from -Destination "$folder\$file"
        $copied += $file
    }
}

@{
    changed        = $true
    facts          = @{ folder = $folder; files = $copied }
    rebootRequired = $false
}
