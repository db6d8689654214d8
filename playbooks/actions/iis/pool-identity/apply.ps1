<#
.SYNOPSIS
Sets account and password, and starts the pool.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string] $Pool,
    [string] $UserName,
    [securestring] $Password
)

$filter = "/system.applicationHost/applicationPools/add[@name='$Pool']/processModel"
Set-KtWebSetting -Filter $filter -Name 'userName' -Value $UserName
Set-KtWebSetting -Filter $filter -Name 'password' -Value $Password
Set-KtWebSetting -Filter $filter -Name 'identityType' -Value 'SpecificUser'
Start-KtAppPool -Name $Pool

@{
    changed        = $true
    facts          = @{ user = $UserName }
    rebootRequired = $false
}
