<#
.SYNOPSIS
Removing a registry key with all that is in it, as a change that can be put back.
#>

function Get-KtRegistryTree {
    <#
    .SYNOPSIS
    A registry key and the keys below it, from the top: path, and its values as names and texts.
    .OUTPUTS
    path, values (name, text)
    #>
    [CmdletBinding()]
    param([string]$Path)
    $key = Get-Item -LiteralPath $Path
    $values = New-Object -TypeName Collections.ArrayList
    foreach ($name in @($key.GetValueNames())) { [void]$values.Add([ordered]@{ name = [string]$name; text = Get-KtRegistryText -Path $Path -Name $name }) }
    [ordered]@{ path = $Path; values = $values.ToArray() }
    foreach ($name in @($key.GetSubKeyNames())) { Get-KtRegistryTree -Path "$Path\$name" }
}

function Remove-KtRegistryKey {
    <#
    .SYNOPSIS
    Removes a registry key with its values and the keys below it. Undone by making them again, with the types of the values and the rights of
    the key; those below it take theirs from it. A key that is missing is left alone.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    if (-not (Test-Path -LiteralPath $Path)) { return }
    $before = [ordered]@{ sddl = Get-KtSddl -Path $Path -Audit; keys = @(Get-KtRegistryTree -Path $Path) }
    Write-KtBefore -Change 'registry-tree' -Target $Path -Before $before
    Remove-Item -LiteralPath $Path -Recurse -Force
    if (Test-Path -LiteralPath $Path) { throw (New-KtError -Id 'KtNotProven' -Message "Registry key $Path was removed, but is still there." -Target $Path) }
}

function Undo-KtRegistryTree {
    <# .SYNOPSIS Makes the keys and values again that are not there any more. Repeatable: what is there already is left as it is. #>
    [CmdletBinding()]
    param([string]$Path, [object]$Before)
    foreach ($key in @($Before.keys)) {
        if (-not (Test-Path -LiteralPath ([string]$key.path))) { New-Item -Path ([string]$key.path) | Out-Null }
        foreach ($value in @($key.values)) { Set-KtRegistryNow -Path ([string]$key.path) -Name ([string]$value.name) -Text ([string]$value.text) }
    }
    Undo-KtAcl -Path $Path -Before $Before
}
