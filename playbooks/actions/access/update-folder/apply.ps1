<#
.SYNOPSIS
Sets owner and access rules of the update folder.
.DESCRIPTION
The kit keeps the old SDDL, audit rules included, so this action needs no undo script.
Runs as SYSTEM, which owns the folder and so may set its rules even where no rule lets it. Ownership is never taken.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string] $Sddl
)

$folder = "$env:windir\SoftwareDistribution"
Set-KtAcl -Path $folder -Sddl $Sddl

@{
    changed        = $true
    facts          = @{ folder = $folder; sddl = $Sddl }
    rebootRequired = $false
}
