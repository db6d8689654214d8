<#
.SYNOPSIS
Installs the updates that are offered.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string[]] $Kb
)

$chosen = @((Get-KtOfferedUpdate -Criteria "IsInstalled=0 and IsHidden=0 and Type='Software' and BrowseOnly=0").Updates | Where-Object {
        $numbers = @($_.KBArticleIDs | ForEach-Object { "$_" })
        $Kb.Count -eq 0 -or @($numbers | Where-Object { $_ -in $Kb }).Count -gt 0
    } | ForEach-Object { "$($_.Identity.UpdateID)" })
if ($chosen.Count -eq 0) { throw 'Windows Update does not offer the updates any more; search again' }

$run = Install-KtUpdate -UpdateId $chosen -Reason 'an installed update stays; it is taken out by its package and a restart'
$failed = @($run.Results | Where-Object { $_.HResult -ne '0x00000000' })
if ($failed.Count -gt 0) {
    throw "$($failed.Count) of $($chosen.Count) update(s) failed: $(@($failed | ForEach-Object { "$($_.Title): $($_.HResult) at $($_.Stage)" }) -join '; ')"
}

@{
    changed        = $true
    facts          = @{ installed = @($run.Results | ForEach-Object { $_.Title }) }
    rebootRequired = [bool]$run.RestartNeeded
}
