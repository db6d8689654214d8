<#
.SYNOPSIS
Removing what tasks of ours may have left behind: at the start of a session those of read-only scripts, at release all of the run.
#>

function Remove-KtLeftover {
    <#
    .SYNOPSIS
    Ends and removes tasks of this run and their folders.
    .PARAMETER ReadOnly
    Only tasks of read-only scripts; their names end with the token 0.
    #>
    [CmdletBinding()]
    param([switch]$ReadOnly)
    $tasks = [IO.Path]::Combine($global:KtState.Root, 'tasks')
    # in a folder that others could have prepared nothing is removed: the claim tells what is wrong with it
    $usable = [IO.Directory]::Exists($tasks) -and -not (Get-KtFolderFault)
    if ($ReadOnly -and -not $usable) { return }
    $names = @{}
    $prefix = "Kintsugi-$($global:KtState.Run)-"
    foreach ($task in @(Get-ScheduledTask -TaskName "$prefix*" -ErrorAction SilentlyContinue)) { $names[[string]$task.TaskName] = $true }
    if ($usable) {
        foreach ($folder in [IO.Directory]::GetDirectories($tasks)) { $names[[IO.Path]::GetFileName($folder)] = $true }
    }
    foreach ($name in @($names.Keys)) {
        if ($name -notmatch '^Kintsugi-[A-Za-z0-9_.-]+$') { continue }
        if (-not $name.StartsWith($prefix, [StringComparison]::OrdinalIgnoreCase)) { continue }
        if ($ReadOnly -and -not $name.EndsWith('-0')) { continue }
        Remove-KtTask -Task $name
    }
}
