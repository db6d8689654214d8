<#
.SYNOPSIS
Services: stop, start, start type. State and start type are read from CIM and the registry, never from text.
#>

function Get-KtService {
    <# .SYNOPSIS What is known of services, one object per name. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string[]]$Name)
    foreach ($one in $Name) {
        $service = @(Get-CimInstance -ClassName Win32_Service -Filter "Name='$($one.Replace("'", "\'"))'")
        if ($service.Count -eq 0) {
            [pscustomobject]@{ Name = $one; Exists = $false; State = 'Missing'; StartType = 'Missing'; TriggerStarted = $false; ProcessId = 0; PathName = ''; BinaryExists = $false }
            continue
        }
        $key = "HKLM:\SYSTEM\CurrentControlSet\Services\$one"
        $start = [string]$service[0].StartMode
        if ($start -eq 'Auto') {
            $start = 'Automatic'
            $delayed = Get-KtRegistryValue -Path $key -Name 'DelayedAutostart'
            if ($delayed.Exists -and [int]$delayed.Value -eq 1) { $start = 'AutomaticDelayedStart' }
        }
        $pathName = [string]$service[0].PathName
        [pscustomobject]@{
            Name = [string]$service[0].Name; Exists = $true; State = ([string]$service[0].State).Replace(' ', ''); StartType = $start
            TriggerStarted = [bool](Test-Path -LiteralPath "$key\TriggerInfo"); ProcessId = [int]$service[0].ProcessId
            PathName = $pathName; BinaryExists = Test-KtBinary -CommandLine $pathName
        }
    }
}

function Get-KtServiceNow {
    <# .SYNOPSIS Name, State and ProcessId of a service, without what takes longer to read; State is Missing where there is none. #>
    [CmdletBinding()]
    param([string]$Name)
    foreach ($service in Get-CimInstance -ClassName Win32_Service -Filter "Name='$($Name.Replace("'", "\'"))'") {
        return @{ Name = [string]$service.Name; State = ([string]$service.State).Replace(' ', ''); ProcessId = [int]$service.ProcessId }
    }
    @{ Name = $Name; State = 'Missing'; ProcessId = 0 }
}

function Test-KtBinary {
    <# .SYNOPSIS Whether the program at the head of a command line exists. #>
    [CmdletBinding()]
    param([AllowEmptyString()][string]$CommandLine)
    $text = [Environment]::ExpandEnvironmentVariables($CommandLine).Trim()
    if ($text.StartsWith('"')) {
        $end = $text.IndexOf('"', 1)
        return ($end -gt 1) -and [IO.File]::Exists($text.Substring(1, $end - 1))
    }
    $end = $text.IndexOf('.exe', [StringComparison]::OrdinalIgnoreCase)
    if ($end -ge 0) { return [IO.File]::Exists($text.Substring(0, $end + 4)) }
    [IO.File]::Exists($text)
}

function Wait-KtServiceState {
    <# .SYNOPSIS Waits until a service is in a state; says whether it got there. Limits are taken from the monotonic clock. #>
    [CmdletBinding()]
    param([string]$Name, [string]$State, [int]$LimitSeconds)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while ((Get-KtServiceNow -Name $Name).State -ne $State) {
        if ($watch.ElapsedMilliseconds -ge 1000L * $LimitSeconds) { return $false }
        Start-Sleep -Milliseconds 500
    }
    $true
}

function Stop-KtService {
    <# .SYNOPSIS Stops services, their running dependents first. Missing and stopped ones are left alone. Undone by starting them again. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string[]]$Name, [int]$LimitSeconds = 120, [switch]$EndHung)
    foreach ($one in $Name) {
        if ((Get-KtServiceNow -Name $one).State -eq 'Missing') { continue }
        $order = @(Get-Service -Name $one -DependentServices | ForEach-Object { $_.Name }) + $one
        foreach ($next in $order) {
            $service = Get-KtServiceNow -Name $next
            if ($service.State -in 'Missing', 'Stopped') { continue }
            Write-KtBefore -Change 'service-state' -Target $service.Name -Before ([ordered]@{ state = $service.State }) -Weakens 'services'
            Stop-KtServiceNow -Name $service.Name -LimitSeconds $LimitSeconds -EndHung:$EndHung
        }
    }
}

function Stop-KtServiceNow {
    <# .SYNOPSIS Stops one service and waits; no record. #>
    [CmdletBinding()]
    param([string]$Name, [int]$LimitSeconds, [switch]$EndHung)
    $refused = $null
    if ((Get-KtServiceNow -Name $Name).State -notin 'Stopped', 'StopPending') {
        try { Stop-Service -Name $Name -Force -NoWait -ErrorAction Stop } catch { $refused = $_ }
    }
    if ($null -eq $refused -and (Wait-KtServiceState -Name $Name -State 'Stopped' -LimitSeconds $LimitSeconds)) { return }
    $service = Get-KtServiceNow -Name $Name
    if ($service.State -eq 'Stopped') { return }
    if ($EndHung -and $service.ProcessId -gt 0) {
        $sharing = @(Get-CimInstance -ClassName Win32_Service -Filter "ProcessId=$($service.ProcessId)")
        if ($sharing.Count -eq 1) {
            Stop-Process -Id $service.ProcessId -Force
            if (Wait-KtServiceState -Name $Name -State 'Stopped' -LimitSeconds 15) { return }
        }
    }
    $cause = if ($null -ne $refused) { $refused.Exception } else { $null }
    throw (New-KtError -Id 'KtServiceRefused' -Message "Service $Name did not stop within $LimitSeconds s; it is $($service.State)." -Target $Name -Cause $cause)
}

function Start-KtService {
    <# .SYNOPSIS Starts services that do not run, what they need first. Undone by stopping them again. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string[]]$Name, [int]$LimitSeconds = 60)
    foreach ($one in $Name) {
        $service = Get-KtService -Name $one
        if (-not $service.Exists) { throw (New-KtError -Id 'KtServiceMissing' -Message "There is no service $one to start." -Target $one) }
        if ($service.State -eq 'Running') { continue }
        if ($service.StartType -eq 'Disabled') {
            throw (New-KtError -Id 'KtServiceRefused' -Message "Service $one is disabled; set its start type before starting it." -Target $one)
        }
        # Windows starts what it needs along with it, which an undo could not know
        $needed = @(Get-Service -Name $one -RequiredServices | ForEach-Object { Get-KtService -Name $_.Name } | Where-Object { $_.State -eq 'Stopped' -and $_.StartType -ne 'Disabled' })
        if ($needed.Count -gt 0) { Start-KtService -Name @($needed | ForEach-Object { $_.Name }) -LimitSeconds $LimitSeconds }
        # belongs to the same dead-man group as the stop before it: both are undone together or not at all
        Write-KtBefore -Change 'service-state' -Target $service.Name -Before ([ordered]@{ state = $service.State }) -Weakens 'services'
        Start-KtServiceNow -Name $service.Name -LimitSeconds $LimitSeconds
    }
}

function Start-KtServiceNow {
    <# .SYNOPSIS Starts one service and waits; no record. #>
    [CmdletBinding()]
    param([string]$Name, [int]$LimitSeconds)
    $refused = $null
    if ((Get-KtServiceNow -Name $Name).State -notin 'Running', 'StartPending') {
        try { Start-Service -Name $Name -ErrorAction Stop } catch { $refused = $_.Exception }
    }
    if (Wait-KtServiceState -Name $Name -State 'Running' -LimitSeconds $(if ($null -eq $refused) { $LimitSeconds } else { 1 })) { return }
    throw (New-KtError -Id 'KtServiceRefused' -Message "Service $Name did not start; it is $((Get-KtServiceNow -Name $Name).State)." -Target $Name -Cause $refused)
}

function Undo-KtServiceState {
    [CmdletBinding()]
    param([string]$Name, [object]$Before)
    $service = Get-KtService -Name $Name
    if (-not $service.Exists) { throw (New-KtError -Id 'KtServiceMissing' -Message "Service $Name is gone." -Target $Name) }
    if ([string]$Before.state -in 'Running', 'StartPending', 'ContinuePending') { Start-KtServiceNow -Name $Name -LimitSeconds 60; return }
    if ([string]$Before.state -in 'Stopped', 'StopPending') { Stop-KtServiceNow -Name $Name -LimitSeconds 120; return }
    if ($service.State -ne [string]$Before.state) {
        throw (New-KtError -Id 'KtNotProven' -Message "Service $Name was $($Before.state) and is $($service.State); put it back by hand." -Target $Name)
    }
}

function Set-KtServiceStartType {
    <# .SYNOPSIS Sets how a service starts. Undone by the old start type. #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)][string]$Name,
        [Parameter(Mandatory = $true)][ValidateSet('Automatic', 'AutomaticDelayedStart', 'Manual', 'Disabled')][string]$StartType
    )
    $service = Get-KtService -Name $Name
    if (-not $service.Exists) { throw (New-KtError -Id 'KtServiceMissing' -Message "There is no service $Name." -Target $Name) }
    if ($service.StartType -eq $StartType) { return }
    Write-KtBefore -Change 'service-start' -Target $service.Name -Before ([ordered]@{ startType = $service.StartType })
    Set-KtServiceStartNow -Name $service.Name -StartType $StartType
}

