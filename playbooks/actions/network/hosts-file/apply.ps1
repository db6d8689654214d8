<#
.SYNOPSIS
Makes comments of the entries of update servers; other names on the same lines keep their addresses.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

# region the hosts file (the same text in detect, apply and verify; a test compares them)
function Read-HostsFile {
    # The lines, and which of them give a name of the update servers an address. Plain: the bytes are UTF-8, so that writing them keeps them.
    $path = "$env:windir\System32\drivers\etc\hosts"
    $servers = '(^|\.)(windowsupdate\.com|update\.microsoft\.com|delivery\.mp\.microsoft\.com)$'
    $state = @{ Path = $path; Lines = @(); Entries = @(); Plain = $true }
    if (-not (Test-Path -LiteralPath $path)) { return $state }
    $bytes = [System.IO.File]::ReadAllBytes($path)
    $text = [System.Text.Encoding]::UTF8.GetString($bytes)
    $state.Plain = [System.Text.Encoding]::UTF8.GetBytes($text).Length -eq $bytes.Length -and -not $text.Contains([string][char]0xFFFD)
    $state.Lines = @($text -split "`r?`n")
    for ($at = 0; $at -lt $state.Lines.Count; $at++) {
        $words = @(($state.Lines[$at] -split '#')[0].Trim() -split '\s+')
        if ($words.Count -lt 2) { continue }
        $names = @($words[1..($words.Count - 1)])
        $wrong = @($names | Where-Object { $_ -match $servers })
        if ($wrong.Count -gt 0) { $state.Entries += @{ At = $at; Address = $words[0]; Wrong = $wrong; Kept = @($names | Where-Object { $_ -notin $wrong }) } }
    }
    $state
}
# endregion

$hosts = Read-HostsFile
$lines = @($hosts.Lines)
foreach ($entry in $hosts.Entries) {
    $line = "# $($lines[$entry.At])"
    if ($entry.Kept.Count -gt 0) { $line = "$line`r`n$($entry.Address)`t$($entry.Kept -join ' ')" }
    $lines[$entry.At] = $line
}
if ($hosts.Entries.Count -gt 0) { Set-KtFileText -Path $hosts.Path -Text ($lines -join "`r`n") }

@{
    changed        = $hosts.Entries.Count -gt 0
    facts          = @{ names = @($hosts.Entries | ForEach-Object { $_.Wrong }) }
    rebootRequired = $false
}
