<#
.SYNOPSIS
Asks the applications: a right that is missing shows as code 5. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Applications,
    [bool] $RemoveDeny
)

$refused = @()
foreach ($directory in @(Get-KtWebDirectory -Application $Applications)) {
    if ($directory.Path.StartsWith('\\')) { continue }
    $answer = Get-KtWebAnswer -Directory $directory
    if (($answer.Status -eq 500 -and $answer.SubStatus -eq 19 -and $answer.Code -eq 5) -or ($answer.Status -eq 401 -and $answer.SubStatus -eq 3)) { $refused += $directory.Name }
}
$reason = ''
if ($refused.Count -gt 0) { $reason = "still refused (code 5): $($refused -join ', ')" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ refused = $refused }
}
