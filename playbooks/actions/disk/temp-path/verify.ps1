<#
.SYNOPSIS
Tells whether the machine's folder for temporary files is there. Read-only.
.OUTPUTS
ok, reason, facts
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

$wrong = @(Get-WrongVariable)
$reason = ''
if ($wrong.Count -gt 0) { $reason = "the folder for temporary files is missing: $(@($wrong | ForEach-Object { "$($_.Name) names '$($_.Folder)'" }) -join ', ')" }
elseif (-not (Test-Path -LiteralPath "$env:windir\Temp")) { $reason = "$env:windir\Temp is missing" }

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ wrong = @($wrong | ForEach-Object { $_.Name }) }
}
