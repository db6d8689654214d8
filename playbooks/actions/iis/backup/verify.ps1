<#
.SYNOPSIS
Tells whether IIS itself lists a backup of this name whose configuration can be read. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Name
)

$listed = @(Get-WebConfigurationBackup | Where-Object { $_.Name -like "$Name-*" } | ForEach-Object { $_.Name } | Sort-Object)
$newest = ''
if ($listed.Count -gt 0) { $newest = $listed[-1] }
$reason = ''
if (-not $newest) { $reason = "IIS lists no backup whose name begins with $Name" }
elseif ($null -eq (Get-KtWebXml -Path "$env:windir\System32\inetsrv\backup\$newest\applicationHost.config")) { $reason = "the configuration in the backup $newest cannot be read" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ backup = $newest }
}
