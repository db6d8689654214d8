<#
.SYNOPSIS
Starts the print spooler; a disabled one starts with Windows again.
.DESCRIPTION
Changes go through functions of the host kit (Set-Kt..., Start-Kt...): each writes what was there before, and that is what an undo puts back.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

$before = Get-KtService -Name 'Spooler'
if ($before.StartType -eq 'Disabled') { Set-KtServiceStartType -Name 'Spooler' -StartType Automatic }
if ($before.State -ne 'Running') { Start-KtService -Name 'Spooler' }
@{
    changed        = $before.StartType -eq 'Disabled' -or $before.State -ne 'Running'
    facts          = @{ stateBefore = $before.State; startTypeBefore = $before.StartType }
    rebootRequired = $false
}
