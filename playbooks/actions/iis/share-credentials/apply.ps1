<#
.SYNOPSIS
Sets account and password of the virtual directory.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string] $Application,
    [string] $UserName,
    [securestring] $Password
)

$directory = @(Get-KtWebDirectory -Application @($Application)) | Select-Object -First 1
Set-KtWebSetting -Filter $directory.Filter -Name 'userName' -Value $UserName
Set-KtWebSetting -Filter $directory.Filter -Name 'password' -Value $Password

@{
    changed        = $true
    facts          = @{ name = $directory.Name; user = $UserName }
    rebootRequired = $false
}
