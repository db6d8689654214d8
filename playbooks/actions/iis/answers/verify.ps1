<#
.SYNOPSIS
Tells whether the web server answers what it is told to serve. Read-only.
.DESCRIPTION
0: nobody answered. Of applications only what the web server itself refuses counts: no configuration, no right, no handler, no path, no pool.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $Applications,
    [string[]] $Pages
)

$meanings = @{
    '0'      = 'nobody answers: its site or the service W3SVC does not run'
    '400'    = 'no running site has its binding'
    '401.3'  = 'the access rights of its files keep the visitor out'
    '404.3'  = 'nothing serves files of this kind: a role service is missing, or a MIME type'
    '404.4'  = 'no handler serves it: a handler mapping or the role service Static Content is missing'
    '500.19' = 'its configuration cannot be read'
    '500.21' = 'its handler has a module that is not installed'
    '503'    = 'its application pool does not run'
}
$asked = @()
$faults = @()
$shares = @()
$reason = ''
$directories = @(Get-KtWebDirectory -Application $Applications)
if ($null -eq (Get-KtWebXml)) { $reason = 'applicationHost.config is missing or cannot be read; put back a copy of the configuration history (playbook iis/config-repair)' }
foreach ($name in $Applications) {
    if (@($directories | Where-Object { $_.Name.TrimEnd('/') -eq $name.TrimEnd('/') }).Count -eq 0) { $faults += "$name is not there" }
}
$requests = @($directories | ForEach-Object { @{ Directory = $_; Path = ''; Name = $_.Name; Page = $false } })
foreach ($page in $Pages) {
    $cut = $page.IndexOf('/')
    $site = @(Get-KtWebDirectory -Application $page.Substring(0, $cut)) | Select-Object -First 1
    if ($null -eq $site) { $faults += "$page has no site" }
    else { $requests += @{ Directory = $site; Path = $page.Substring($cut); Name = $page; Page = $true } }
}
foreach ($request in $requests) {
    $answer = Get-KtWebAnswer -Directory $request.Directory -Path $request.Path
    if ($answer.Status -lt 0) { continue }
    $key = "$($answer.Status)"
    if ($answer.SubStatus -gt 0) { $key += ".$($answer.SubStatus)" }
    $asked += "$($request.Name): $key, code $($answer.Code)"
    # The service's own answer says nothing of a page that is missing below a path that is there.
    $wrong = $meanings.ContainsKey($key) -or ($answer.Status -eq 404 -and $answer.Code -eq 3)
    if ($request.Page) { $wrong = $wrong -or ($answer.Status -ge 400 -and $answer.Status -ne 401) }
    if (-not $wrong) { continue }
    $why = 'it answers with an error'
    if ($meanings.ContainsKey($key)) { $why = $meanings[$key] }
    elseif ($answer.Code -in 2, 3) { $why = 'its physical path or file is not there' }
    if ($request.Directory.Path.StartsWith('\\') -and $answer.Code -in 5, 53, 64, 67, 1326) { $shares += "$($request.Name) (code $($answer.Code))" }
    $faults += "$($request.Name): $why ($key, code $($answer.Code))"
}
if (-not $reason -and $faults.Count -gt 0) { $reason = $faults -join '; ' }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ asked = $asked; faults = $faults; shares = $shares }
}
