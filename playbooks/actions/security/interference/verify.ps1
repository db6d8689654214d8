<#
.SYNOPSIS
Names what security software keeps from updates. Read-only.
.DESCRIPTION
Runs in the system lane: only there may the update agent be asked whether what was blocked is there by now.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

# region Blocks of updates by Defender (the same text in security/interference, security/exclude and security/pause-protection)
function Get-DefenderBlock {
    # What Defender kept from updates since the last one was installed: by event id and event data, newest first.
    $log = 'Microsoft-Windows-Windows Defender/Operational'
    $installed = @(Get-KtEvent -Log 'System' -Provider 'Microsoft-Windows-WindowsUpdateClient' -Id 19 -Days 14 -Newest 1)
    $since = if ($installed.Count -gt 0) { $installed[0].TimeUtc } else { [datetime]::MinValue }
    $kinds = @{ 1116 = 'false-positive'; 1123 = 'controlled-folder-access'; 1126 = 'network-protection' }
    foreach ($event in @(Get-KtEvent -Log $log -Id 1116, 1123, 1126 -Days 14)) {
        if ($event.TimeUtc -le $since) { continue }
        $what = "$($event.Data['Path'])$($event.Data['Destination'])"
        $isUpdate = if ($event.Id -eq 1126) { $what -match '(^|[./])(windowsupdate|microsoft|wsus)\.' } else { $what -like '*\SoftwareDistribution\*' }
        if ($isUpdate) { @{ kind = $kinds[$event.Id]; what = $what -replace '^file:_', ''; at = $event.TimeUtc } }
    }
}
# endregion

function Test-AllLoaded {
    # Whether every update that is offered lies in the cache; one that cannot be asked for is not there.
    try {
        $found = (New-Object -ComObject 'Microsoft.Update.Session').CreateUpdateSearcher().Search('IsInstalled=0 and IsHidden=0').Updates
        return @($found | Where-Object { -not $_.IsDownloaded }).Count -eq 0
    }
    catch { return $false }
}

# Filters of other makers: 320000-329999 antivirus, 260000-269999 screening, 140000-149999 encryption, 280000-289999 continuous backup.
$filters = @()
foreach ($driver in @(Get-CimInstance -ClassName Win32_SystemDriver -Filter "ServiceType='File System Driver'")) {
    $instances = "HKLM:\SYSTEM\CurrentControlSet\Services\$($driver.Name)\Instances"
    if (-not (Test-Path -LiteralPath $instances)) { continue }
    $class = ''
    foreach ($instance in @(Get-ChildItem -LiteralPath $instances)) {
        $altitude = [string](Get-KtRegistryValue -Path "$instances\$($instance.PSChildName)" -Name 'Altitude').Value
        if ($altitude -match '^32\d{4}(\.|$)') { $class = 'antivirus' }
        elseif ($altitude -match '^26\d{4}(\.|$)') { $class = 'screening' }
        elseif ($altitude -match '^14\d{4}(\.|$)') { $class = 'encryption' }
        elseif ($altitude -match '^28\d{4}(\.|$)') { $class = 'backup' }
    }
    if (-not $class) { continue }
    $path = ([string]$driver.PathName) -replace '^\\\?\?\\', ''
    $file = Get-Item -LiteralPath $path -ErrorAction SilentlyContinue
    $company = if ($file) { [string]$file.VersionInfo.CompanyName } else { '' }
    if ($company -ne 'Microsoft Corporation') { $filters += "$($driver.Name) ($class)" }
}

$products = @(Get-CimInstance -Namespace 'root/SecurityCenter2' -ClassName AntiVirusProduct -ErrorAction SilentlyContinue |
        Where-Object { $_.instanceGuid -ne '{D68DDC3A-831F-4FAE-9E44-DA132C1ACF46}' } | ForEach-Object { [string]$_.displayName })

# A download that failed with a sharing violation or access denied, and has not succeeded since.
$provider = 'Microsoft-Windows-WindowsUpdateClient'
$good = @(Get-KtEvent -Log 'System' -Provider $provider -Id 19 -Days 14) + @(Get-KtEvent -Log "$provider/Operational" -Id 41 -Days 14)
$held = @(Get-KtEvent -Log "$provider/Operational" -Provider $provider -Id 31 -Days 14 | Where-Object {
        $failure = $_
        $failure.Data['errorCode'] -in '0x80070020', '0x80070005' -and
        @($good | Where-Object { $_.Data['updateGuid'] -eq $failure.Data['updateGuid'] -and $_.TimeUtc -ge $failure.TimeUtc }).Count -eq 0
    })

$blocks = @(Get-DefenderBlock)
if (($blocks.Count -gt 0 -or $held.Count -gt 0) -and (Test-AllLoaded)) { $blocks = @(); $held = @() }

$reason = ''
if ($blocks.Count -gt 0) { $reason = "Defender blocks updates ($($blocks[0].kind)): $($blocks[0].what)" }
elseif ($held.Count -gt 0 -and $products.Count + $filters.Count -gt 0) {
    $reason = "downloads fail with $($held[0].Data['errorCode']) while $(@($products + $filters) -join ', ') watches files: let its own management except $env:windir\SoftwareDistribution; it is not stopped from here"
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{
        blocks   = @($blocks | ForEach-Object { "$($_.kind) $($_.what)" })
        kinds    = @($blocks | ForEach-Object { $_.kind } | Select-Object -Unique)
        held     = $held.Count
        products = $products
        filters  = $filters
    }
}
