<#
.SYNOPSIS
Makes the folder for temporary files, and sets the variables that name none.
.DESCRIPTION
The folder inherits its access rights from the Windows folder. Services know a new value of the variables when they are
started again.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

# region machine variables (the same text in disk/temp-folder and disk/temp-path; a test compares them)
function Get-WrongVariable {
    # TEMP and TMP of the machine that name no folder; what they name.
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
    foreach ($name in 'TEMP', 'TMP') {
        $value = Get-KtRegistryValue -Path $key -Name $name
        if (-not $value.Exists) { continue }
        $folder = [System.Environment]::ExpandEnvironmentVariables("$($value.Value)")
        if (-not $folder -or -not (Test-Path -LiteralPath $folder)) { @{ Key = $key; Name = $name; Folder = $folder } }
    }
}
# endregion

New-KtFolder -Path "$env:windir\Temp"
$set = @()
foreach ($one in @(Get-WrongVariable)) {
    Set-KtRegistryValue -Path $one.Key -Name $one.Name -Value '%SystemRoot%\TEMP' -Type ExpandString
    $set += $one.Name
}

@{
    changed        = $true
    facts          = @{ set = $set }
    rebootRequired = $false
}
