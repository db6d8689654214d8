<#
.SYNOPSIS
Asks the applications: a web.config that cannot be used shows as 500.19. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Applications,
    [hashtable] $Copies,
    [string[]] $RemoveSections
)

$bad = @()
foreach ($directory in @(Get-KtWebDirectory -Application $Applications)) {
    $answer = Get-KtWebAnswer -Directory $directory
    # 13 the data is invalid, 183 it is there already
    if ($answer.Status -eq 500 -and $answer.SubStatus -eq 19 -and $answer.Code -in 13, 183) { $bad += "$($directory.Name) (code $($answer.Code))" }
}
$reason = ''
if ($bad.Count -gt 0) { $reason = "500.19: $($bad -join ', ')" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ bad = $bad }
}
