<#
.SYNOPSIS
Tells which sites and application pools do not run though they should. Read-only.
.DESCRIPTION
Not possible where a pool would only stop again: its account was refused (events 5021, 5057), or a module is not there.
.OUTPUTS
needed, possible, reason, facts
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

$stopped = @(Get-StoppedObject -Application $Applications)
$names = @($stopped | ForEach-Object { "$($_.Kind) $($_.Name)" })
$reason = ''
foreach ($one in $stopped) {
    if ($one.Kind -ne 'pool' -or $reason) { continue }
    $directory = @(Get-KtWebDirectory -Application $Applications | Where-Object { $_.Pool -eq $one.Name }) | Select-Object -First 1
    $refused = @(Get-KtEvent -Log 'System' -Provider 'Microsoft-Windows-WAS' -Id 5021, 5057 -Days 30 | Where-Object { $_.Data['AppPoolID'] -eq $one.Name })
    if ($directory.PoolIdentity -eq 'SpecificUser' -and $refused.Count -gt 0) {
        $reason = "the application pool $($one.Name) is stopped: its account $($directory.PoolUser) was refused (event $($refused[0].Id)); give the password anew with playbook iis/pool-identity"
    }
}
if ($stopped.Count -gt 0 -and -not $reason) {
    $xml = Get-KtWebXml
    foreach ($module in @($xml.SelectNodes('/configuration/system.webServer/globalModules/add[@image]'))) {
        $image = [System.Environment]::ExpandEnvironmentVariables($module.GetAttribute('image'))
        if (-not (Test-Path -LiteralPath $image)) { $reason = "the module $($module.GetAttribute('name')) is missing ($image): no pool can start; install its role service again, or repair the component store" }
    }
}

@{
    needed   = $stopped.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ stopped = $names }
}
