# Makes a PowerShell process speak for a simulated machine. In: what simulator-facts.ts gathered. Out: nothing.
param([byte[]]$Assembly, [string]$Pipe, [string[]]$Known, [string[]]$Environment, [int]$ProcessId, [hashtable]$Versions, [string[]]$Refused, [string]$Proxies, [hashtable]$Shadows, [string]$Path)
$ErrorActionPreference = 'Stop'
# Named as [Reflection.Assembly], PowerShell would remember it in place of the simulated one.
$own = [object].Assembly.GetType('System.Reflection.Assembly')::Load($Assembly)
[Kintsugi.Lab.Bridge]::Open($Pipe)
[Kintsugi.Lab.Script]::Prepare($Known, $Environment, $ProcessId)
# Programs are the machine's: none of this one's may be found.
$env:PATH = $Path
$accelerators = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')
foreach ($entry in $Shadows.GetEnumerator()) {
    $null = $accelerators::Remove($entry.Key)
    $accelerators::Add($entry.Key, $own.GetType($entry.Value))
}
foreach ($name in 'Platform', 'OS', 'GitCommitId') { $PSVersionTable.Remove($name) }
foreach ($entry in $Versions.GetEnumerator()) {
    if ($entry.Key -eq 'PSEdition') { $PSVersionTable[$entry.Key] = $entry.Value } else { $PSVersionTable[$entry.Key] = [version]$entry.Value }
}
foreach ($name in $Refused) {
    Set-Item -LiteralPath "function:global:$name" -Value ([scriptblock]::Create("throw [Kintsugi.Lab.Script]::Unsupported('the command $name')"))
}
$ExecutionContext.InvokeCommand.CommandNotFoundAction = {
    param($name, $found)
    $kind = [Kintsugi.Lab.Bridge]::Resolve($name)
    if ($kind -eq '') { return }
    $found.StopSearch = $true
    $quoted = "'" + $name.Replace("'", "''") + "'"
    $text = if ($kind -eq 'program') { "Invoke-KtLabProgram -Name $quoted -Arguments `$args -Held @(`$input)" } else { "throw [Kintsugi.Lab.Script]::Unsupported('the command ' + $quoted)" }
    $found.CommandScriptBlock = [scriptblock]::Create($text)
}
function global:Invoke-KtLabProgram {
    [CmdletBinding()]
    param([string]$Name, [object[]]$Arguments, [object[]]$Held)
    [Kintsugi.Lab.Bridge]::Program($PSCmdlet, $Name, $Arguments, $Held)
}
. ([scriptblock]::Create($Proxies))
