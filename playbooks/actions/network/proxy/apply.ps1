<#
.SYNOPSIS
Sets the proxy that leads to the update source, or takes the wrong one away.
.DESCRIPTION
netsh writes the value of the machine, which the kit records before; "import proxy source=ie" would take the empty profile of this account.
The update service is started anew, since it keeps what it read.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string] $Proxy,
    [string] $Bypass
)

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

# region what is wrong with the proxies (the same text in detect, apply and verify; a test compares them)
function Compare-Proxy {
    # Machine and accounts whose proxy does not lead anywhere; Wanted: the proxy that leads to the source, '' for directly; Stuck: neither does.
    param([string] $Proxy)
    $probe = 'http://www.msftconnecttest.com/connecttest.txt'
    $urls = @(Get-UpdateSource)
    $machine = Get-MachineProxy
    $via = Select-Proxy -Url $urls[0] -Server $machine.Server -Bypass $machine.Bypass
    $word = ''
    if ($via) {
        $word = Test-Way -Url $urls[0] -Proxy $via
        # a proxy that leads elsewhere is no fault of the setting
        if ($word -and -not (Test-Way -Url $probe -Proxy $via)) { $word = '' }
    }
    $accounts = @()
    foreach ($sid in 'S-1-5-18', 'S-1-5-19', 'S-1-5-20') {
        $key = "Registry::HKEY_USERS\$sid\Software\Microsoft\Windows\CurrentVersion\Internet Settings"
        $server = "$((Get-KtRegistryValue -Path $key -Name 'ProxyServer').Value)"
        if (-not $server -or "$((Get-KtRegistryValue -Path $key -Name 'ProxyEnable').Value)" -ne '1') { continue }
        $own = Select-Proxy -Url $probe -Server $server -Bypass "$((Get-KtRegistryValue -Path $key -Name 'ProxyOverride').Value)"
        if ($own -and (Test-Way -Url $probe -Proxy $own)) { $accounts += @{ Sid = $sid; Key = $key; Server = $own } }
    }
    # without a proxy the direct way is tried only where there is another one to take
    $missing = -not $via -and [bool]$Proxy -and [bool](Test-Way -Url $urls[0] -Proxy '')

    $faults = @()
    if ($word) { $faults += "the proxy of the machine (WinHTTP), $via, does not lead to $($urls[0]): $word" }
    if ($missing) { $faults += "$($urls[0]) cannot be reached directly, and the machine has no proxy (WinHTTP)" }
    foreach ($account in $accounts) { $faults += "the proxy of the account $($account.Sid), $($account.Server), does not work" }

    $wanted = ''
    $stuck = ''
    if ($faults.Count -gt 0) {
        if ($Proxy -and -not (Test-Way -Url $urls[0] -Proxy $Proxy)) { $wanted = $Proxy }
        elseif ($missing) { $stuck = "the proxy $Proxy does not lead there either" }
        elseif (Test-Way -Url $urls[0] -Proxy '') { $stuck = 'the direct way does not lead there either: name a proxy that works without a login in the parameter proxy, or have the one that is set mended' }
    }
    @{ Machine = $machine; MachineWrong = [bool]$word -or $missing; Accounts = $accounts; Faults = $faults; Wanted = $wanted; Stuck = $stuck }
}
# endregion

$state = Compare-Proxy -Proxy $Proxy
if ($state.Stuck) { throw $state.Stuck }

$wasRunning = (Get-KtService -Name 'wuauserv').State -eq 'Running'
Stop-KtService -Name 'wuauserv' -EndHung

if ($state.MachineWrong) {
    $words = @('winhttp', 'reset', 'proxy')
    if ($state.Wanted) {
        $past = if ($state.Machine.Bypass) { $state.Machine.Bypass } else { $Bypass }
        $words = @('winhttp', 'set', 'proxy', "proxy-server=$($state.Wanted)", "bypass-list=$past")
    }
    Save-KtRegistryValue -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\Connections' -Name 'WinHttpSettings'
    $run = Invoke-KtProgram -File "$env:windir\System32\netsh.exe" -Arguments $words -Recorded -LimitSeconds 60
    if ($run.ExitCode -ne 0) { throw "netsh winhttp ended with $($run.Hex)" }
}
foreach ($account in $state.Accounts) {
    if ($state.Wanted) { Set-KtRegistryValue -Path $account.Key -Name 'ProxyServer' -Value $state.Wanted -Type String }
    else { Set-KtRegistryValue -Path $account.Key -Name 'ProxyEnable' -Value 0 -Type DWord }
}
if ($wasRunning) { Start-KtService -Name 'wuauserv' }

@{
    changed        = $state.Faults.Count -gt 0
    facts          = @{ proxyBefore = $state.Machine.Server; proxy = $state.Wanted; accounts = @($state.Accounts | ForEach-Object { $_.Sid }) }
    rebootRequired = $false
}
