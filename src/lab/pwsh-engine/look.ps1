# Which of some names are types in the PowerShell by itself, which methods those have that the simulated ones may not have, and which commands it has.
param([string[]]$Types, [string[]]$Simulated)
@{
    unknown  = [string[]]@($Types | Where-Object { -not ($_ -as [type]) })
    methods  = [string[]]@(
        foreach ($name in $Simulated) {
            if ($real = $name -as [type]) {
                foreach ($method in $real.GetMethods()) { if (-not $method.IsSpecialName) { $name + ' ' + [int]$method.IsStatic + ' ' + $method.Name } }
            }
        }
    )
    commands = [string[]]@((Get-Command -CommandType Cmdlet, Function -Module Microsoft.PowerShell.*, CimCmdlets, ThreadJob, Microsoft.PowerShell.ThreadJob, PackageManagement, PowerShellGet, PSReadLine, Microsoft.PowerShell.PSResourceGet -ErrorAction Ignore).Name)
}
