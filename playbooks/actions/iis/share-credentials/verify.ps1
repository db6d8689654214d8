<#
.SYNOPSIS
Asks the web server, which opens the share under the account. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Application,
    [string] $UserName,
    [securestring] $Password
)

$directory = @(Get-KtWebDirectory -Application @($Application)) | Select-Object -First 1
$status = 0
$code = -1
if ($null -ne $directory) {
    $answer = Get-KtWebAnswer -Directory $directory
    $status = $answer.Status
    $code = $answer.Code
}
$reason = ''
if ($null -eq $directory -or $directory.UserName -ne $UserName) { $reason = "the account of $Application is not $UserName" }
elseif ($status -ge 400 -and $code -eq 1326) { $reason = "the password of $UserName is refused (code 1326)" }
elseif ($status -ge 400 -and $code -in 5, 53, 64, 67) { $reason = "$UserName may not read $($directory.Path) (code $code)" }
elseif ($null -eq $Password) { $reason = 'no password was given' }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ status = $status; code = $code }
}
