<#
.SYNOPSIS
The visible commands of the module, for endpoints without language: what it holds, the first look at the host, and the host kit's door.
.NOTES
A client sends names, hashes and typed values, never script text: a script is chosen by its hash among those that this module holds. Whoever may
connect is not trusted beyond that: all that could become part of a path or of a command line is checked here. The file is put behind the kit and
the scripts; $KtScriptNames and $KtParameterNames are written by the export.
#>

# A restricted session loads no module by itself. With this, a command called from inside has its module loaded; a client's call still has not.
$global:PSModuleAutoLoadingPreference = 'All'

# A restricted session puts proxies with few parameters before these commands, also for what runs inside the module.
foreach ($name in 'Get-Command', 'Get-Help', 'Out-Default') { Set-Alias -Name $name -Value "Microsoft.PowerShell.Core\$name" -Scope Script }
foreach ($name in 'Select-Object', 'Measure-Object', 'Get-FormatData') { Set-Alias -Name $name -Value "Microsoft.PowerShell.Utility\$name" -Scope Script }

function Get-KtHeldText {
    <# .SYNOPSIS The text of the kit or of a script: what stands in the function of this name, without the line breaks at its ends. #>
    [CmdletBinding()]
    param([string]$Name)
    $text = (Get-Command -Name $Name -CommandType Function).ScriptBlock.ToString()
    $text.Substring(1, $text.Length - 2)
}

function Get-KtHeldName {
    <# .SYNOPSIS The function that holds a script: action/kind with dots. #>
    [CmdletBinding()]
    param([string]$Script)
    'KtScript.' + $Script.Replace('/', '.')
}

function Get-KtModule {
    <#
    .SYNOPSIS
    What this module holds, as one JSON text: kit (hash), scripts (name and hash) and content (one hash over all of it).
    .NOTES
    The hashes are of the texts as they stand here, so an edited module tells other ones.
    #>
    [CmdletBinding()]
    param()
    Set-StrictMode -Version 3
    $ErrorActionPreference = 'Stop'
    $kit = Get-KtSha256 -Text (Get-KtHeldText -Name 'KtKit')
    $scripts = [ordered]@{}
    $lines = "kit $kit`n"
    foreach ($script in $KtScriptNames) {
        $scripts[$script] = Get-KtSha256 -Text (Get-KtHeldText -Name (Get-KtHeldName -Script $script))
        $lines += "$script $($scripts[$script])`n"
    }
    ConvertTo-KtJson -Value ([ordered]@{ format = 1; kit = $kit; scripts = $scripts; content = (Get-KtSha256 -Text $lines) })
}

function Open-KtSession {
    <# .SYNOPSIS Begins the work of a run in this session, with the module's own kit. #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)][ValidatePattern('^[A-Za-z0-9][A-Za-z0-9-]{0,63}\z')][string]$Run,
        [Parameter(Mandatory = $true)][ValidatePattern('^[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}\z')][string]$HostName,
        [ValidatePattern('^[A-Fa-f0-9-]{0,36}\z')][string]$SessionId = ''
    )
    $ErrorActionPreference = 'Stop'
    $kit = Get-KtHeldText -Name 'KtKit'
    Initialize-KtState -Run $Run -HostName $HostName -KitText $kit -KitSha256 (Get-KtSha256 -Text $kit) -SessionId $SessionId
}

function Select-KtHeldScript {
    <# .SYNOPSIS What a door is given to run a script, with the text that this module holds under the hash; any other text is left out. #>
    [CmdletBinding()]
    param([Collections.IDictionary]$With)
    $given = @{}
    foreach ($field in 'Step', 'Kind', 'Sha256', 'Parameters', 'Lane', 'LongestMs', 'Token', 'JournalHead', 'Attempt', 'Interruptible') {
        if ($With.Contains($field)) { $given[$field] = $With[$field] }
    }
    $sha256 = [string](Get-KtField -From $given -Name 'Sha256')
    $kind = [string](Get-KtField -From $given -Name 'Kind')
    foreach ($script in $KtScriptNames) {
        if (-not $script.EndsWith("/$kind", [StringComparison]::Ordinal)) { continue }
        $text = Get-KtHeldText -Name (Get-KtHeldName -Script $script)
        if ((Get-KtSha256 -Text $text) -ne $sha256) { continue }
        Assert-KtParameter -Action $script.Substring(0, $script.Length - $kind.Length - 1) -Parameters (Get-KtField -From $given -Name 'Parameters' -Default @{})
        $given.Text = $text
        return $given
    }
    throw (New-KtError -Id 'KtNotInModule' -Message "This endpoint's module holds no $kind script with the SHA-256 '$sha256'." -Target $sha256)
}

function Assert-KtParameter {
    <# .SYNOPSIS Only parameters that the action declares: those that every script takes (OutVariable and the like) could write variables in here. #>
    [CmdletBinding()]
    param([string]$Action, [Collections.IDictionary]$Parameters)
    foreach ($name in @($Parameters.Keys)) {
        if ($KtParameterNames[$Action] -notcontains $name) { throw (New-KtError -Id 'KtNotInModule' -Message "Action $Action declares no parameter '$name'." -Target $name) }
    }
}

function Invoke-KtModuleDoor {
    <# .SYNOPSIS The kit's door as a client of this endpoint may use it. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name, [Collections.IDictionary]$With = @{}, [string]$UtcTicks = '', [long]$RoundTripMs = 0)
    Set-StrictMode -Version 3
    $ErrorActionPreference = 'Stop'
    try {
        if ($null -eq (Get-Variable -Name KtState -Scope Global -ErrorAction SilentlyContinue)) { throw (New-KtError -Id 'KtNotOpen' -Message 'Open-KtSession comes first.') }
        if ($Name -in 'read', 'apply') { $With = Select-KtHeldScript -With $With }
    }
    catch { return ConvertTo-KtJson -Value ([ordered]@{ ok = $false; fault = Get-KtFault -ErrorRecord $_ -Script $Name }) }
    Invoke-KtDoor -Name $Name -With $With -UtcTicks $UtcTicks -RoundTripMs $RoundTripMs
}

Export-ModuleMember -Function Get-KtModule, Get-KtProbe, Open-KtSession, Invoke-KtModuleDoor -Alias @() -Variable @()
