<#
.SYNOPSIS
Tells whether no update server is in the hosts file, and that its names lead where the name servers say. Read-only.
.OUTPUTS
ok, reason, facts
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
$names = @($hosts.Entries | ForEach-Object { $_.Wrong })
$local = @(Resolve-DnsName -Name 'fe2cr.update.microsoft.com' -Type A -ErrorAction SilentlyContinue |
        Where-Object { $_.Type -eq 'A' -and "$($_.IPAddress)" -match '^(127\.|0\.0\.0\.0)' })

$reason = ''
if ($names.Count -gt 0) { $reason = "$($hosts.Path) gives $($names -join ', ') an address" }
elseif ($local.Count -gt 0) { $reason = 'fe2cr.update.microsoft.com still leads to the host itself' }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ entries = $names.Count }
}
