<#
.SYNOPSIS
Tells whether the host reaches its update source, and what is in the way if not. Read-only.
.DESCRIPTION
Runs as SYSTEM: a test in the session of an administrator proves nothing for the services. Causes are told by .NET's words, error ids and
registry values, never by translated text.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

# region the way to the update source (the same text in the scripts of network)
function Get-UpdateSource {
    # The URLs that the update agent asks: those of a server of the organization where one is named, else those of Windows Update.
    $root = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate'
    $url = "$((Get-KtRegistryValue -Path $root -Name 'WUServer').Value)".Trim().TrimEnd('/')
    if ("$((Get-KtRegistryValue -Path "$root\AU" -Name 'UseWUServer').Value)" -eq '1' -and $url -match '^https?://[^/]+') { return "$url/ClientWebService/client.asmx" }
    'https://slscr.update.microsoft.com/SLS/'
    'https://fe2cr.update.microsoft.com/v6/ClientWebService/client.asmx'
}

function Get-MachineProxy {
    # Proxy and bypass list of the machine (WinHTTP), which services use. WinHttpSettings: flags at byte 8 (2: by proxy), then both
    # texts, each with its length before it. What netsh prints is translated, so it is not asked.
    $value = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\Connections' -Name 'WinHttpSettings'
    $none = @{ Server = ''; Bypass = '' }
    if ($value.Type -ne 'Binary') { return $none }
    $bytes = [byte[]]$value.Value
    if ($bytes.Length -lt 20 -or ($bytes[8] -band 2) -eq 0) { return $none }
    $length = [System.BitConverter]::ToInt32($bytes, 12)
    if ($length -lt 1 -or 16 + $length -gt $bytes.Length) { return $none }
    $server = [System.Text.Encoding]::ASCII.GetString($bytes, 16, $length)
    $bypass = ''
    if ($bytes.Length -ge 20 + $length) {
        $more = [System.BitConverter]::ToInt32($bytes, 16 + $length)
        if ($more -gt 0 -and 20 + $length + $more -le $bytes.Length) { $bypass = [System.Text.Encoding]::ASCII.GetString($bytes, 20 + $length, $more) }
    }
    @{ Server = $server; Bypass = $bypass }
}

function Select-Proxy {
    # host:port of the proxy that a URL goes through, '' for directly.
    param([string] $Url, [string] $Server, [string] $Bypass)
    if ($Url -notmatch '^(https?)://([^/:]+)') { return '' }
    $scheme = $Matches[1]
    $name = $Matches[2]
    foreach ($entry in ($Bypass -split '[;\s]+')) {
        if (-not $entry) { continue }
        if ($entry -eq '<local>') { if (-not $name.Contains('.')) { return '' } }
        elseif ($name -like $entry) { return '' }
    }
    $parts = @($Server -split '[;\s]+' | Where-Object { $_ })
    $own = @($parts | Where-Object { $_ -like "$scheme=*" }) + @($parts | Where-Object { -not $_.Contains('=') })
    if ($own.Count -eq 0) { return '' }
    $own[0] -replace '^\w+=', '' -replace '^\w+://', ''
}

function Test-Way {
    # '' where a URL answers (any status but those of servers and proxies that fail), else why not, in the words of .NET: NameResolutionFailure, Timeout, HTTP 407, ...
    param([string] $Url, [string] $Proxy)
    [System.Net.ServicePointManager]::SecurityProtocol = 'Tls12'
    try {
        $request = [System.Net.WebRequest]::Create($Url)
        $request.Method = 'HEAD'
        $request.Timeout = 10000
        $request.Proxy = $null
        if ($Proxy) { $request.Proxy = New-Object -TypeName System.Net.WebProxy -ArgumentList $Proxy }
        $answer = $request.GetResponse()
        $page = "$($answer.ContentType)" -like 'text/html*' -and $Url -like '*.cab'
        $answer.Close()
        if ($page) { return 'Page' }
        return ''
    }
    catch {
        $fault = $_.Exception
        while ($null -ne $fault.InnerException -and $fault -isnot [System.Net.WebException]) { $fault = $fault.InnerException }
        if ($fault -isnot [System.Net.WebException]) { return $fault.GetType().Name }
        if ($null -eq $fault.Response) { return "$($fault.Status)" }
        $status = [int]$fault.Response.StatusCode
        if ($status -lt 500 -and $status -ne 407) { return '' }
        return "HTTP $status"
    }
}
# endregion

function Get-NameFault {
    # Why a name is not found.
    param([string] $Name)
    $servers = @(Get-DnsClientServerAddress -AddressFamily IPv4 | ForEach-Object { $_.ServerAddresses } | Select-Object -Unique)
    $silent = @()
    foreach ($server in $servers) {
        try {
            $null = Resolve-DnsName -Name $Name -Type A -Server $server -DnsOnly -ErrorAction Stop
            return "the name cache of the host still holds that there is no $Name; $server knows it: empty the cache"
        }
        catch { if ("$($_.FullyQualifiedErrorId)" -like 'ERROR_TIMEOUT,*') { $silent += $server } }
    }
    if ($servers.Count -eq 0) { return 'the host has no name server' }
    if ($silent.Count -eq $servers.Count) { return "the name servers of the host ($($servers -join ', ')) do not answer: set those of the network" }
    "no name server of the host ($($servers -join ', ')) knows ${Name}: set those of the network, or mend the entry"
}

