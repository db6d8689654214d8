<#
.SYNOPSIS
Asks an application of the pool, which starts a process under the account: 503 where that is refused. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Pool,
    [string] $UserName,
    [securestring] $Password
)

$model = Get-KtWebElement -Filter "/system.applicationHost/applicationPools/add[@name='$Pool']/processModel"
$user = ''
if ($null -ne $model) { $user = $model.GetAttribute('userName') }
$directory = @(Get-KtWebDirectory | Where-Object { $_.Pool -eq $Pool }) | Select-Object -First 1
$status = 0
if ($null -ne $directory) { $status = (Get-KtWebAnswer -Directory $directory).Status }
$reason = ''
if ($user -ne $UserName) { $reason = "the account of $Pool is '$user'" }
elseif ($status -eq 503) { $reason = "the pool $Pool stops again: account or password is refused, or the account lacks the right to log on as a batch job" }
elseif ($null -eq $Password) { $reason = 'no password was given' }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ user = $user; status = $status }
}
