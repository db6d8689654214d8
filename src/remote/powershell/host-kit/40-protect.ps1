<#
.SYNOPSIS
Making the host restorable as a whole, and proving it: a System Restore point on clients, a shadow copy on servers.
#>

function Invoke-KtProtect {
    <#
    .SYNOPSIS
    Door `protect`; asked again it goes on with what was begun, or tells what was made.
    .OUTPUTS
    kind protected (method, id, proof, enabledSystemProtection), running (task) or impossible (reason, remedy)
    #>
    [CmdletBinding()]
    param([int]$Token, [string]$JournalHead, [string]$Level, [string]$SystemProtectionOff, [string]$Description)
    Set-KtWork -Token $Token -JournalHead $JournalHead -Step '(protect)'
    Assert-KtClaimNow
    if ($Level -in 'L1', 'L2') { return New-KtProtected -Method 'none' -Id '' -Proof @{} -Enabled $false }
    if ($Level -eq 'L4') {
        return New-KtImpossible -Reason 'A checkpoint of the virtual machine can only be made on its hypervisor.' -Remedy 'Take the checkpoint there, note its id in the change ticket, and run with level L3 and that reason.'
    }
    $made = Find-KtProtection
    if ($null -ne $made -and (Test-KtProtection -Method $made.method -Id $made.id)) { return $made }
    $task = Find-KtProtectTask
    if ($task) {
        $state = Get-KtTaskState -Task $task
        if ($state.State -eq 'Running') { return @{ kind = 'running'; task = $task } }
        $ended = Receive-KtTask -Task $task
        if ($ended.kind -eq 'done') { return $ended.result }
        # begun under the claim of a worker that is gone: begin again under ours
        if ($ended.fault.fqid -in 'KtStaleClaim', 'KtTaskDied') { return Start-KtProtectTask -Description $Description -Enable ((Select-KtProtection -SystemProtectionOff $SystemProtectionOff).kind -eq 'enable') }
        return New-KtImpossible -Reason "Making the restore point failed: $($ended.fault.message)" -Remedy 'Look at the events of the provider System Restore in the Application log, or run with systemProtectionOff: shadow-copy.'
    }
    $method = Select-KtProtection -SystemProtectionOff $SystemProtectionOff
    if ($method.kind -eq 'impossible') { return $method }
    if ($method.kind -eq 'shadow-copy') {
        $intent = Write-KtIntent -Kind 'protect'
        $global:KtState.ReadOnly = $false
        try { $result = New-KtShadowCopy } finally { $global:KtState.ReadOnly = $true }
        Write-KtOutcome -Intent $intent -Kind 'protect' -Outcome @{ kind = 'done'; result = $result }
        return $result
    }
    Start-KtProtectTask -Description $Description -Enable ($method.kind -eq 'enable')
}

function New-KtProtected {
    [CmdletBinding()]
    param([string]$Method, [string]$Id, [Collections.IDictionary]$Proof, [bool]$Enabled)
    @{ kind = 'protected'; method = $Method; id = $Id; proof = $Proof; enabledSystemProtection = $Enabled }
}

function New-KtImpossible {
    [CmdletBinding()]
    param([string]$Reason, [string]$Remedy)
    @{ kind = 'impossible'; reason = $Reason; remedy = $Remedy }
}

function Select-KtProtection {
    <# .SYNOPSIS Which way is open: restore-point, enable, shadow-copy or impossible. #>
    [CmdletBinding()]
    param([string]$SystemProtectionOff)
    foreach ($service in @(Get-KtService -Name 'VSS', 'swprv')) {
        if ($service.StartType -eq 'Disabled') {
            return New-KtImpossible -Reason "Service $($service.Name) is disabled, so Windows can make neither restore points nor shadow copies." -Remedy "Set the start type of $($service.Name) to Manual."
        }
    }
    if ((Get-KtOs).ProductType -ne 1) { return @{ kind = 'shadow-copy' } }
    $policy = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\SystemRestore' -Name 'DisableSR'
    $forbidden = $policy.Exists -and [int]$policy.Value -eq 1
    $interval = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\SystemRestore' -Name 'RPSessionInterval'
    $storage = @(Get-CimInstance -ClassName Win32_ShadowStorage -ErrorAction SilentlyContinue)
    if (-not $forbidden -and $interval.Exists -and [int]$interval.Value -ge 1 -and $storage.Count -gt 0) { return @{ kind = 'restore-point' } }
    if ($SystemProtectionOff -eq 'shadow-copy') { return @{ kind = 'shadow-copy' } }
    $why = if ($forbidden) { 'System Protection is switched off by policy (DisableSR).' } else { "System Protection is off for $env:SystemDrive." }
    if ($SystemProtectionOff -eq 'enable' -and -not $forbidden) { return @{ kind = 'enable' } }
    $remedy = if ($forbidden) { 'Lift the policy, or let the playbook say systemProtectionOff: shadow-copy.' } else { 'Switch it on, or let the playbook say systemProtectionOff: enable or shadow-copy.' }
    New-KtImpossible -Reason $why -Remedy $remedy
}

