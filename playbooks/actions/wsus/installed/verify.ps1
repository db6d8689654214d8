<#
.SYNOPSIS
Tells whether this host is an update server that was set up, and whether Configuration Manager rules it. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$setup = Get-KtWsusSetup
# Configuration Manager declines and cleans up by rules of its own: two that do the same undo each other's work.
$ruled = Test-Path -LiteralPath 'HKLM:\SOFTWARE\Microsoft\SMS\Operations Management\SMS Server Role\SMS Software Update Point'

$reason = ''
if (-not $setup.Exists) { $reason = 'this host is no update server, or its setup (wsusutil postinstall) was never finished' }
elseif ($ruled) { $reason = 'Configuration Manager rules this update server; have it maintained there' }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ installed = $setup.Exists; internalDatabase = $setup.IsInternal; contentFolder = $setup.ContentFolder; configurationManager = $ruled }
}
