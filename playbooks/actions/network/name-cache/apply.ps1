<#
.SYNOPSIS
Empties the cache of the resolver.
.DESCRIPTION
Its inverse is to empty it once more: it holds copies of what name servers say, and that it was wrong is why it is emptied.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

$ipconfig = "$env:windir\System32\ipconfig.exe"
$run = Invoke-KtProgram -File $ipconfig -Arguments '/flushdns' -UndoFile $ipconfig -UndoArguments '/flushdns' -LimitSeconds 60
if ($run.ExitCode -ne 0) { throw "ipconfig /flushdns ended with $($run.Hex)" }

@{ changed = $true; facts = @{}; rebootRequired = $false }
