<#
.SYNOPSIS
Starts the services of failed writers anew.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

$services = @(Get-KtVssWriter | Where-Object { $_.State -ge 6 } | ForEach-Object { $_.Service } | Where-Object { $_ } | Sort-Object -Unique)
foreach ($name in $services) { Restart-KtService -Name $name }

@{
    changed        = $services.Count -gt 0
    facts          = @{ restarted = $services }
    rebootRequired = $false
}
