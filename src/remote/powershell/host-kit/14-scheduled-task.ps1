<#
.SYNOPSIS
Scheduled tasks of Windows and of others: state and definition. A path is \folder\name.
#>

function Split-KtTaskPath {
    [CmdletBinding()]
    param([string]$Path)
    $cut = $Path.LastIndexOf('\')
    @{ TaskPath = $Path.Substring(0, $cut + 1); TaskName = $Path.Substring($cut + 1) }
}

function Find-KtScheduledTask {
    [CmdletBinding()]
    param([string]$Path)
    $name = Split-KtTaskPath -Path $Path
    Get-ScheduledTask -TaskName $name.TaskName -TaskPath $name.TaskPath -ErrorAction SilentlyContinue
}

function Get-KtTaskEnabled {
    <# .SYNOPSIS Enabled, Disabled or Absent. #>
    [CmdletBinding()]
    param([string]$Path)
    $task = Find-KtScheduledTask -Path $Path
    if ($null -eq $task) { return 'Absent' }
    if ([string]$task.State -eq 'Disabled') { 'Disabled' } else { 'Enabled' }
}

function Set-KtTaskEnabledNow {
    [CmdletBinding()]
    param([string]$Path, [string]$State)
    if ((Get-KtTaskEnabled -Path $Path) -eq $State) { return }
    $name = Split-KtTaskPath -Path $Path
    if ($State -eq 'Enabled') { Enable-ScheduledTask -TaskName $name.TaskName -TaskPath $name.TaskPath | Out-Null }
    else { Disable-ScheduledTask -TaskName $name.TaskName -TaskPath $name.TaskPath | Out-Null }
    $now = Get-KtTaskEnabled -Path $Path
    if ($now -ne $State) { throw (New-KtError -Id 'KtNotProven' -Message "Scheduled task $Path should be $State, but is $now." -Target $Path) }
}

function Set-KtTaskEnabled {
    [CmdletBinding()]
    param([string]$Path, [string]$State)
    $old = Get-KtTaskEnabled -Path $Path
    if ($old -eq 'Absent') { throw (New-KtError -Id 'KtNotProven' -Message "There is no scheduled task $Path." -Target $Path) }
    if ($old -eq $State) { return }
    Write-KtBefore -Change 'task-state' -Target $Path -Before ([ordered]@{ state = $old })
    Set-KtTaskEnabledNow -Path $Path -State $State
}

function Enable-KtScheduledTask {
    <# .SYNOPSIS Enables a scheduled task. Undone by the old state. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    Set-KtTaskEnabled -Path $Path -State 'Enabled'
}

function Disable-KtScheduledTask {
    <# .SYNOPSIS Disables a scheduled task. Undone by the old state. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    Set-KtTaskEnabled -Path $Path -State 'Disabled'
}

function Undo-KtScheduledTaskState {
    [CmdletBinding()]
    param([string]$Path, [object]$Before)
    Set-KtTaskEnabledNow -Path $Path -State ([string]$Before.state)
}

function Get-KtTaskXml {
    <# .SYNOPSIS A task's definition, or '' where there is none. #>
    [CmdletBinding()]
    param([string]$Path)
    if ($null -eq (Find-KtScheduledTask -Path $Path)) { return '' }
    $name = Split-KtTaskPath -Path $Path
    [string](Export-ScheduledTask -TaskName $name.TaskName -TaskPath $name.TaskPath)
}

function Register-KtScheduledTask {
    <# .SYNOPSIS Registers a task from its XML. Undone by the old definition, or by unregistering it. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path, [Parameter(Mandatory = $true)][string]$Xml)
    $old = Get-KtTaskXml -Path $Path
    if ($old -eq $Xml) { return }
    Write-KtBefore -Change 'task' -Target $Path -Before ([ordered]@{ xml = $old })
    $name = Split-KtTaskPath -Path $Path
    Register-ScheduledTask -TaskName $name.TaskName -TaskPath $name.TaskPath -Xml $Xml -Force | Out-Null
}

function Undo-KtScheduledTask {
    [CmdletBinding()]
    param([string]$Path, [object]$Before)
    $old = [string]$Before.xml
    $now = Get-KtTaskXml -Path $Path
    if ($now -eq $old) { return }
    $name = Split-KtTaskPath -Path $Path
    if ($old) { Register-ScheduledTask -TaskName $name.TaskName -TaskPath $name.TaskPath -Xml $old -Force | Out-Null }
    else { Unregister-ScheduledTask -TaskName $name.TaskName -TaskPath $name.TaskPath -Confirm:$false }
    if ((Get-KtTaskXml -Path $Path) -ne $old) { throw (New-KtError -Id 'KtNotProven' -Message "Scheduled task $Path has not its old definition." -Target $Path) }
}
