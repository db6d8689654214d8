<#
.SYNOPSIS
Setting folders and files aside under our suffix, and putting them back: nothing is deleted.
#>

function Get-KtAsideName {
    <# .SYNOPSIS A free name beside the path: <name>.kintsugi-<run>, then .2, .3 and so on. #>
    [CmdletBinding()]
    param([string]$Path, [string]$Mark = 'kintsugi')
    $wanted = "$Path.$Mark-$($global:KtState.Run)"
    $free = $wanted
    for ($number = 2; (Test-Path -LiteralPath $free); $number++) { $free = "$wanted.$number" }
    $free
}

function Move-KtItemNow {
    <# .SYNOPSIS Renames with retries: services that start by themselves are stopped again before each attempt. No record. #>
    [CmdletBinding()]
    param([string]$From, [string]$To, [scriptblock]$Prepare, [int]$Attempts)
    $cause = $null
    for ($attempt = 1; $attempt -le $Attempts; $attempt++) {
        try {
            & $Prepare
            if ([IO.Directory]::Exists($From)) { [IO.Directory]::Move($From, $To) } else { [IO.File]::Move($From, $To) }
            return
        }
        catch {
            if ($_.FullyQualifiedErrorId -eq 'KtStaleClaim') { throw }
            $cause = $_.Exception
        }
        if ($attempt -lt $Attempts) { Start-Sleep -Milliseconds (1000 * $attempt) }
    }
    $why = (Get-KtRootCause -Exception $cause).Message
    throw (New-KtError -Id 'KtRenameRefused' -Message "Could not rename $From to $To after $Attempts attempts: $why" -Target $From -Cause $cause)
}

function Rename-KtFolder {
    <#
    .SYNOPSIS
    Renames a folder; -Aside gives it our suffix. Undone by setting aside what Windows made anew and bringing the old one back.
    .PARAMETER KeepStopped
    Services that use the folder; they are stopped again before each attempt.
    .OUTPUTS
    The new path; nothing where there is no such folder.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)][string]$Path,
        [Parameter(Mandatory = $true, ParameterSetName = 'Aside')][switch]$Aside,
        [Parameter(Mandatory = $true, ParameterSetName = 'NewName')][string]$NewName,
        [string[]]$KeepStopped = @(),
        [int]$Attempts = 6
    )
    if (-not [IO.Directory]::Exists($Path)) { return }
    Rename-KtItem -Path $Path -NewName $NewName -KeepStopped $KeepStopped -Attempts $Attempts
}

function Rename-KtFile {
    <# .SYNOPSIS Renames a file; otherwise as Rename-KtFolder. #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)][string]$Path,
        [Parameter(Mandatory = $true, ParameterSetName = 'Aside')][switch]$Aside,
        [Parameter(Mandatory = $true, ParameterSetName = 'NewName')][string]$NewName,
        [string[]]$KeepStopped = @(),
        [int]$Attempts = 6
    )
    if (-not [IO.File]::Exists($Path)) { return }
    Rename-KtItem -Path $Path -NewName $NewName -KeepStopped $KeepStopped -Attempts $Attempts
}

function Rename-KtItem {
    [CmdletBinding()]
    param([string]$Path, [AllowEmptyString()][string]$NewName, [AllowEmptyCollection()][string[]]$KeepStopped, [int]$Attempts)
    $from = $Path.TrimEnd('\')
    if (Test-KtLink -Path $from) { throw (New-KtError -Id 'KtRenameRefused' -Message "$from is a link; it is not renamed." -Target $from) }
    $to = if ($NewName) { [IO.Path]::Combine([IO.Path]::GetDirectoryName($from), $NewName) } else { Get-KtAsideName -Path $from }
    if (Test-Path -LiteralPath $to) { throw (New-KtError -Id 'KtRenameRefused' -Message "$to is already there; $from is not renamed over it." -Target $from) }
    if ($KeepStopped.Count -gt 0) { Stop-KtService -Name $KeepStopped }
    Write-KtBefore -Change 'rename' -Target $from -Before ([ordered]@{ from = $from; to = $to; aside = -not $NewName; keepStopped = @($KeepStopped) })
    Move-KtItemNow -From $from -To $to -Attempts $Attempts -Prepare { if ($KeepStopped.Count -gt 0) { Stop-KtService -Name $KeepStopped } }
    if ((Test-Path -LiteralPath $to) -eq $false) { throw (New-KtError -Id 'KtNotProven' -Message "$from was renamed, but $to is not there." -Target $from) }
    $to
}

function Undo-KtRename {
    <#
    .NOTES
    Services that run when this begins run again when it ends; that they are as before is the matter of their own records.
    The names differ from the parameters of Move-KtItemNow, whose scope the blocks run in.
    #>
    [CmdletBinding()]
    param([object]$Before)
    $original = [string]$Before.from
    $setAside = [string]$Before.to
    if (-not (Test-Path -LiteralPath $setAside)) {
        if (Test-Path -LiteralPath $original) { return }
        throw (New-KtError -Id 'KtNotProven' -Message "Neither $original nor $setAside is there." -Target $original)
    }
    $services = @($Before.keepStopped)
    $running = New-Object -TypeName Collections.ArrayList
    if ($services.Count -gt 0) {
        foreach ($service in @(Get-KtService -Name $services)) { if ($service.State -in 'Running', 'StartPending') { [void]$running.Add($service.Name) } }
    }
    $stop = {
        foreach ($service in $services) { if ((Get-KtService -Name $service).Exists) { Stop-KtServiceNow -Name $service -LimitSeconds 120 } }
    }
    try {
        # asked again in each round: Windows makes the folder anew whenever one of the services comes back
        Move-KtItemNow -From $setAside -To $original -Attempts 6 -Prepare {
            & $stop
            if (Test-Path -LiteralPath $original) {
                Move-KtItemNow -From $original -To (Get-KtAsideName -Path $original -Mark 'kintsugi-rejected') -Attempts 3 -Prepare $stop
            }
        }
    }
    finally { foreach ($service in $running) { Start-KtServiceNow -Name $service -LimitSeconds 60 } }
    if (-not (Test-Path -LiteralPath $original)) { throw (New-KtError -Id 'KtNotProven' -Message "$setAside was renamed back, but $original is not there." -Target $original) }
}
