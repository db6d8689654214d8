<#
.SYNOPSIS
Gives the stale entries another name.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

# region stale entries (the same text in all scripts of setup/stale-profiles; a test compares them)
function Get-StaleProfile {
    # Entries of ProfileList that setup cannot move: path of the key, why, whether a person has to look.
    $list = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList'
    $seen = @{}
    foreach ($key in @(Get-ChildItem -LiteralPath $list | Sort-Object -Property PSChildName)) {
        $name = "$($key.PSChildName)"
        if ($name -notmatch '^S-1-5-21-[-0-9]+(\.bak)?$') { continue }
        $folder = [System.Environment]::ExpandEnvironmentVariables("$($key.GetValue('ProfileImagePath'))")
        if (-not $folder) { continue }
        $loaded = Test-Path -LiteralPath "Registry::HKEY_USERS\$($name -replace '\.bak$', '')"
        if (-not (Test-Path -LiteralPath $folder)) {
            @{ Path = "$list\$name"; Why = "$name names $folder, which is not there"; ForPeople = $loaded -and $name -notlike '*.bak' }
        }
        elseif ($seen.ContainsKey($folder)) {
            @{ Path = "$list\$name"; Why = "$name names $folder, as $($seen[$folder]) does"; ForPeople = $name -ne "$($seen[$folder]).bak" }
        }
        else { $seen[$folder] = $name }
    }
}
# endregion

$aside = @()
foreach ($entry in @(Get-StaleProfile | Where-Object { -not $_.ForPeople })) {
    $to = Rename-KtRegistryKey -Path $entry.Path
    $aside += "$to"
}

@{
    changed        = $aside.Count -gt 0
    facts          = @{ aside = $aside }
    rebootRequired = $false
}
