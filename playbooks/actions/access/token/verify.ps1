<#
.SYNOPSIS
Tells whether the session has the rights and the language that repairs need. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
$groups = @($identity.Groups | ForEach-Object { "$_" })
$elevated = [bool](Test-KtElevated)
$high = @($groups | Where-Object { $_ -in 'S-1-16-12288', 'S-1-16-16384' }).Count -gt 0
$administrator = 'S-1-5-32-544' -in $groups
$uac = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System'
$remoteFull = "$((Get-KtRegistryValue -Path $uac -Name 'LocalAccountTokenFilterPolicy').Value)" -eq '1'
$policy = Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell' -Name 'ExecutionPolicy'

$faults = @()
if (-not $administrator) { $faults += 'the account is no administrator of this host; use one that is' }
elseif (-not $elevated -or -not $high) { $faults += 'the token is filtered (UAC): use a domain account that is an administrator, the built-in administrator, or an endpoint with a virtual account (JEA)' }
if ("$($policy.Value)" -in 'AllSigned', 'Restricted') { $faults += "Group Policy sets the execution policy $($policy.Value), which refuses script files that are not signed; its owner has to allow RemoteSigned, or what runs has to be signed" }

@{
    ok     = $faults.Count -eq 0
    reason = $faults -join '; '
    facts  = @{
        account         = "$($identity.User)"
        administrator   = $administrator
        elevated        = $elevated
        highIntegrity   = $high
        remoteFullToken = $remoteFull
        executionPolicy = "$($policy.Value)"
    }
}
