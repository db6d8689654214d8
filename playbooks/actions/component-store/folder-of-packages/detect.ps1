<#
.SYNOPSIS
Tells whether servicing misses folders. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param()

# region folders that servicing misses (the same text in detect, apply and verify)
function Get-MissingFolder {
    # CBS.log, which is English everywhere, names the folder that servicing could not open. Only below the start menu of all users: what
    # else is missing is more than an empty folder.
    $root = "$env:ProgramData\Microsoft\Windows\Start Menu\"
    $seen = @()
    foreach ($line in @(Get-KtLogLine -Path "$env:windir\Logs\CBS\CBS.log" -Match 'STATUS_OBJECT_NAME_NOT_FOUND.*on:\[\d+\]"')) {
        if ($line -notmatch 'on:\[\d+\]"\\\?\?\\([^"]+)"') { continue }
        $folder = $Matches[1].TrimEnd('\')
        if ($folder -in $seen -or -not $folder.StartsWith($root, [System.StringComparison]::OrdinalIgnoreCase)) { continue }
        if ([System.IO.Path]::GetExtension($folder) -or $folder -match '\\\.\.(\\|$)' -or (Test-Path -LiteralPath $folder)) { continue }
        $seen += $folder
    }
    $seen
}
# endregion

$folders = @(Get-MissingFolder)

@{
    needed   = $folders.Count -gt 0
    possible = $true
    reason   = ''
    facts    = @{ folders = $folders }
}
