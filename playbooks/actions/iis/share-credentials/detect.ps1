<#
.SYNOPSIS
Tells whether the web server may not read a share, and why. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Application,
    [string] $UserName,
    [securestring] $Password
)

$directory = @(Get-KtWebDirectory -Application @($Application)) | Select-Object -First 1
$code = -1
$reason = ''
$needed = $true
if ($null -eq $directory) { $reason = "$Application is not there" }
elseif (-not $directory.Path.StartsWith('\\')) { $needed = $false }
else {
    $answer = Get-KtWebAnswer -Directory $directory
    $code = $answer.Code
    $needed = $answer.Status -ge 400 -and $code -in 5, 53, 64, 67, 1326, 1327, 1331
    if ($code -in 53, 64, 67) { $reason = "the share $($directory.Path) is not reachable from this host (code $code): look at name, network (port 445) and the share" }
    elseif ($code -eq 5 -and $directory.UserName -eq $UserName) { $reason = "$UserName may not read $($directory.Path) (code 5): give it the right on the share and on the files, on the file server" }
    elseif ($null -eq $Password) { $reason = 'no password was given' }
}

@{
    needed   = $needed
    possible = -not $reason
    reason   = $reason
    facts    = @{ code = $code }
}
