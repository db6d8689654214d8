<#
.SYNOPSIS
Defender preferences, optional features, and the clock.
#>

function Get-KtDefenderText {
    [CmdletBinding()]
    param([string]$Name)
    $value = Get-KtField -From (Get-MpPreference) -Name $Name
    ConvertTo-KtJson -Value $value
}

function Set-KtDefenderNow {
    [CmdletBinding()]
    param([string]$Name, [object]$Value, [string]$Expected)
    $setting = @{ $Name = $Value }
    Set-MpPreference @setting
    # tamper protection ignores the command without a word
    $now = Get-KtDefenderText -Name $Name
    if ($now -ne $Expected) {
        throw (New-KtError -Id 'KtNotProven' -Message "Defender preference $Name should read $Expected, but reads $now; tamper protection may be on." -Target $Name)
    }
}

function Test-KtWeakPreference {
    <# .SYNOPSIS Whether a value of a Defender preference takes protection away: what it switches off or excludes. Others are settings to stay. #>
    [CmdletBinding()]
    param([string]$Name, [AllowNull()][object]$Value)
    if ($Name -like 'Exclusion*' -or $Name -like '*AllowedApplications' -or $Name -like '*OnlyExclusions') { return $true }
    $isOff = [string]$Value -in '0', 'False', 'Disabled'
    if ($Name -like 'Disable*') { return -not $isOff }
    $isOff -and ($Name -like 'Enable*' -or $Name -in 'MAPSReporting', 'PUAProtection', 'CloudBlockLevel', 'SubmitSamplesConsent')
}

function Set-KtDefenderPreference {
    <#
    .SYNOPSIS
    Sets a Defender preference and reads it back. Undone by the old value; a value that takes protection away is so for the run alone: it is undone at
    its end and by the dead-man task.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name, [Parameter(Mandatory = $true)][object]$Value)
    $old = Get-KtDefenderText -Name $Name
    $wanted = ConvertTo-KtJson -Value $Value
    if ($old -eq $wanted) { return }
    Write-KtBefore -Change 'defender' -Target $Name -Before ([ordered]@{ name = $Name; json = $old }) -Weakens $(if (Test-KtWeakPreference -Name $Name -Value $Value) { 'protection' } else { '' })
    Set-KtDefenderNow -Name $Name -Value $Value -Expected $wanted
}

function Undo-KtDefenderPreference {
    [CmdletBinding()]
    param([string]$Name, [object]$Before)
    $old = [string]$Before.json
    if ((Get-KtDefenderText -Name $Name) -eq $old) { return }
    # wrapped: a bare value is no JSON document for Windows PowerShell
    $value = (ConvertFrom-Json -InputObject ('{"value":' + $old + '}')).value
    Set-KtDefenderNow -Name $Name -Value $value -Expected $old
}

function Test-KtDefenderExclusion {
    [CmdletBinding()]
    param([string]$Path)
    @((Get-MpPreference).ExclusionPath) -contains $Path
}

function Add-KtDefenderExclusion {
    <# .SYNOPSIS Excludes a path from scans, for the run alone: undone by removing it, at its end and by the dead-man task too. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    if (Test-KtDefenderExclusion -Path $Path) { return }
    Write-KtBefore -Change 'defender-exclusion' -Target $Path -Before ([ordered]@{ existed = $false }) -Weakens 'protection'
    Add-MpPreference -ExclusionPath $Path
    if (-not (Test-KtDefenderExclusion -Path $Path)) {
        throw (New-KtError -Id 'KtNotProven' -Message "The exclusion of $Path did not take; tamper protection may be on." -Target $Path)
    }
}

function Undo-KtDefenderExclusion {
    [CmdletBinding()]
    param([string]$Path)
    if (-not (Test-KtDefenderExclusion -Path $Path)) { return }
    Remove-MpPreference -ExclusionPath $Path
    if (Test-KtDefenderExclusion -Path $Path) { throw (New-KtError -Id 'KtNotProven' -Message "The exclusion of $Path is still there." -Target $Path) }
}

function Set-KtFeatureNow {
    [CmdletBinding()]
    param([string]$Name, [bool]$Enabled)
    if ($Enabled) { $result = Enable-WindowsOptionalFeature -Online -FeatureName $Name -NoRestart }
    else { $result = Disable-WindowsOptionalFeature -Online -FeatureName $Name -NoRestart }
    [pscustomobject]@{ RestartNeeded = [bool](Get-KtField -From $result -Name 'RestartNeeded' -Default $false) }
}

function Set-KtFeature {
    [CmdletBinding()]
    param([string]$Name, [bool]$Enabled)
    $state = [string](Get-WindowsOptionalFeature -Online -FeatureName $Name).State
    if ($state.StartsWith('Enable') -eq $Enabled) { return [pscustomobject]@{ RestartNeeded = $false } }
    Write-KtBefore -Change 'feature' -Target $Name -Before ([ordered]@{ enabled = $state.StartsWith('Enable') })
    Set-KtFeatureNow -Name $Name -Enabled $Enabled
}

function Enable-KtOptionalFeature {
    <# .SYNOPSIS Enables an optional feature. Undone by disabling it. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name)
    Set-KtFeature -Name $Name -Enabled $true
}

function Disable-KtOptionalFeature {
    <# .SYNOPSIS Disables an optional feature. Undone by enabling it. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name)
    Set-KtFeature -Name $Name -Enabled $false
}

function Undo-KtOptionalFeature {
    [CmdletBinding()]
    param([string]$Name, [object]$Before)
    $state = [string](Get-WindowsOptionalFeature -Online -FeatureName $Name).State
    if ($state.StartsWith('Enable') -ne [bool]$Before.enabled) { Set-KtFeatureNow -Name $Name -Enabled ([bool]$Before.enabled) | Out-Null }
}

function Step-KtClock {
    <# .SYNOPSIS Moves the clock. Irreversible: tickets, tasks and databases have seen the new time. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][long]$Milliseconds, [Parameter(Mandatory = $true)][string]$Reason)
    if ($Milliseconds -eq 0) { return }
    Write-KtBefore -Change 'clock' -Target 'clock' -Before ([ordered]@{ skewMs = (Get-KtClockSkew).SkewMs; stepMs = $Milliseconds }) -Irreversible $Reason
    Set-Date -Adjust ([timespan]::FromMilliseconds($Milliseconds)) | Out-Null
}
