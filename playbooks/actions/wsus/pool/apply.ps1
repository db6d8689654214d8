<#
.SYNOPSIS
Raises queue and memory limit of the pool, and starts it.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [int] $QueueLength,
    [int] $PrivateMemoryKB
)

$pool = "system.applicationHost/applicationPools/add[@name='WsusPool']"
$appcmd = "$env:windir\System32\inetsrv\appcmd.exe"
$set = @()
foreach ($limit in @(
        @{ Name = 'queueLength'; Filter = $pool; Leaf = 'queueLength'; Wanted = [long]$QueueLength },
        @{ Name = 'recycling.periodicRestart.privateMemory'; Filter = "$pool/recycling/periodicRestart"; Leaf = 'privateMemory'; Wanted = [long]$PrivateMemoryKB })) {
    $name = $limit.Name
    $now = [long](Get-WebConfigurationProperty -PSPath 'MACHINE/WEBROOT/APPHOST' -Filter $limit.Filter -Name $limit.Leaf).Value
    # 0: no limit
    $isEnough = if ($name -eq 'queueLength') { $now -ge $limit.Wanted } else { $now -eq 0 -or ($limit.Wanted -ne 0 -and $now -ge $limit.Wanted) }
    if ($isEnough) { continue }
    $ran = Invoke-KtProgram -File $appcmd -Arguments 'set', 'apppool', 'WsusPool', "/${name}:$($limit.Wanted)" -UndoFile $appcmd -UndoArguments 'set', 'apppool', 'WsusPool', "/${name}:$now"
    if ($ran.ExitCode -ne 0) { throw "appcmd ended with $($ran.Hex) when it set $name of the pool WsusPool." }
    $set += "$name $now -> $($limit.Wanted)"
}
Start-KtAppPool -Name 'WsusPool'

@{
    changed        = $true
    facts          = @{ set = $set }
    rebootRequired = $false
}
