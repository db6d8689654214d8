<#
.SYNOPSIS
Tells whether the folders for temporary files are there now. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

# region temporary folders of users (the same text in user-temp and user-temp-there)
function Get-TempFault {
    # Where the folder for temporary files of a user whose hive is loaded is not there. A variable that names a drive that is not there is
    # wrong itself.
    $places = @()
    $list = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList'
    foreach ($profileKey in @(Get-ChildItem -LiteralPath $list)) {
        $sid = $profileKey.PSChildName
        $environment = "Registry::HKEY_USERS\$sid\Environment"
        if ($sid -notmatch '^S-1-5-21-' -or -not (Test-Path -LiteralPath $environment)) { continue }
        $places += @{ Key = $environment; Home = "$((Get-KtRegistryValue -Path "$list\$sid" -Name 'ProfileImagePath').Value)"}
    }
    foreach ($place in $places) {
        foreach ($name in 'TEMP', 'TMP') {
            $text = "$((Get-KtRegistryValue -Path $place.Key -Name $name).Value)"
            if (-not $text) { continue }
            $profileHome = [System.Environment]::ExpandEnvironmentVariables($place.Home)
            $folder = [System.Environment]::ExpandEnvironmentVariables(($text -replace '%USERPROFILE%', $profileHome.Replace('$', '$$')))
            if (Test-Path -LiteralPath $folder -PathType Container) { continue }
            $hasDrive = Test-Path -LiteralPath ([System.IO.Path]::GetPathRoot($folder))
            @{ Key = $place.Key; Name = $name; Folder = $folder; Text = $text; WrongVariable = -not $hasDrive; Default = '%USERPROFILE%\AppData\Local\Temp'; Home = $profileHome }
        }
    }
}
# endregion

$missing = @(Get-TempFault | ForEach-Object { $_.Folder })

@{
    ok     = $missing.Count -eq 0
    reason = if ($missing.Count -gt 0) { "still missing: $($missing -join ', ')" } else { '' }
    facts  = @{ missing = $missing }
}
