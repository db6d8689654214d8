<#
.SYNOPSIS
Sets the clock right: starts the time service, asks it to resync, and takes other time servers where the present ones fail.
.DESCRIPTION
A domain member asks its domain and never gets a foreign server. A clock that is more than an hour off is stepped first,
because the time service refuses large corrections. w32tm speaks the language of the host, so only its exit code and the
measured difference count. A corrected clock is not set wrong again by an undo; the settings are put back.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string[]] $Servers,
    [double] $MaxSkewSeconds,
    [int] $WaitSeconds
)

function Sync-Clock {
    # Asks the time service to resync and waits for its answer: exit code 0 says that the clock was set. Whether it is right now,
    # verify measures against a time that is told anew.
    $run = Invoke-KtProgram -File "$env:windir\System32\w32tm.exe" -Arguments '/resync', '/rediscover' -Irreversible 'a corrected clock is not set wrong again' -Leaves 'clock' -LimitSeconds $WaitSeconds
    return $run.ExitCode -eq 0
}

$domainMember = [bool](Get-KtOs).DomainJoined
$before = (Get-KtClockSkew).SkewMs
$parameters = 'HKLM:\SYSTEM\CurrentControlSet\Services\W32Time\Parameters'

$service = Get-KtService -Name 'W32Time'
if ($service.StartType -eq 'Disabled' -or ($domainMember -and $service.StartType -eq 'Manual')) {
    Set-KtServiceStartType -Name 'W32Time' -StartType Automatic
}
Start-KtService -Name 'W32Time'

$stepped = [math]::Abs($before) -gt 3600000
if ($stepped) { Step-KtClock -Milliseconds (-[long]$before) -Reason 'the time service refuses to correct more than an hour' }

$usedServers = @()
$right = Sync-Clock
$byPolicy = Test-Path -LiteralPath 'HKLM:\SOFTWARE\Policies\Microsoft\W32Time\Parameters'
if (-not $right -and -not $domainMember -and -not $byPolicy -and @($Servers).Count -gt 0) {
    # 0x8: ask as a client, not as a symmetric peer.
    $usedServers = @($Servers)
    $peers = @($usedServers | ForEach-Object { "$_,0x8" }) -join ' '
    Save-KtRegistryValue -Path $parameters -Name 'Type', 'NtpServer'
    $null = Invoke-KtProgram -File "$env:windir\System32\w32tm.exe" -Arguments '/config', "/manualpeerlist:$peers", '/syncfromflags:manual', '/update' -Recorded -LimitSeconds 60
    $right = Sync-Clock
}

if (-not $right) {
    $advice = if ($domainMember) { 'the domain controllers do not answer or have another time' }
    elseif ($byPolicy) { 'a policy sets the time servers and they do not answer' }
    else { 'no time server answers (UDP 123)' }
    throw "the clock is $([math]::Round($before / 1000, 1)) s off and could not be set: $advice"
}

@{
    changed        = $true
    facts          = @{ skewBeforeSeconds = [math]::Round($before / 1000, 1); stepped = $stepped; usedServers = $usedServers }
    rebootRequired = $false
}
