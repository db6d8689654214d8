<#
.SYNOPSIS
IIS: single values of its configuration, entries of collections, locks and sites. What was there is read from the file itself, which tells a value that
is set from one that is inherited; what changes it is the module WebAdministration, so that passwords are sealed as IIS seals them.
#>

function Get-KtWebXml {
    <# .SYNOPSIS The configuration of the server as XML; nothing where the file is missing or not well-formed. #>
    [CmdletBinding()]
    param([string]$Path = "$env:windir\System32\inetsrv\config\applicationHost.config")
    if (-not [IO.File]::Exists($Path)) { return }
    $xml = New-Object -TypeName Xml.XmlDocument
    try { $xml.LoadXml((Read-KtText -Path $Path).TrimStart([char]0xFEFF)) } catch { return }
    # one object: a document would be taken apart into its nodes
    , $xml
}

function Get-KtWebElement {
    <# .SYNOPSIS The element that a filter names, as it stands in applicationHost.config itself or in the location of its root; else nothing. #>
    [CmdletBinding()]
    param([string]$Filter)
    $xml = Get-KtWebXml
    if ($null -eq $xml) { return }
    $below = $Filter.TrimStart('/')
    $found = $xml.SelectSingleNode("/configuration/$below")
    if ($null -eq $found) { $found = $xml.SelectSingleNode("/configuration/location[@path='']/$below") }
    if ($null -ne $found) { , $found }
}

function Set-KtWebSetting {
    <#
    .SYNOPSIS
    Sets one value of applicationHost.config. Undone by the old value, or by taking it away where it was not set there.
    .PARAMETER Filter
    The element as XPath: /system.applicationHost/sites/site[@name='Default Web Site'].
    .PARAMETER Value
    A text, number, truth value, or a secret. What was there is written down in clear, passwords sealed for this host alone.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Filter, [Parameter(Mandatory = $true)][string]$Name, [Parameter(Mandatory = $true)][AllowEmptyString()][object]$Value)
    $element = Get-KtWebElement -Filter $Filter
    $existed = $null -ne $element -and $element.HasAttribute($Name)
    $isSecret = $Value -is [Security.SecureString]
    $before = [ordered]@{ filter = $Filter; name = $Name; existed = $existed; value = ''; isSecret = $isSecret }
    if ($existed) {
        $old = [string]$element.GetAttribute($Name)
        if ($isSecret) { $old = Protect-KtWebSecret -Text (Get-KtWebValue -Filter $Filter -Name $Name) }
        elseif ($old -eq [string]$Value) { return }
        $before.value = $old
    }
    Write-KtBefore -Change 'web-setting' -Target "$Filter@$Name" -Before $before
    $plain = $Value
    if ($isSecret) { $plain = (New-Object -TypeName Net.NetworkCredential -ArgumentList '', $Value).Password }
    Set-KtWebValueNow -Filter $Filter -Name $Name -Value $plain
}

function Get-KtWebValue {
    <# .SYNOPSIS A value as IIS reads it: passwords in clear. #>
    [CmdletBinding()]
    param([string]$Filter, [string]$Name)
    $value = Get-WebConfigurationProperty -PSPath 'MACHINE/WEBROOT/APPHOST' -Filter $Filter -Name $Name
    # enums and flags come as they are, all else as an object that holds its value
    if ($value -is [string]) { return $value }
    [string](Get-KtField -From $value -Name 'Value' -Default '')
}

function Set-KtWebValueNow {
    [CmdletBinding()]
    param([string]$Filter, [string]$Name, [AllowEmptyString()][object]$Value)
    Set-WebConfigurationProperty -PSPath 'MACHINE/WEBROOT/APPHOST' -Filter $Filter -Name $Name -Value $Value -ErrorAction Stop
    if ((Get-KtWebValue -Filter $Filter -Name $Name) -ne [string]$Value) {
        throw (New-KtError -Id 'KtNotProven' -Message "IIS did not take the new value of $Filter@$Name." -Target $Filter)
    }
}

function Undo-KtWebSetting {
    [CmdletBinding()]
    param([object]$Before)
    $filter = [string]$Before.filter
    $name = [string]$Before.name
    if (-not [bool]$Before.existed) {
        $element = Get-KtWebElement -Filter $filter
        if ($null -eq $element -or -not $element.HasAttribute($name)) { return }
        Clear-WebConfiguration -PSPath 'MACHINE/WEBROOT/APPHOST' -Filter "$filter/@$name" -ErrorAction Stop
        $element = Get-KtWebElement -Filter $filter
        if ($null -ne $element -and $element.HasAttribute($name)) {
            throw (New-KtError -Id 'KtNotProven' -Message "$filter@$name is still set." -Target $filter)
        }
        return
    }
    $old = [string]$Before.value
    if ([bool]$Before.isSecret) { $old = Unprotect-KtWebSecret -Text $old }
    if ((Get-KtWebValue -Filter $filter -Name $name) -ne $old) { Set-KtWebValueNow -Filter $filter -Name $name -Value $old }
}

function Protect-KtWebSecret {
    <# .SYNOPSIS A text sealed for this host: nobody reads it elsewhere. #>
    [CmdletBinding()]
    param([AllowEmptyString()][string]$Text)
    $sealed = [Security.Cryptography.ProtectedData]::Protect([Text.Encoding]::UTF8.GetBytes($Text), $null, [Security.Cryptography.DataProtectionScope]::LocalMachine)
    [Convert]::ToBase64String($sealed)
}

