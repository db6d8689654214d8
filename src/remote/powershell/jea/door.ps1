<#
.SYNOPSIS
The visible commands of the module, for endpoints without language: what it holds, the first look at the host, and the host kit's door.
.NOTES
A client sends names, hashes and typed values, never script text: a script is chosen by its hash among those that this module holds. Whoever may
connect is not trusted beyond that: all that could become part of a path or of a command line is checked here. The file is put behind the kit and
the scripts, behind plain-values.ps1, and behind limits.ps1, which says what may be named.
#>

# A restricted session loads no module by itself. With this, a command called from inside has its module loaded; a client's call still has not.
$global:PSModuleAutoLoadingPreference = 'All'

# A restricted session puts proxies with few parameters before these commands, also for what runs inside the module.
foreach ($name in 'Get-Command', 'Get-Help', 'Out-Default') { Set-Alias -Name $name -Value "Microsoft.PowerShell.Core\$name" -Scope Script }
foreach ($name in 'Select-Object', 'Measure-Object', 'Get-FormatData') { Set-Alias -Name $name -Value "Microsoft.PowerShell.Utility\$name" -Scope Script }

function Get-KtHeldText {
    <#
    .SYNOPSIS
    The text of the kit, of a script or of what an action declares. Kit and scripts stand in functions, between the line breaks at the ends.
    .PARAMETER Name
    kit, action/kind or action/declared
    #>
    [CmdletBinding()]
    param([string]$Name)
    if ($Name.EndsWith('/declared', [StringComparison]::Ordinal)) { return $KtDeclared[$Name.Substring(0, $Name.Length - 9)] }
    $function = if ($Name -eq 'kit') { 'KtKit' } else { 'KtScript.' + $Name.Replace('/', '.') }
    $text = (Get-Command -Name $function -CommandType Function).ScriptBlock.ToString()
    $text.Substring(1, $text.Length - 2)
}

function Get-KtModule {
    <#
    .SYNOPSIS
    What this module holds, as one JSON text: kit (hash), scripts (name and hash, also of what each action declares), content (one
    hash over all of it), guard (hash of the door and its limits, as the export wrote it) and settled (by action, one
    JSON text of the values that the playbooks of the export give its parameters; without those that a playbook leaves to the launch).
    .NOTES
    The hashes are of the texts as they stand here, so an edited module tells other ones.
    #>
    [CmdletBinding()]
    param()
    Set-StrictMode -Version 3
    $ErrorActionPreference = 'Stop'
    $kit = Get-KtSha256 -Text (Get-KtHeldText -Name 'kit')
    $scripts = [ordered]@{}
    $lines = "kit $kit`n"
    foreach ($name in $KtHeldNames) {
        $scripts[$name] = Get-KtSha256 -Text (Get-KtHeldText -Name $name)
        $lines += "$name $($scripts[$name])`n"
    }
    $settled = [ordered]@{}
    foreach ($action in ($KtSettled.Keys | Sort-Object)) { $settled[$action] = $KtSettled[$action] }
    ConvertTo-KtJson -Value ([ordered]@{ format = 1; kit = $kit; scripts = $scripts; content = (Get-KtSha256 -Text $lines); guard = $KtGuard; settled = $settled })
}

function Open-KtSession {
    <#
    .SYNOPSIS
    Begins the work of a run in this session, with the module's own kit.
    .PARAMETER Run
    A whole run id: the first part of one would stand for the tasks and files of all runs that begin with it.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)][ValidatePattern('(?-i)^(probe|[0-9]{8}-[0-9]{4}-[a-z0-9]{6})\z')][string]$Run,
        [Parameter(Mandatory = $true)][ValidatePattern('(?-i)^[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}\z')][string]$HostName,
        [ValidatePattern('(?-i)^[A-Fa-f0-9-]{0,36}\z')][string]$SessionId = ''
    )
    $ErrorActionPreference = 'Stop'
    $kit = Get-KtHeldText -Name 'kit'
    Initialize-KtState -Run $Run -HostName $HostName -KitText $kit -KitSha256 (Get-KtSha256 -Text $kit) -SessionId $SessionId
}

function Select-KtHeldScript {
    <# .SYNOPSIS What a door is given to run a script, with the text that this module holds under the hash, for an action that may be used like this. #>
    [CmdletBinding()]
    param([hashtable]$Given)
    $kind = $Given.Kind
    $fault = "This endpoint's module holds no $kind script with the SHA-256 '$($Given.Sha256)'."
    foreach ($script in $KtScriptNames) {
        # two actions may hold the same text and declare different things
        $action = $script.Substring(0, $script.LastIndexOf('/'))
        if ($script -cne "$action/$kind") { continue }
        $text = Get-KtHeldText -Name $script
        if ((Get-KtSha256 -Text $text) -cne $Given.Sha256) { continue }
        $fault = Get-KtUseFault -Action $action -Given $Given
        if ($fault) { continue }
        $Given.Text = $text
        $Given.Parameters = Select-KtParameter -Declaration (Get-KtDeclaration -Action $action) -Parameters $Given.Parameters
        return $Given
    }
    throw (New-KtRefusal -Message $fault -Target $Given.Sha256)
}

function Get-KtUseFault {
    <# .SYNOPSIS Why a script of an action may not be run like this, or ''. #>
    [CmdletBinding()]
    param([string]$Action, [hashtable]$Given)
    $declaration = Get-KtDeclaration -Action $Action
    $lane = [string](Get-KtField -From $declaration.lanes -Name $Given.Kind)
    if ($Given.Lane -cne $lane) { return "Action $Action runs $($Given.Kind) in the lane $lane, not in $($Given.Lane)." }
    if ($Given.LongestMs -gt $declaration.longestMs) { return "Action $Action may take $($declaration.longestMs) ms, not $($Given.LongestMs)." }
    if ($Given.ContainsKey('Interruptible') -and $Given.Interruptible -and -not $declaration.interruptible) { return "Action $Action may not be interrupted." }
    Get-KtParameterFault -Action $Action -Declaration $declaration -Parameters $Given.Parameters
}

function Invoke-KtModuleDoor {
    <# .SYNOPSIS The kit's door as a client of this endpoint may use it. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name, [Collections.IDictionary]$With = @{}, [ValidatePattern('^[0-9]{0,19}\z')][string]$UtcTicks = '', [long]$RoundTripMs = 0)
    Set-StrictMode -Version 3
    $ErrorActionPreference = 'Stop'
    try {
        if ($null -eq (Get-Variable -Name KtState -Scope Global -ErrorAction SilentlyContinue)) { throw (New-KtError -Id 'KtNotOpen' -Message 'Open-KtSession comes first.') }
        $given = Select-KtGiven -Door $Name -With $With
        if ($given.ContainsKey('Sha256')) { $given = Select-KtHeldScript -Given $given }
    }
    catch { return ConvertTo-KtJson -Value ([ordered]@{ ok = $false; fault = Get-KtFault -ErrorRecord $_ -Script $Name }) }
    Invoke-KtDoor -Name $Name -With $given -UtcTicks $UtcTicks -RoundTripMs $RoundTripMs
}

Export-ModuleMember -Function Get-KtModule, Get-KtProbe, Open-KtSession, Invoke-KtModuleDoor -Alias @() -Variable @()
