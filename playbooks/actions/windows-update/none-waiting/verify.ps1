<#
.SYNOPSIS
Tells whether updates wait to be installed. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Kb
)

$waiting = @()
$reason = ''
try {
    $waiting = @((Get-KtOfferedUpdate -Criteria "IsInstalled=0 and IsHidden=0 and Type='Software' and BrowseOnly=0").Updates | Where-Object {
            $numbers = @($_.KBArticleIDs | ForEach-Object { "$_" })
            $Kb.Count -eq 0 -or @($numbers | Where-Object { $_ -in $Kb }).Count -gt 0
        } | ForEach-Object { "$($_.Title)" })
    if ($waiting.Count -gt 0) { $reason = "$($waiting.Count) update(s) wait to be installed: $($waiting -join '; ')" }
}
catch {
    $fault = $_.Exception
    while ($null -ne $fault.InnerException) { $fault = $fault.InnerException }
    $reason = "the search for updates ended with $('0x{0:X8}' -f $fault.HResult)"
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ waiting = $waiting }
}
