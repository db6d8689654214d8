<#
.SYNOPSIS
Runs the troubleshooter without questions; its report goes into the folder of the kit.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

Save-KtServiceState -Name 'UsoSvc', 'wuauserv', 'bits', 'cryptsvc'
$text = 'Get-TroubleshootingPack -Path "$env:windir\diagnostics\system\WindowsUpdate" | Invoke-TroubleshootingPack -Unattended -Result "$env:ProgramData\Kintsugi\troubleshooter"'
$run = Invoke-KtProgram -File "$env:windir\System32\WindowsPowerShell\v1.0\powershell.exe" -Arguments '-NoProfile', '-NonInteractive', '-Command', $text -Recorded -LimitSeconds 1000
if ($run.ExitCode -ne 0) { throw "the troubleshooter ended with $($run.Hex)" }
# the pack stops this one and leaves its start to its triggers
Start-KtService -Name 'UsoSvc'

@{ changed = $true; facts = @{ report = "$env:ProgramData\Kintsugi\troubleshooter\ResultReport.xml" }; rebootRequired = $false }