function Unprotect-KtWebSecret {
    [CmdletBinding()]
    param([string]$Text)
    $bytes = [Security.Cryptography.ProtectedData]::Unprotect([Convert]::FromBase64String($Text), $null, [Security.Cryptography.DataProtectionScope]::LocalMachine)
    [Text.Encoding]::UTF8.GetString($bytes)
}

function Add-KtWebEntry {
    <#
    .SYNOPSIS
    Adds an entry at the end of a collection of the server's configuration, where none has its name. Undone by taking it out again.
    .PARAMETER Filter
    The collection as XPath: /system.webServer/handlers.
    .PARAMETER Entry
    The attributes of the entry; name is its key.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Filter, [Parameter(Mandatory = $true)][hashtable]$Entry)
    $name = [string]$Entry['name']
    if ($null -ne (Get-KtWebElement -Filter "$Filter/add[@name='$name']")) { return }
    Write-KtBefore -Change 'web-entry' -Target "$Filter/add[@name='$name']" -Before ([ordered]@{ filter = $Filter; name = $name })
    Add-WebConfigurationProperty -PSPath 'MACHINE/WEBROOT/APPHOST' -Filter $Filter -Name '.' -Value $Entry -ErrorAction Stop
    if ($null -eq (Get-KtWebElement -Filter "$Filter/add[@name='$name']")) {
        throw (New-KtError -Id 'KtNotProven' -Message "IIS did not take the entry $name of $Filter." -Target $Filter)
    }
}

function Undo-KtWebEntry {
    [CmdletBinding()]
    param([object]$Before)
    $filter = [string]$Before.filter
    $name = [string]$Before.name
    if ($null -eq (Get-KtWebElement -Filter "$filter/add[@name='$name']")) { return }
    Remove-WebConfigurationProperty -PSPath 'MACHINE/WEBROOT/APPHOST' -Filter $filter -Name '.' -AtElement @{ name = $name } -ErrorAction Stop
    if ($null -ne (Get-KtWebElement -Filter "$filter/add[@name='$name']")) {
        throw (New-KtError -Id 'KtNotProven' -Message "The entry $name of $filter is still there." -Target $filter)
    }
}

function Get-KtWebLock {
    <# .SYNOPSIS Whether lower levels may set a section: Allow or Deny, by the location of the root that holds it, else as it is declared. #>
    [CmdletBinding()]
    param([string]$Section)
    $xml = Get-KtWebXml
    if ($null -eq $xml) { return }
    foreach ($location in @($xml.SelectNodes("/configuration/location[@path='' and @overrideMode]"))) {
        if ($null -ne $location.SelectSingleNode($Section)) { return [string]$location.GetAttribute('overrideMode') }
    }
    $parts = @($Section.Split('/'))
    $declared = '/configuration/configSections'
    foreach ($part in @($parts | Select-Object -SkipLast 1)) { $declared += "/sectionGroup[@name='$part']" }
    $found = $xml.SelectSingleNode("$declared/section[@name='$($parts[-1])']")
    if ($null -ne $found) { [string]$found.GetAttribute('overrideModeDefault') }
}

function Set-KtWebLock {
    <# .SYNOPSIS Lets lower levels set a section, or keeps them from it. Undone by the old mode. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Section, [Parameter(Mandatory = $true)][ValidateSet('Allow', 'Deny')][string]$Mode)
    $old = Get-KtWebLock -Section $Section
    if ($old -eq $Mode) { return }
    Write-KtBefore -Change 'web-lock' -Target $Section -Before ([ordered]@{ mode = $old })
    Set-KtWebLockNow -Section $Section -Mode $Mode
}

function Set-KtWebLockNow {
    [CmdletBinding()]
    param([string]$Section, [string]$Mode)
    if ((Get-KtWebLock -Section $Section) -eq $Mode) { return }
    Set-WebConfiguration -PSPath 'MACHINE/WEBROOT/APPHOST' -Filter "/$Section" -Metadata 'overrideMode' -Value $Mode -ErrorAction Stop
    if ((Get-KtWebLock -Section $Section) -ne $Mode) {
        throw (New-KtError -Id 'KtNotProven' -Message "The lock of $Section did not become $Mode." -Target $Section)
    }
}

function Start-KtWebSite {
    <# .SYNOPSIS Starts a site that does not run. Undone by stopping it again. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name)
    $state = [string](Get-WebsiteState -Name $Name -ErrorAction Stop).Value
    if ($state -in 'Started', 'Starting') { return }
    Write-KtBefore -Change 'web-site' -Target $Name -Before ([ordered]@{ state = $state })
    Start-Website -Name $Name -ErrorAction Stop
    Wait-KtWebSite -Name $Name -State 'Started'
}

function Wait-KtWebSite {
    <# .SYNOPSIS Waits until a site has a state; an error where it does not come to it. #>
    [CmdletBinding()]
    param([string]$Name, [string]$State)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while ([string](Get-WebsiteState -Name $Name -ErrorAction Stop).Value -ne $State) {
        if ($watch.ElapsedMilliseconds -ge 30000) { throw (New-KtError -Id 'KtNotProven' -Message "The site $Name did not become $State." -Target $Name) }
        Start-Sleep -Milliseconds 500
    }
}

function Undo-KtWebSite {
    [CmdletBinding()]
    param([string]$Name)
    if ([string](Get-WebsiteState -Name $Name -ErrorAction Stop).Value -ne 'Stopped') { Stop-Website -Name $Name -ErrorAction Stop }
    Wait-KtWebSite -Name $Name -State 'Stopped'
}
