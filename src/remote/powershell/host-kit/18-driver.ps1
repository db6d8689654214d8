<#
.SYNOPSIS
Driver packages of other makers: removed with a copy kept, put back from it.
#>

function Invoke-KtDriverTool {
    <# .SYNOPSIS pnputil; an exit code other than done, nothing better (259) or a restart that is owed is an error. Gives the exit code. #>
    [CmdletBinding()]
    param([string]$CommandLine, [string]$Target)
    $ran = Start-KtProcess -File ([IO.Path]::Combine($env:windir, 'System32', 'pnputil.exe')) -CommandLine $CommandLine -LimitMs 900000
    if ($ran.ExitCode -notin 0, 259, 1641, 3010) { throw (New-KtError -Id 'KtNotProven' -Message "pnputil $CommandLine ended with $($ran.Hex)." -Target $Target) }
    $ran.ExitCode
}

function Test-KtDriver {
    <# .SYNOPSIS Whether the driver store has a package of this original file, version and date. #>
    [CmdletBinding()]
    param([string]$Original, [string]$Version)
    @(Get-WindowsDriver -Online | Where-Object { [IO.Path]::GetFileName([string]$_.OriginalFileName) -eq $Original -and [string]$_.Version -eq $Version }).Count -gt 0
}

function Remove-KtDriver {
    <#
    .SYNOPSIS
    Takes a driver package of another maker out of the driver store; devices that run on it get the next best. A copy is kept in the run's captures.
    Undone by adding the copy and installing it.
    .PARAMETER Name
    Its published name, oem<number>.inf; one that is not there is left alone.
    .OUTPUTS
    Whether a restart is owed
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][ValidatePattern('^oem[0-9]+\.inf$')][string]$Name)
    $driver = @(Get-WindowsDriver -Online | Where-Object { [string]$_.Driver -eq $Name }) | Select-Object -First 1
    if ($null -eq $driver) { return $false }
    $original = [IO.Path]::GetFileName([string]$driver.OriginalFileName)
    $folder = [IO.Path]::Combine((Get-KtRunFolder), 'captures', $Name)
    [void][IO.Directory]::CreateDirectory($folder)
    [void](Invoke-KtDriverTool -CommandLine "/export-driver $Name $(ConvertTo-KtArgument -Text $folder)" -Target $Name)
    $copies = @([IO.Directory]::GetFiles($folder, $original, [IO.SearchOption]::AllDirectories))
    if ($copies.Count -eq 0) { throw (New-KtError -Id 'KtNotProven' -Message "No copy of driver package $Name was written to $folder; it is not removed." -Target $Name) }
    Write-KtBefore -Change 'driver' -Target $Name -Before ([ordered]@{ original = $original; version = [string]$driver.Version; copy = [string]$copies[0] })
    $code = Invoke-KtDriverTool -CommandLine "/delete-driver $Name /uninstall" -Target $Name
    if (Test-KtDriver -Original $original -Version ([string]$driver.Version)) { throw (New-KtError -Id 'KtNotProven' -Message "Driver package $Name is still in the driver store." -Target $Name) }
    $code -in 1641, 3010
}

function Undo-KtDriver {
    [CmdletBinding()]
    param([string]$Name, [object]$Before)
    # installed again also where it was added already: an undo that was cut may have come no further
    [void](Invoke-KtDriverTool -CommandLine "/add-driver $(ConvertTo-KtArgument -Text ([string]$Before.copy)) /install" -Target $Name)
    if (-not (Test-KtDriver -Original ([string]$Before.original) -Version ([string]$Before.version))) {
        throw (New-KtError -Id 'KtNotProven' -Message "Driver package $Name ($($Before.original) $($Before.version)) is not back in the driver store." -Target $Name)
    }
}
