<#
.SYNOPSIS
Tells whether the troubleshooter has left its report. Read-only.
.DESCRIPTION
Whether it helped is what the goal of the playbook asks.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$report = Get-Item -LiteralPath "$env:ProgramData\Kintsugi\troubleshooter\ResultReport.xml" -ErrorAction SilentlyContinue
$ok = $null -ne $report -and $report.Length -gt 0 -and $report.LastWriteTimeUtc -gt [datetime]::UtcNow.AddDays(-1)

@{
    ok     = $ok
    reason = if ($ok) { '' } else { 'the troubleshooter has left no report' }
    facts  = @{ bytes = if ($null -ne $report) { [long]$report.Length } else { 0 } }
}
