<#
.SYNOPSIS
Starts them, and lets those that were named start by themselves.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string[]] $Applications
)

# region what does not run (the same text in detect and apply; a test compares them)
function Get-StoppedObject {
    # Pools and sites that do not run: Kind, Name, Filter, Attribute (what makes it start by itself), Starts.
    param([string[]] $Application)
    if ((Get-KtService -Name 'WAS').State -ne 'Running' -or (Get-KtService -Name 'W3SVC').State -ne 'Running') { return }
    $seen = @{}
    foreach ($directory in @(Get-KtWebDirectory -Application $Application)) {
        $pool = @{ Kind = 'pool'; Name = $directory.Pool; Filter = $directory.PoolFilter; Attribute = 'autoStart'; Starts = $directory.PoolStarts }
        $site = @{ Kind = 'site'; Name = $directory.Site; Filter = $directory.SiteFilter; Attribute = 'serverAutoStart'; Starts = $directory.SiteStarts }
        foreach ($one in $pool, $site) {
            if ($seen.ContainsKey($one.Filter)) { continue }
            $seen[$one.Filter] = $true
            if ($one.Kind -eq 'pool') { $state = Get-WebAppPoolState -Name $one.Name -ErrorAction SilentlyContinue } else { $state = Get-WebsiteState -Name $one.Name -ErrorAction SilentlyContinue }
            if ($null -ne $state -and "$($state.Value)" -notin 'Started', 'Starting') { $one }
        }
    }
}
# endregion

$started = @()
foreach ($one in @(Get-StoppedObject -Application $Applications)) {
    if (-not $one.Starts) { Set-KtWebSetting -Filter $one.Filter -Name $one.Attribute -Value 'true' }
    if ($one.Kind -eq 'pool') { Start-KtAppPool -Name $one.Name } else { Start-KtWebSite -Name $one.Name }
    $started += "$($one.Kind) $($one.Name)"
}

@{
    changed        = $started.Count -gt 0
    facts          = @{ started = $started }
    rebootRequired = $false
}
