<#
.SYNOPSIS
Registry values and keys, with their types kept.
#>

function Get-KtRegistryValue {
    <# .SYNOPSIS Exists, Type and Value (not expanded) of one registry value; `-Path 'HKLM:\...'`. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path, [Parameter(Mandatory = $true)][AllowEmptyString()][string]$Name)
    $missing = [pscustomobject]@{ Exists = $false; Type = ''; Value = $null }
    if (-not (Test-Path -LiteralPath $Path)) { return $missing }
    $key = Get-Item -LiteralPath $Path
    foreach ($valueName in @($key.GetValueNames())) {
        if ($valueName -eq $Name) {
            $value = $key.GetValue($valueName, $null, [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
            return [pscustomobject]@{ Exists = $true; Type = [string]$key.GetValueKind($valueName); Value = $value }
        }
    }
    $missing
}

function ConvertTo-KtValueText {
    <#
    .SYNOPSIS
    A registry value as one text: type, colon, data. The same text serves the ledger and the comparison of facts; the type in front keeps
    JSON readers from taking a text for a date.
    #>
    [CmdletBinding()]
    param([string]$Type, [AllowNull()][object]$Value)
    switch ($Type) {
        'Binary' { return 'Binary:' + [Convert]::ToBase64String([byte[]]$Value) }
        'MultiString' { return 'MultiString:' + (ConvertTo-KtJson -Value @([string[]]$Value)) }
        # unsigned values beyond the signed range come as negative numbers; the bits are the same
        'DWord' {
            $number = [long]$Value
            if ($number -gt 2147483647) { $number = $number - 4294967296 }
            return 'DWord:' + [string]$number
        }
        'QWord' { return 'QWord:' + [string][long]$Value }
        default { return $Type + ':' + [string]$Value }
    }
}

function ConvertFrom-KtValueText {
    <# .SYNOPSIS The value behind ConvertTo-KtValueText's text: Type, Value. #>
    [CmdletBinding()]
    param([string]$Text)
    $colon = $Text.IndexOf(':')
    $type = $Text.Substring(0, $colon)
    $data = $Text.Substring($colon + 1)
    switch ($type) {
        'Binary' { return @{ Type = $type; Value = [Convert]::FromBase64String($data) } }
        'MultiString' { return @{ Type = $type; Value = [string[]]@(ConvertFrom-Json -InputObject $data | ForEach-Object { $_ }) } }
        'DWord' { return @{ Type = $type; Value = [int]$data } }
        'QWord' { return @{ Type = $type; Value = [long]$data } }
        default { return @{ Type = $type; Value = $data } }
    }
}

function Get-KtRegistryText {
    <# .SYNOPSIS A registry value as text, or Absent. #>
    [CmdletBinding()]
    param([string]$Path, [AllowEmptyString()][string]$Name)
    $value = Get-KtRegistryValue -Path $Path -Name $Name
    if (-not $value.Exists) { return 'Absent' }
    ConvertTo-KtValueText -Type $value.Type -Value $value.Value
}

function Set-KtRegistryValue {
    <# .SYNOPSIS Sets a registry value; missing keys are made. Undone by the old value and type, or by removing it. #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)][string]$Path,
        [Parameter(Mandatory = $true)][AllowEmptyString()][string]$Name,
        [Parameter(Mandatory = $true)][AllowEmptyString()][AllowEmptyCollection()][object]$Value,
        [ValidateSet('String', 'ExpandString', 'MultiString', 'DWord', 'QWord', 'Binary')][string]$Type = 'String'
    )
    $wanted = ConvertTo-KtValueText -Type $Type -Value $Value
    if ((Get-KtRegistryText -Path $Path -Name $Name) -eq $wanted) { return }
    New-KtRegistryKey -Path $Path
    Save-KtRegistryValue -Path $Path -Name $Name
    Set-KtRegistryNow -Path $Path -Name $Name -Text $wanted
}

function Save-KtRegistryValue {
    <# .SYNOPSIS Records registry values that are about to change. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path, [Parameter(Mandatory = $true)][AllowEmptyString()][string[]]$Name)
    foreach ($one in $Name) {
        Write-KtBefore -Change 'registry-value' -Target "${Path}:$one" -Before ([ordered]@{
                path = $Path; name = $one; value = Get-KtRegistryText -Path $Path -Name $one
            })
    }
}

function Set-KtRegistryNow {
    <# .SYNOPSIS Makes a registry value what its text says (Absent: none) and reads it back. #>
    [CmdletBinding()]
    param([string]$Path, [AllowEmptyString()][string]$Name, [string]$Text)
    if ((Get-KtRegistryText -Path $Path -Name $Name) -eq $Text) { return }
    if ($Text -eq 'Absent') { Remove-ItemProperty -LiteralPath $Path -Name $Name -Force }
    else {
        $wanted = ConvertFrom-KtValueText -Text $Text
        New-ItemProperty -LiteralPath $Path -Name $Name -PropertyType $wanted.Type -Value $wanted.Value -Force | Out-Null
    }
    $now = Get-KtRegistryText -Path $Path -Name $Name
    if ($now -ne $Text) {
        throw (New-KtError -Id 'KtNotProven' -Message "Registry value ${Path}:$Name should read '$Text', but reads '$now'." -Target "${Path}:$Name")
    }
}

function Remove-KtRegistryValue {
    <# .SYNOPSIS Removes a registry value. Undone by the old value and type. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path, [Parameter(Mandatory = $true)][string]$Name)
    if (-not (Get-KtRegistryValue -Path $Path -Name $Name).Exists) { return }
    Save-KtRegistryValue -Path $Path -Name $Name
    Set-KtRegistryNow -Path $Path -Name $Name -Text 'Absent'
}

function Undo-KtRegistryValue {
    [CmdletBinding()]
    param([string]$Path, [AllowEmptyString()][string]$Name, [object]$Before)
    if (-not (Test-Path -LiteralPath $Path)) {
        if ([string]$Before.value -eq 'Absent') { return }
        New-Item -Path $Path -Force | Out-Null
    }
    Set-KtRegistryNow -Path $Path -Name $Name -Text ([string]$Before.value)
}

function New-KtRegistryKey {
    <# .SYNOPSIS Makes a registry key and its missing parents, each with its own record. Undone by removing what is still empty. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    if (Test-Path -LiteralPath $Path) { return }
    $cut = $Path.LastIndexOf('\')
    if ($cut -gt 0) { New-KtRegistryKey -Path $Path.Substring(0, $cut) }
    Write-KtBefore -Change 'registry-key' -Target $Path -Before ([ordered]@{ existed = $false })
    New-Item -Path $Path | Out-Null
}

function Undo-KtRegistryKey {
    [CmdletBinding()]
    param([string]$Path)
    if (-not (Test-Path -LiteralPath $Path)) { return }
    $key = Get-Item -LiteralPath $Path
    if ($key.SubKeyCount -gt 0 -or $key.ValueCount -gt 0) {
        throw (New-KtError -Id 'KtNotProven' -Message "Registry key $Path was made by this run, but somebody has put something into it since; it stays." -Target $Path)
    }
    Remove-Item -LiteralPath $Path -Force
}
