<#
.SYNOPSIS
The first look at a host, before the rest of the kit is loaded: what Windows it is and whether PowerShell may do all it can.
.NOTES
Runs under Constrained Language Mode too: commands only, no .NET members, no types but the plain ones. Reads only.
#>

function Get-KtProbe {
    [CmdletBinding()]
    param()
    # Windows PowerShell has no Platform.
    if ([string]$PSVersionTable['Platform'] -eq 'Unix') { throw "Kintsugi repairs Windows; this host runs $($PSVersionTable['OS'])." }
    $os = Get-CimInstance -ClassName Win32_OperatingSystem
    $current = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' -Name UBR -ErrorAction SilentlyContinue
    $machine = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Cryptography' -Name MachineGuid -ErrorAction SilentlyContinue
    $drive = Get-CimInstance -ClassName Win32_LogicalDisk -Filter "DeviceID='$env:SystemDrive'"
    $languages = @($os.MUILanguages)
    ConvertTo-Json -Compress -InputObject @{
        languageMode = [string]$ExecutionContext.SessionState.LanguageMode
        version = [string]$PSVersionTable.PSVersion
        executionPolicy = [string](Get-ExecutionPolicy)
        machineId = $(if ($machine) { [string]$machine.MachineGuid } else { '' })
        computerName = [string]$env:COMPUTERNAME
        build = [int]$os.BuildNumber
        ubr = $(if ($current) { [int]$current.UBR } else { 0 })
        productType = [int]$os.ProductType
        caption = [string]$os.Caption
        uiLanguage = $(if ($languages.Count -gt 0) { [string]$languages[0] } else { '' })
        uptimeMs = [long](New-TimeSpan -Start $os.LastBootUpTime -End $os.LocalDateTime).TotalMilliseconds
        freeBytes = [long]$drive.FreeSpace
        sizeBytes = [long]$drive.Size
    }
}
