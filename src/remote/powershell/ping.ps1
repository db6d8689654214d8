<#
.SYNOPSIS
What a ping of a host tells: how far PowerShell is restricted there, the host's own name, and its time.
.NOTES
Runs under Constrained Language Mode too. Reads only.
#>
[CmdletBinding()]
param()
@{
    languageMode = [string]$ExecutionContext.SessionState.LanguageMode
    version = [string]$PSVersionTable.PSVersion
    computerName = [string]$env:COMPUTERNAME
    utcTicks = [string](Get-Date).ToUniversalTime().Ticks
}
