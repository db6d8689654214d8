<#
.SYNOPSIS
Reads about the host as a whole: Windows, uptime, clock, space, restart pending, elevation, roles.
#>

function Get-KtOs {
    <# .SYNOPSIS Build, Ubr, ProductType (1 client, 2 domain controller, 3 server), DomainJoined. #>
    [CmdletBinding()]
    param()
    $os = Get-CimInstance -ClassName Win32_OperatingSystem
    $ubr = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' -Name 'UBR'
    $computer = Get-CimInstance -ClassName Win32_ComputerSystem
    [pscustomobject]@{
        Build = [int]$os.BuildNumber; Ubr = $(if ($ubr.Exists) { [int]$ubr.Value } else { 0 })
        ProductType = [int]$os.ProductType; DomainJoined = [bool]$computer.PartOfDomain
    }
}

function Get-KtUptime {
    <# .SYNOPSIS Milliseconds since the last start. Both times are of the same clock, so a step of the clock moves both. #>
    [CmdletBinding()]
    param()
    $os = Get-CimInstance -ClassName Win32_OperatingSystem
    [long]($os.LocalDateTime - $os.LastBootUpTime).TotalMilliseconds
}

function Get-KtClockSample {
    <# .SYNOPSIS Door `clock`: the host's time and the monotonic clock, read together. #>
    [CmdletBinding()]
    param()
    $timestamp = [Diagnostics.Stopwatch]::GetTimestamp()
    # ticks as text: they go beyond what a JSON number holds exactly
    @{ utcTicks = [string][datetime]::UtcNow.Ticks; timestamp = [string]$timestamp }
}

function Set-KtReference {
    <# .SYNOPSIS Says what time it is at the controller (UTC ticks) at this reading of the monotonic clock. #>
    [CmdletBinding()]
    param([string]$UtcTicks, [long]$RoundTripMs)
    $global:KtState.Reference = @{ UtcTicks = [long]$UtcTicks; Timestamp = [Diagnostics.Stopwatch]::GetTimestamp(); RoundTripMs = $RoundTripMs }
}

function Get-KtClockSkew {
    <# .SYNOPSIS Host clock minus reference clock: SkewMs, RoundTripMs. Within one call the reference goes on with the monotonic clock, so it stays right when the host's clock is stepped. #>
    [CmdletBinding()]
    param()
    $reference = $global:KtState.Reference
    if ($reference.UtcTicks -eq 0) { throw (New-KtError -Id 'KtNoReference' -Message 'The reference time was not set for this session.') }
    $passed = [long](([Diagnostics.Stopwatch]::GetTimestamp() - $reference.Timestamp) * 1.0 / [Diagnostics.Stopwatch]::Frequency * 10000000)
    $skewTicks = [datetime]::UtcNow.Ticks - ($reference.UtcTicks + $passed)
    [pscustomobject]@{ SkewMs = [long]($skewTicks / 10000); RoundTripMs = $reference.RoundTripMs }
}

function Get-KtFreeSpace {
    <# .SYNOPSIS Drive, FreeBytes, SizeBytes. #>
    [CmdletBinding()]
    param([string]$Drive = $env:SystemDrive)
    $name = $Drive.TrimEnd('\')
    $disk = @(Get-CimInstance -ClassName Win32_LogicalDisk -Filter "DeviceID='$name'")
    if ($disk.Count -eq 0) { throw (New-KtError -Id 'KtNotProven' -Message "There is no drive $name." -Target $name) }
    [pscustomobject]@{ Drive = $name; FreeBytes = [long]$disk[0].FreeSpace; SizeBytes = [long]$disk[0].Size }
}

function Get-KtPendingReboot {
    <# .SYNOPSIS Why a restart is pending, strongest first; PFRO alone is often an antivirus product. #>
    [CmdletBinding()]
    param()
    $current = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion'
    if (Test-Path -LiteralPath "$current\Component Based Servicing\RebootPending") { 'CBS' }
    if (Test-Path -LiteralPath "$current\Component Based Servicing\RebootInProgress") { 'CBS-InProgress' }
    if (Test-Path -LiteralPath "$current\WindowsUpdate\Auto Update\RebootRequired") { 'WU' }
    if (Test-Path -LiteralPath "$env:windir\WinSxS\pending.xml") { 'PendingXml' }
    $renames = Get-KtRegistryValue -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager' -Name 'PendingFileRenameOperations'
    if ($renames.Exists -and @($renames.Value | Where-Object { $_ }).Count -gt 0) { 'PFRO' }
}

function Test-KtElevated {
    <# .SYNOPSIS Whether this session has the full administrator token. #>
    [CmdletBinding()]
    param()
    $principal = New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList ([Security.Principal.WindowsIdentity]::GetCurrent())
    $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}

function Get-KtRole {
    <# .SYNOPSIS What else the host serves as, by the services that are installed. #>
    [CmdletBinding()]
    param([int]$ProductType)
    if ($ProductType -eq 2) { 'domain-controller' }
    $known = [ordered]@{
        ClusSvc = 'cluster-node'; vmms = 'hyper-v'; WsusService = 'wsus'; MSSQLSERVER = 'sql-server'
        MSExchangeIS = 'exchange'; W3SVC = 'iis'; CcmExec = 'configmgr-client'
    }
    $installed = @(Get-Service -Name @($known.Keys) -ErrorAction SilentlyContinue | ForEach-Object { $_.Name })
    foreach ($name in $known.Keys) { if ($installed -contains $name) { $known[$name] } }
}

function Get-KtHostFacts {
    <# .SYNOPSIS Door `facts`: what preflight needs beyond what the probe has read. Nothing is written. #>
    [CmdletBinding()]
    param()
    Remove-KtLeftover -ReadOnly
    $os = Get-KtOs
    $drive = Get-KtFreeSpace
    @{
        elevated = [bool](Test-KtElevated); uptimeMs = Get-KtUptime
        systemDrive = @{ freeBytes = $drive.FreeBytes; sizeBytes = $drive.SizeBytes }
        pendingReboot = @(Get-KtPendingReboot); domainJoined = $os.DomainJoined; roles = @(Get-KtRole -ProductType $os.ProductType)
    }
}
