<#
.SYNOPSIS
Gives the content folder its rights back, lets the server check all files, and waits for what it fetches.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [int] $WaitMinutes
)

$folder = (Get-KtWsusSetup).ContentFolder
$sddl = (Get-Acl -LiteralPath $folder).Sddl -replace 'G:[^:]*(?=D:)', ''
$rules = ''
if ($sddl -notmatch '\(A;[A-Z]*;(FA|0x1f01ff);;;NS\)') { $rules += '(A;OICI;FA;;;NS)' }
if ($sddl -notmatch '\(A;[A-Z]*;(FA|FR|0x1f01ff|0x1200a9);;;BU\)') { $rules += '(A;OICI;0x1200a9;;;BU)' }
# behind the flags of the list and before its first rule
if ($rules) { Set-KtAcl -Path $folder -Sddl ($sddl -replace '^([^(]*)', "`${1}$rules") }
Reset-KtWsusContent

$watch = [System.Diagnostics.Stopwatch]::StartNew()
$server = Get-WsusServer
do {
    Start-Sleep -Seconds 30
    $progress = $server.GetContentDownloadProgress()
    Write-KtProgress -Text "$($progress.DownloadedBytes) of $($progress.TotalBytesToDownload) bytes fetched"
} while ($progress.DownloadedBytes -lt $progress.TotalBytesToDownload -and $watch.Elapsed.TotalMinutes -lt $WaitMinutes)

@{
    changed        = $true
    facts          = @{ rightsGiven = $rules; bytes = [long]$progress.TotalBytesToDownload; fetched = [long]$progress.DownloadedBytes }
    rebootRequired = $false
}
