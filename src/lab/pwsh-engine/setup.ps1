# Kintsugi.Lab's own. Makes a PowerShell process speak for a simulated machine. In: what prepare-session.ts gathered. Out: nothing.
param([byte[]]$Assembly, [string]$Pipe, [string[]]$Known, [string[]]$Environment, [int]$ProcessId, [hashtable]$Versions, [string[]]$Refused, [object[]]$Commands, [hashtable]$Aliases, [hashtable]$Shadows, [string[]]$Converting, [object[]]$AliasProperties, [string[]]$ItemCommands, [string]$Path)
$ErrorActionPreference = 'Stop'
# Named as [Reflection.Assembly], PowerShell would remember it in place of the simulated one.
$own = [object].Assembly.GetType('System.Reflection.Assembly')::Load($Assembly)
# Programs are the machine's: none of this one's may be found.
$env:PATH = $Path
[Kintsugi.Lab.Bridge]::Open($Pipe)
[Kintsugi.Lab.Script]::Prepare($Known, $Environment, $ProcessId)
foreach ($name in $ItemCommands) { [Kintsugi.Lab.Session]::LearnItemCommand((Get-Command -Name $name -CommandType Cmdlet)) }
# What this PowerShell adds to objects of Windows is none of the simulated ones'.
foreach ($data in Get-TypeData) {
    if ($Shadows.ContainsKey($data.TypeName) -or $data.TypeName -match '^(?:Microsoft\.(?:Win32|Management|Windows)|System\.(?:IO|Diagnostics|ServiceProcess|Security|Net|Management\.Management|Management\.Automation\.PSDriveInfo))|[#/]') { Remove-TypeData -TypeData $data }
}
$accelerators = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')
# PowerShell fails on a name that stands among its own ones and among the added ones.
$builtIn = $accelerators.GetField('builtinTypeAccelerators', 'Static,NonPublic').GetValue($null)
foreach ($entry in $Shadows.GetEnumerator()) {
    $null = $builtIn.Remove($entry.Key)
    $null = $accelerators::Remove($entry.Key)
    $accelerators::Add($entry.Key, $own.GetType($entry.Value))
}
foreach ($name in $Converting) { Update-TypeData -TypeName $name -TypeConverter ([Kintsugi.Lab.ShadowConverter]) -Force }
foreach ($each in $AliasProperties) { Update-TypeData -TypeName $each[0] -MemberType AliasProperty -MemberName $each[1] -Value $each[2] -Force }
foreach ($name in 'Platform', 'OS', 'GitCommitId') { $PSVersionTable.Remove($name) }
foreach ($entry in $Versions.GetEnumerator()) {
    if ($entry.Key -eq 'PSEdition') { $PSVersionTable[$entry.Key] = $entry.Value } else { $PSVersionTable[$entry.Key] = [version]$entry.Value }
}
foreach ($name in $Refused) {
    Set-Item -LiteralPath "function:global:$name" -Value ([scriptblock]::Create("<# Kintsugi.Lab's own #> [Kintsugi.Lab.Script]::Unsupported('the command $name')"))
}
# A function of the same name would go first.
foreach ($command in $Commands) { if (Test-Path -LiteralPath "function:$($command[0])") { Remove-Item -LiteralPath "function:$($command[0])" } }
# The real ones would be found under the names of their modules.
Remove-Module -Name Microsoft.PowerShell.Management, Microsoft.PowerShell.Security, Microsoft.PowerShell.Diagnostics, CimCmdlets -ErrorAction Ignore
$env:PSModulePath = ''
$global:PSModuleAutoLoadingPreference = 'None'
foreach ($command in $Commands) { [Kintsugi.Lab.Session]::AddCommand($ExecutionContext, $command[0], $command[1], $command[2], $command[3], $command[4]) }
foreach ($command in $Commands) {
    if ($command[0] -notmatch '-') { Set-Alias -Name $command[0] -Value "Invoke-$($command[0])" -Scope Global -Force -Option AllScope }
}
foreach ($entry in $Aliases.GetEnumerator()) { Set-Alias -Name $entry.Key -Value $entry.Value -Scope Global -Force -Option AllScope -ErrorAction Ignore }
$ExecutionContext.InvokeCommand.CommandNotFoundAction = {
    param($name, $found)
    # The modules of this PowerShell are not the machine's.
    $short = $name.Substring($name.IndexOf('\') + 1)
    if ($short -ne $name -and [Kintsugi.Lab.Session]::Simulates($short)) {
        $found.Command = $ExecutionContext.InvokeCommand.GetCommand($short, 'Cmdlet')
        $found.StopSearch = $true
        return
    }
    $kind = [Kintsugi.Lab.Bridge]::Resolve($name)
    if ($kind -eq '') { return }
    $found.StopSearch = $true
    $quoted = "'" + $name.Replace("'", "''") + "'"
    $text = if ($kind -eq 'program') { "Invoke-KtLabProgram -Name $quoted -Arguments `$args -Held @(`$input) -ErrorAction Continue" } else { "[Kintsugi.Lab.Script]::Unsupported('the command ' + $quoted)" }
    $found.CommandScriptBlock = [scriptblock]::Create("<# Kintsugi.Lab's own #> $text")
}
function global:Invoke-KtLabProgram {
    [CmdletBinding()]
    param([string]$Name, [object[]]$Arguments, [object[]]$Held)
    [Kintsugi.Lab.Bridge]::Program($PSCmdlet, $Name, $Arguments, $Held)
}
# PowerShell's own but for COM classes, and for types that nobody simulates.
function global:New-Object {
    [CmdletBinding(DefaultParameterSetName = 'Net')]
    param(
        [Parameter(ParameterSetName = 'Net', Mandatory, Position = 0)][string]$TypeName,
        [Parameter(ParameterSetName = 'Net', Position = 1)][Alias('Args')][object[]]$ArgumentList,
        [Parameter(ParameterSetName = 'Com', Mandatory)][string]$ComObject, [Parameter(ParameterSetName = 'Com')][switch]$Strict,
        [Collections.IDictionary]$Property
    )
    if ($ComObject) { return , [Kintsugi.Lab.Bridge]::ComObject($ComObject) }
    if (-not [Kintsugi.Lab.Script]::Knows($TypeName)) { [Kintsugi.Lab.Script]::Unsupported("the type $TypeName") }
    Microsoft.PowerShell.Utility\New-Object @PSBoundParameters
}
# Windows PowerShell 5.1 leaves texts that look like dates alone; PowerShell 7 does when it is told to.
function global:ConvertFrom-Json {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0, ValueFromPipeline)][AllowEmptyString()][string]$InputObject)
    begin { $KtTexts = [System.Collections.ArrayList]::new() }
    process { [void]$KtTexts.Add($InputObject) }
    end { Microsoft.PowerShell.Utility\ConvertFrom-Json -InputObject ($KtTexts -join [char]10) -DateKind String }
}
