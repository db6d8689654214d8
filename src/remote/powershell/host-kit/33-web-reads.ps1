<#
.SYNOPSIS
What IIS is told to serve, and what it answers. Read from applicationHost.config, which also can be read when no service runs.
#>

function Get-KtWebAttribute {
    <# .SYNOPSIS An attribute of the first of the elements that sets it; else the usual value. #>
    [CmdletBinding()]
    param([AllowNull()][object[]]$Element, [string]$Name, [string]$Usual = '')
    foreach ($one in $Element) { if ($null -ne $one -and $one.HasAttribute($Name)) { return [string]$one.GetAttribute($Name) } }
    $Usual
}

function Get-KtWebDirectory {
    <#
    .SYNOPSIS
    The virtual directories of all sites, or those named. Where none is named, sites and pools that somebody has switched off are left out.
    .PARAMETER Application
    Site and path, as 'Default Web Site/orders'.
    .OUTPUTS
    Name, Site, SiteId, Filter, UrlPath, RawPath, Path (variables filled in), UserName, Pool, PoolFilter, PoolIdentity, PoolUser, PoolStarts, SiteStarts, HostName, Port, LogFolder
    #>
    [CmdletBinding()]
    param([AllowEmptyCollection()][string[]]$Application = @())
    $xml = Get-KtWebXml
    if ($null -eq $xml) { return }
    $wanted = @($Application | ForEach-Object { $_.TrimEnd('/').ToLowerInvariant() })
    $sites = $xml.SelectSingleNode('/configuration/system.applicationHost/sites')
    $pools = $xml.SelectSingleNode('/configuration/system.applicationHost/applicationPools')
    if ($null -eq $sites -or $null -eq $pools) { return }
    $poolUsual = $pools.SelectSingleNode('applicationPoolDefaults')
    foreach ($site in @($sites.SelectNodes('site'))) {
        $siteName = [string]$site.GetAttribute('name')
        $siteStarts = (Get-KtWebAttribute -Element $site, $sites.SelectSingleNode('siteDefaults') -Name 'serverAutoStart' -Usual 'true') -ne 'false'
        $binding = @(@($site.SelectNodes('bindings/binding')) | Where-Object { $_.GetAttribute('protocol') -eq 'http' }) | Select-Object -First 1
        $parts = @('', '', '')
        # address:port:host; an address of version 6 has colons of its own
        if ($null -ne $binding) { $parts = @($binding.GetAttribute('bindingInformation') -split ':(?=\d+:[^:]*$)|:(?=[^:]*$)') }
        $logs = Get-KtWebAttribute -Element $site.SelectSingleNode('logFile'), $sites.SelectSingleNode('siteDefaults/logFile') -Name 'directory' -Usual '%SystemDrive%\inetpub\logs\LogFiles'
        foreach ($app in @($site.SelectNodes('application'))) {
            $appPath = [string]$app.GetAttribute('path')
            $poolName = Get-KtWebAttribute -Element $app, $site.SelectSingleNode('applicationDefaults'), $sites.SelectSingleNode('applicationDefaults') -Name 'applicationPool' -Usual 'DefaultAppPool'
            $pool = @($pools.SelectNodes('add')) | Where-Object { $_.GetAttribute('name') -eq $poolName } | Select-Object -First 1
            $models = @()
            foreach ($one in $pool, $poolUsual) { if ($null -ne $one) { $models += $one.SelectSingleNode('processModel') } }
            $poolStarts = (Get-KtWebAttribute -Element $pool, $poolUsual -Name 'autoStart' -Usual 'true') -ne 'false'
            foreach ($directory in @($app.SelectNodes('virtualDirectory'))) {
                $path = [string]$directory.GetAttribute('path')
                $url = $appPath.TrimEnd('/') + $path
                $name = $siteName + $url
                if ($wanted.Count -gt 0) { if ($wanted -notcontains $name.TrimEnd('/').ToLowerInvariant()) { continue } }
                elseif (-not ($siteStarts -and $poolStarts)) { continue }
                $siteFilter = "/system.applicationHost/sites/site[@name='$siteName']"
                [pscustomobject]@{
                    Name = $name; Site = $siteName; SiteId = [string]$site.GetAttribute('id'); SiteFilter = $siteFilter
                    Filter = "$siteFilter/application[@path='$appPath']/virtualDirectory[@path='$path']"
                    UrlPath = $url.TrimEnd('/') + '/'; RawPath = [string]$directory.GetAttribute('physicalPath')
                    Path = [Environment]::ExpandEnvironmentVariables([string]$directory.GetAttribute('physicalPath'))
                    UserName = [string]$directory.GetAttribute('userName'); Pool = $poolName
                    PoolFilter = "/system.applicationHost/applicationPools/add[@name='$poolName']"
                    PoolIdentity = Get-KtWebAttribute -Element $models -Name 'identityType' -Usual 'ApplicationPoolIdentity'
                    PoolUser = Get-KtWebAttribute -Element $models -Name 'userName'; PoolStarts = $poolStarts; SiteStarts = $siteStarts
                    Port = [string]$parts[1]; HostName = [string]$parts[2]
                    LogFolder = [Environment]::ExpandEnvironmentVariables($logs) + '\W3SVC' + $site.GetAttribute('id')
                }
            }
        }
    }
}

