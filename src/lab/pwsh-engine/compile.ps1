# Compiles the classes that stand for the simulated machine. In: their C#. Out: the bytes of the assembly.
# No type is named as [IO.File]: PowerShell would remember it, and the simulated one of the same name would not be found later.
param([string]$Source, [string]$Name)
$ErrorActionPreference = 'Stop'
$core = [object].Assembly
$path = $core.GetType('System.IO.Path')::Combine($core.GetType('System.IO.Path')::GetTempPath(), $Name)
try {
    Add-Type -TypeDefinition $Source -OutputAssembly $path -OutputType Library -IgnoreWarnings -WarningAction SilentlyContinue
    , $core.GetType('System.IO.File')::ReadAllBytes($path)
} finally { $core.GetType('System.IO.File')::Delete($path) }
