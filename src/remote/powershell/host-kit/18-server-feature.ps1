<#
.SYNOPSIS
Roles and features of a server.
#>

function Get-KtInstalledFeature {
    [CmdletBinding()]
    param()
    @(Get-WindowsFeature | Where-Object { [string]$_.InstallState -eq 'Installed' } | ForEach-Object { [string]$_.Name })
}

function Add-KtServerFeature {
    <#
    .SYNOPSIS
    Installs a role service or feature of a server, with what it needs. Undone by removing what was not installed before.
    .PARAMETER Source
    A folder with the files, where Windows has them no more.
    .OUTPUTS
    RestartNeeded
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name, [string]$Source = '')
    $installed = @(Get-KtInstalledFeature)
    if ($installed -contains $Name) { return [pscustomobject]@{ RestartNeeded = $false } }
    Write-KtBefore -Change 'server-feature' -Target $Name -Before ([ordered]@{ installed = $installed })
    if ($Source) { $result = Install-WindowsFeature -Name $Name -Source $Source -ErrorAction Stop } else { $result = Install-WindowsFeature -Name $Name -ErrorAction Stop }
    if (@(Get-KtInstalledFeature) -notcontains $Name) {
        throw (New-KtError -Id 'KtNotProven' -Message "The feature $Name is not installed." -Target $Name)
    }
    [pscustomobject]@{ RestartNeeded = [string]$result.RestartNeeded -ne 'No' }
}

function Undo-KtServerFeature {
    [CmdletBinding()]
    param([object]$Before)
    $old = @($Before.installed)
    $added = @(Get-KtInstalledFeature | Where-Object { $old -notcontains $_ })
    if ($added.Count -eq 0) { return }
    Uninstall-WindowsFeature -Name $added -ErrorAction Stop | Out-Null
    $left = @(Get-KtInstalledFeature | Where-Object { $old -notcontains $_ })
    if ($left.Count -gt 0) { throw (New-KtError -Id 'KtNotProven' -Message "Still installed: $($left -join ', ')." -Target ($left -join ', ')) }
}