function Get-KtWebAnswer {
    <#
    .SYNOPSIS
    What this web server answers to a request from the host itself: the status, and what its log says of it.
    .PARAMETER Directory
    One of Get-KtWebDirectory: its site's first http binding is asked.
    .PARAMETER Path
    Path of the page, from the root of the site; else the directory itself.
    .OUTPUTS
    Status (0: nobody answered, -1: the site has no http binding), SubStatus and Code (Windows error code or HRESULT): -1 where neither log nor page tells
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][object]$Directory, [string]$Path = '')
    $answer = [pscustomobject]@{ Status = -1; SubStatus = -1; Code = -1 }
    if (-not $Directory.Port) { return $answer }
    $page = if ($Path) { $Path } else { $Directory.UrlPath }
    $request = [Net.WebRequest]::Create("http://127.0.0.1:$($Directory.Port)$page")
    $request.Proxy = $null
    $request.Timeout = 60000
    $request.AllowAutoRedirect = $false
    if ($Directory.HostName) { $request.Host = $Directory.HostName }
    $log = @([IO.Directory]::Exists($Directory.LogFolder) | Where-Object { $_ } | ForEach-Object { [IO.Directory]::GetFiles($Directory.LogFolder) } | Sort-Object -Descending) | Select-Object -First 1
    $from = 0
    if ($log) { $from = Get-KtFileLength -Path $log }
    $response = $null
    $text = ''
    try { $response = $request.GetResponse() }
    catch [Net.WebException] { $response = $_.Exception.Response }
    catch [Management.Automation.MethodInvocationException] {
        if ($_.Exception.InnerException -isnot [Net.WebException]) { throw }
        $response = $_.Exception.InnerException.Response
    }
    $answer.Status = 0
    if ($null -eq $response) { return $answer }
    $answer.Status = [int]$response.StatusCode
    if ($answer.Status -ge 400) {
        $reader = New-Object -TypeName IO.StreamReader -ArgumentList $response.GetResponseStream()
        $text = $reader.ReadToEnd()
    }
    $response.Close()
    if ($answer.Status -lt 400) { return $answer }
    Read-KtWebLog -Answer $answer -Folder $Directory.LogFolder -Log $log -From $from -Page $page
    # numbers of the page stand in every language; it shows them to the host itself
    $numbers = [regex]::Match($text, "\b$($answer.Status)\.(\d{1,2})\b")
    if ($answer.SubStatus -lt 0 -and $numbers.Success) {
        $answer.SubStatus = [int]$numbers.Groups[1].Value
        $code = [regex]::Match($text, '0x8007([0-9a-fA-F]{4})')
        if ($code.Success) { $answer.Code = [Convert]::ToInt32($code.Groups[1].Value, 16) }
    }
    $answer
}

function Read-KtWebLog {
    <# .SYNOPSIS Fills in what the newest line of the site's log about a page says; requests that the driver answers itself are in none. #>
    [CmdletBinding()]
    param([object]$Answer, [string]$Folder, [string]$Log, [long]$From, [string]$Page)
    $null = Invoke-KtProgram -File "$env:windir\System32\netsh.exe" -Arguments 'http', 'flush', 'logbuffer' -LimitSeconds 30 -ReadOnly
    if (-not [IO.Directory]::Exists($Folder)) { return }
    foreach ($file in @([IO.Directory]::GetFiles($Folder) | Sort-Object -Descending | Select-Object -First 2)) {
        $begin = if ($file -eq $Log) { $From } else { 0 }
        # the head of the file alone: logs grow large
        $head = [Text.Encoding]::UTF8.GetString([byte[]](Read-KtBytes -Path $file -From 0 -Limit 8192))
        $fields = [regex]::Match($head, '(?m)^#Fields: (.*?)\r?$')
        if (-not $fields.Success) { continue }
        $names = @($fields.Groups[1].Value.Split(' '))
        $at = @{}
        for ($index = 0; $index -lt $names.Count; $index++) { $at[$names[$index]] = $index }
        if (-not ($at.ContainsKey('cs-uri-stem') -and $at.ContainsKey('sc-substatus') -and $at.ContainsKey('sc-win32-status'))) { continue }
        foreach ($line in @(Get-KtLogLine -Path $file -From $begin -Match '^[^#]')) {
            $parts = ([string]$line).Split(' ')
            if ($parts.Count -ne $names.Count -or $parts[$at['cs-uri-stem']] -ne $Page) { continue }
            $Answer.SubStatus = [int]$parts[$at['sc-substatus']]
            # signed or not: HRESULTs stand here as both
            $Answer.Code = [int]([long]$parts[$at['sc-win32-status']] -band 0xFFFF)
        }
        if ($Answer.SubStatus -ge 0) { return }
    }
}