function Set-KtServiceStartNow {
    [CmdletBinding()]
    param([string]$Name, [string]$StartType)
    # sc.exe is the one that knows delayed start under 5.1; only its exit code is read
    $mode = @{ Automatic = 'auto'; AutomaticDelayedStart = 'delayed-auto'; Manual = 'demand'; Disabled = 'disabled'; Boot = 'boot'; System = 'system' }[$StartType]
    $ran = Start-KtProcess -File "$env:windir\System32\sc.exe" -CommandLine "config $(ConvertTo-KtArgument -Text $Name) start= $mode" -LimitMs 60000 -MayEnd
    if ($ran.ExitCode -ne 0) {
        throw (New-KtError -Id 'KtServiceRefused' -Message "sc.exe config $Name start= $mode ended with $($ran.Hex)." -Target $Name)
    }
    $now = (Get-KtService -Name $Name).StartType
    if ($now -ne $StartType) {
        throw (New-KtError -Id 'KtNotProven' -Message "Service $Name should start $StartType, but reads $now." -Target $Name)
    }
}

function Undo-KtServiceStart {
    [CmdletBinding()]
    param([string]$Name, [object]$Before)
    if ((Get-KtService -Name $Name).StartType -ne [string]$Before.startType) { Set-KtServiceStartNow -Name $Name -StartType ([string]$Before.startType) }
}

function Save-KtServiceState {
    <# .SYNOPSIS Records start type and state of services that a native program is about to change. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string[]]$Name)
    foreach ($service in @(Get-KtService -Name $Name)) {
        if (-not $service.Exists) { continue }
        Write-KtBefore -Change 'service-state' -Target $service.Name -Before ([ordered]@{ state = $service.State }) -Weakens 'services'
        Write-KtBefore -Change 'service-start' -Target $service.Name -Before ([ordered]@{ startType = $service.StartType })
    }
}