function Get-DirectFault {
    # What a word of Test-Way means for a URL that is asked directly, and what helps.
    param([string] $Url, [string] $Word)
    $uri = [uri]$Url
    $name = $uri.Host
    switch -Wildcard ($Word) {
        'NameResolutionFailure' { return Get-NameFault -Name $name }
        'Page' { return "a web filter answers with a page of its own instead of ${name}: let the update servers pass" }
        'TrustFailure' {
            $issuer = ''
            $client = New-Object -TypeName System.Net.Sockets.TcpClient
            try {
                $client.Connect($name, $uri.Port)
                $stream = New-Object -TypeName System.Net.Security.SslStream -ArgumentList $client.GetStream(), $false, { $true }
                $stream.AuthenticateAsClient($name)
                $issuer = "$($stream.RemoteCertificate.Issuer)"
            }
            catch { $issuer = 'unknown' }
            finally { $client.Close() }
            return "the certificate of $name is issued by '$issuer', which the host does not trust: a device on the way opens TLS; let the update servers pass it, or give the host its authority"
        }
        'SecureChannelFailure' {
            $client12 = 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client'
            $enabled = Get-KtRegistryValue -Path $client12 -Name 'Enabled'
            if ($enabled.Exists -and $enabled.Value -eq 0) { return 'TLS 1.2 is switched off for clients (SCHANNEL): switch it on' }
            return "no TLS connection with $name comes about"
        }
        'HTTP *' { return "$name answers with $Word" }
    }
    $entry = @(Get-Content -LiteralPath "$env:windir\System32\drivers\etc\hosts" -ErrorAction SilentlyContinue |
            Where-Object { ($_ -split '#')[0] -match "\s$([regex]::Escape($name))(\s|$)" })
    if ($entry.Count -gt 0) { return "the hosts file gives $name the address $(($entry[0].Trim() -split '\s+')[0]): take the entry out" }
    $profiles = 'HKLM:\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy'
    foreach ($one in 'DomainProfile', 'StandardProfile', 'PublicProfile') {
        $action = Get-KtRegistryValue -Path "$profiles\$one" -Name 'DefaultOutboundAction'
        if ($action.Exists -and $action.Value -eq 1) { return "the firewall of the host lets nothing out that no rule allows ($one): allow the update agent, or all that goes out" }
    }
    "${name}:$($uri.Port) does not answer ($Word): it is down, something on the way blocks it, or only a proxy leads there"
}

$machine = Get-MachineProxy
$faults = @()
foreach ($url in @(Get-UpdateSource)) {
    $via = Select-Proxy -Url $url -Server $machine.Server -Bypass $machine.Bypass
    $word = Test-Way -Url $url -Proxy $via
    if (-not $word) { continue }
    $faults += if ($via -and $word -ne 'TrustFailure' -and $word -ne 'SecureChannelFailure') { "the proxy of the machine (WinHTTP), $via, does not lead to ${url}: $word" } else { Get-DirectFault -Url $url -Word $word }
}
if ($faults.Count -eq 0 -and @(Get-UpdateSource)[0] -like 'https://slscr.*') {
    $cab = 'http://ctldl.windowsupdate.com/msdownload/update/v3/static/trustedr/en/disallowedcertstl.cab'
    $via = Select-Proxy -Url $cab -Server $machine.Server -Bypass $machine.Bypass
    if ((Test-Way -Url $cab -Proxy $via) -eq 'Page') { $faults += Get-DirectFault -Url $cab -Word 'Page' }
}

# The Store, Delivery Optimization and programs of users go by the proxies of accounts (WinINET).
$account = @{}
foreach ($hive in @(Get-ChildItem -LiteralPath 'Registry::HKEY_USERS' -ErrorAction SilentlyContinue | Where-Object { $_.PSChildName -match '^S-1-5-(18|19|20|21-[\d-]+)$' })) {
    $key = "Registry::HKEY_USERS\$($hive.PSChildName)\Software\Microsoft\Windows\CurrentVersion\Internet Settings"
    $server = "$((Get-KtRegistryValue -Path $key -Name 'ProxyServer').Value)"
    if (-not $server -or "$((Get-KtRegistryValue -Path $key -Name 'ProxyEnable').Value)" -ne '1') { continue }
    $url = 'http://www.msftconnecttest.com/connecttest.txt'
    $via = Select-Proxy -Url $url -Server $server -Bypass "$((Get-KtRegistryValue -Path $key -Name 'ProxyOverride').Value)"
    $word = if ($via) { Test-Way -Url $url -Proxy $via } else { '' }
    if (-not $word) { continue }
    $account[$hive.PSChildName] = $via
    $faults += "the proxy of the account $($hive.PSChildName), $via, does not work: $word. Correct it in the settings of the account"
}

@{
    ok     = $faults.Count -eq 0
    reason = @($faults | Select-Object -Unique) -join '; '
    facts  = @{ sources = @(Get-UpdateSource); machineProxy = $machine.Server; accountProxies = @($account.Keys | Sort-Object); faults = @($faults | Select-Object -Unique) }
}
