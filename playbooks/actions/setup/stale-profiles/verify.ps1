<#
.SYNOPSIS
Tells whether setup can move all entries of the list of profiles. Read-only.
.OUTPUTS
ok, reason, facts
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

$found = @(Get-StaleProfile)
@{
    ok     = $found.Count -eq 0
    reason = if ($found.Count -gt 0) { "the list of profiles still has entries that setup cannot move: $(@($found | ForEach-Object { $_.Why }) -join '; ')" } else { '' }
    facts  = @{ stale = $found.Count }
}