function New-KtShadowCopy {
    <# .SYNOPSIS A shadow copy of the system drive, proven by its state (12: created) under its id. #>
    [CmdletBinding()]
    param()
    $volume = "$env:SystemDrive\"
    $code = -1
    # 9: another one is being made just now
    for ($attempt = 1; $attempt -le 6; $attempt++) {
        $made = Invoke-CimMethod -ClassName Win32_ShadowCopy -MethodName Create -Arguments @{ Volume = $volume; Context = 'ClientAccessible' }
        $code = [int]$made.ReturnValue
        if ($code -ne 9) { break }
        Start-Sleep -Milliseconds 10000
    }
    if ($code -ne 0) {
        $remedies = @{
            1 = 'The session is not elevated: use an account with the full administrator token.'; 3 = 'The system drive was not found as a volume.'
            4 = 'The volume does not support shadow copies.'; 6 = 'There is too little space for shadow copies: free 5 GB, or enlarge the shadow storage.'
            8 = 'The volume has its largest number of shadow copies: remove old ones.'; 9 = 'Another shadow copy is being made (backup software?): try again later.'
            10 = 'A VSS provider refused: look at the events of VSS and volsnap.'; 11 = 'The VSS provider is not registered.'; 12 = 'A VSS provider failed: look at the events of VSS and volsnap.'
        }
        $remedy = if ($remedies.ContainsKey($code)) { $remedies[$code] } else { 'Look at the events of VSS and volsnap in the Application and System logs.' }
        return New-KtImpossible -Reason "Windows made no shadow copy of $volume (code $code)." -Remedy $remedy
    }
    $id = [string]$made.ShadowID
    $copy = @(Get-CimInstance -ClassName Win32_ShadowCopy | Where-Object { [string]$_.ID -eq $id })
    if ($copy.Count -eq 0 -or [int]$copy[0].State -ne 12) {
        return New-KtImpossible -Reason "Windows said that shadow copy $id was made, but it is not there." -Remedy 'Look at the events of volsnap (25, 33, 36: no room) in the System log.'
    }
    New-KtProtected -Method 'shadow-copy' -Id $id -Enabled $false -Proof @{ state = 12; device = [string]$copy[0].DeviceObject; volume = $volume }
}

function Find-KtProtection {
    <# .SYNOPSIS The protection that this run has made, by its ledger; nothing when there is none. #>
    [CmdletBinding()]
    param()
    $found = $null
    foreach ($record in @(Read-KtRecord)) {
        if ($record.kind -eq 'outcome' -and $record.data.kind -eq 'protect' -and $record.data.ok -and $record.data.result.kind -eq 'protected') { $found = $record.data.result }
    }
    if ($null -ne $found) { ConvertTo-KtHashtable -Value $found }
}

function Test-KtProtection {
    <# .SYNOPSIS Whether a restore point or shadow copy is still there: Windows drops the oldest when room is short. #>
    [CmdletBinding()]
    param([string]$Method, [AllowEmptyString()][string]$Id)
    if ($Method -eq 'none') { return $true }
    if ($Method -eq 'shadow-copy') { return @(Get-CimInstance -ClassName Win32_ShadowCopy | Where-Object { [string]$_.ID -eq $Id -and [int]$_.State -eq 12 }).Count -gt 0 }
    @(Get-KtRestorePoint | Where-Object { [string]$_.SequenceNumber -eq $Id }).Count -gt 0
}
