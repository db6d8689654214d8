<#
.SYNOPSIS
Asks the applications: a locked section shows as 500.19 with code 33. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Applications
)

$bad = @()
foreach ($directory in @(Get-KtWebDirectory -Application $Applications)) {
    $answer = Get-KtWebAnswer -Directory $directory
    if ($answer.Status -eq 500 -and $answer.SubStatus -eq 19 -and $answer.Code -eq 33) { $bad += $directory.Name }
}
$reason = ''
if ($bad.Count -gt 0) { $reason = "500.19, code 33: $($bad -join ', ')" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ bad = $bad }
}
