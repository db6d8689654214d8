<#
.SYNOPSIS
Tells whether programs of the host find the names of its update source. Read-only.
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

$missing = @()
$addresses = @()
foreach ($url in @(Get-UpdateSource)) {
    $name = ([uri]$url).Host
    try { $addresses += @([System.Net.Dns]::GetHostAddresses($name) | ForEach-Object { "$_" }) }
    catch { $missing += $name }
}

@{
    ok     = $missing.Count -eq 0
    reason = if ($missing.Count -gt 0) { "the host does not find $($missing -join ', ')" } else { '' }
    facts  = @{ addresses = @($addresses | Select-Object -Unique) }
}
