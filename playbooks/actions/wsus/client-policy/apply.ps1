<#
.SYNOPSIS
Sets the policy values of the update client, takes away what bars it, and lets it take a new id where it shares one.
.DESCRIPTION
The update service is stopped meanwhile, for it holds the id and what it was told. A client without an id takes a new one
when it is next asked to search.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string] $Server,
    [string[]] $SharedIds
)

# region the update server of a client (the same text in wsus/client and in the scripts of wsus/client-policy)
function Test-UpdateServer {
    # '' where an update server answers at a URL, else why not. Past any proxy, since the server is one of the organization.
    param([string] $Url)
    if ($Url -notmatch '^https?://[^/]+') { return 'the URL does not begin with http:// or https://' }
    [System.Net.ServicePointManager]::SecurityProtocol = 'Tls12'
    try {
        $request = [System.Net.WebRequest]::Create("$($Url.TrimEnd('/'))/ClientWebService/client.asmx")
        $request.Proxy = $null
        $request.Timeout = 10000
        $answer = $request.GetResponse()
        $status = [int]$answer.StatusCode
        $answer.Close()
        if ($status -eq 200) { return '' }
        return "it answers with HTTP $status"
    }
    catch {
        $fault = $_.Exception
        while ($null -ne $fault.InnerException -and $fault -isnot [System.Net.WebException]) { $fault = $fault.InnerException }
        if ($fault -isnot [System.Net.WebException]) { return "it cannot be asked ($($fault.GetType().Name))" }
        if ($null -ne $fault.Response) { return "it answers with HTTP $([int]$fault.Response.StatusCode)" }
        return "it does not answer ($($fault.Status))"
    }
}

function Compare-UpdateClient {
    # What the client is told and what is wrong with that. Wanted: the URL that is to be set, Barred: the policy value that keeps the
    # agent from its servers is to go, Cloned: the id is to go, Stuck: why it cannot be mended here.
    param([string] $Server, [string[]] $SharedIds)
    $root = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate'
    $url = "$((Get-KtRegistryValue -Path $root -Name 'WUServer').Value)".Trim().TrimEnd('/')
    $statusUrl = "$((Get-KtRegistryValue -Path $root -Name 'WUStatusServer').Value)".Trim().TrimEnd('/')
    $managed = "$((Get-KtRegistryValue -Path "$root\AU" -Name 'UseWUServer').Value)" -eq '1'
    $barred = "$((Get-KtRegistryValue -Path $root -Name 'DisableWindowsUpdateAccess').Value)" -eq '1'
    $id = "$((Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate' -Name 'SusClientId').Value)"
    $given = $Server.TrimEnd('/')

    $faults = @()
    $fault = ''
    if ($given -and -not $managed) { $fault = "it is not told to ask $given" }
    elseif ($managed -and -not $url) { $fault = 'it is told to ask an update server (UseWUServer), but none is named (WUServer)' }
    elseif ($managed -and $given -and $url -ne $given) { $fault = "it asks $url, not $given" }
    elseif ($managed) {
        $why = Test-UpdateServer -Url $url
        if ($why) { $fault = "WUServer is ${url}: $why" }
    }

    $wanted = ''
    $stuck = ''
    if ($fault) {
        $faults += $fault
        $candidates = @()
        if ($given) { $candidates += $given }
        else {
            # 8530 and 8531 (TLS) are the ports of an update server.
            if ($url -match '^(?:(https?)://)?([^/:]+)(?::(\d+))?') {
                $name = $Matches[2]
                if ($Matches[3] -eq '8531') { $candidates += "https://${name}:8531" }
                elseif ($Matches[3] -eq '8530') { $candidates += "http://${name}:8530" }
                elseif ($Matches[1] -eq 'https') { $candidates += "https://${name}:8531" }
                else { $candidates += "http://${name}:8530", "https://${name}:8531" }
            }
            if ($statusUrl) { $candidates += $statusUrl }
        }
        foreach ($candidate in @($candidates | Where-Object { $_ -ne $url -or $given } | Select-Object -Unique)) {
            if (-not (Test-UpdateServer -Url $candidate)) { $wanted = $candidate; break }
        }
        if (-not $wanted) {
            $stuck = if ($given) { "$given does not answer as an update server: $(Test-UpdateServer -Url $given)" }
            else { 'no place that answers is known: repair the update server, or name the right one in the parameter server' }
        }
    }
    elseif ($managed -and $statusUrl -ne $url) {
        $faults += "it reports to $(if ($statusUrl) { $statusUrl } else { 'nobody' }) (WUStatusServer), but asks $url"
        $wanted = $url
    }
    if ($barred) { $faults += 'a policy value keeps the update agent from all servers (DisableWindowsUpdateAccess, 0x8024002E)' }
    $cloned = [bool]$id -and $id -in $SharedIds
    if ($cloned) { $faults += "its id at the update server ($id) is that of other computers too: it was made from an image" }

    @{ Url = $url; StatusUrl = $statusUrl; Managed = $managed; Id = $id; Faults = $faults; Wanted = $wanted; Barred = $barred; Cloned = $cloned; Stuck = $stuck }
}
# endregion

$state = Compare-UpdateClient -Server $Server -SharedIds $SharedIds
if ($state.Stuck) { throw $state.Stuck }

$wasRunning = (Get-KtService -Name 'wuauserv').State -eq 'Running'
Stop-KtService -Name 'wuauserv' -EndHung

$root = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate'
if ($state.Wanted) {
    Set-KtRegistryValue -Path $root -Name 'WUServer' -Value $state.Wanted -Type String
    Set-KtRegistryValue -Path $root -Name 'WUStatusServer' -Value $state.Wanted -Type String
    Set-KtRegistryValue -Path "$root\AU" -Name 'UseWUServer' -Value 1 -Type DWord
}
if ($state.Barred) { Remove-KtRegistryValue -Path $root -Name 'DisableWindowsUpdateAccess' }
if ($state.Cloned) {
    $client = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate'
    Remove-KtRegistryValue -Path $client -Name 'SusClientId'
    Remove-KtRegistryValue -Path $client -Name 'SusClientIDValidation'
}
if ($wasRunning) { Start-KtService -Name 'wuauserv' }

@{
    changed        = $state.Faults.Count -gt 0
    facts          = @{ server = $state.Wanted; serverBefore = $state.Url; newId = $state.Cloned; lifted = $state.Barred }
    rebootRequired = $false
}
