<#
.SYNOPSIS
Updates, through the update agent of Windows.
#>

function Get-KtOfferedUpdate {
    <#
    .SYNOPSIS
    The updates that the update agent finds for this host. Only for the system lane: a network logon gets 0x80070005.
    .PARAMETER Criteria
    As IUpdateSearcher.Search takes them.
    .OUTPUTS
    Session (the agent's), Updates (the agent's own objects)
    #>
    [CmdletBinding()]
    param([string]$Criteria = 'IsInstalled=0 and IsHidden=0')
    $session = New-Object -ComObject 'Microsoft.Update.Session'
    $found = $session.CreateUpdateSearcher().Search($Criteria)
    @{ Session = $session; Updates = @($found.Updates | ForEach-Object { $_ }) }
}

function Install-KtUpdate {
    <#
    .SYNOPSIS
    Downloads and installs updates that the update agent offers. Irreversible, by declaration: an update is taken out by its package and a restart.
    .PARAMETER UpdateId
    The ids of the updates (Identity.UpdateID), as the search gives them.
    .PARAMETER Reason
    Why it cannot be undone; the report shows it.
    .OUTPUTS
    RestartNeeded, Results: for each update UpdateId, Title, HResult (as 0x and eight digits), Stage (download or install)
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string[]]$UpdateId, [Parameter(Mandatory = $true)][string]$Reason)
    $offered = Get-KtOfferedUpdate
    $chosen = @($offered.Updates | Where-Object { [string]$_.Identity.UpdateID -in $UpdateId })
    $results = New-Object -TypeName Collections.ArrayList
    $restart = $false
    if ($chosen.Count -eq 0) { return [pscustomobject]@{ RestartNeeded = $false; Results = $results.ToArray() } }
    Write-KtBefore -Change 'update' -Target 'updates; component-store; system-files' -Irreversible $Reason -Before ([ordered]@{
            updates = @($chosen | ForEach-Object { [string]$_.Identity.UpdateID })
        })
    # one after the other, so that one that fails does not hide what became of the others
    foreach ($update in $chosen) {
        $one = New-Object -ComObject 'Microsoft.Update.UpdateColl'
        if (-not $update.EulaAccepted) { [void]$update.AcceptEula() }
        [void]$one.Add($update)
        $result = [ordered]@{ UpdateId = [string]$update.Identity.UpdateID; Title = [string]$update.Title; HResult = '0x00000000'; Stage = 'download' }
        Write-KtProgress -Text "download of $($result.Title)"
        $downloader = $offered.Session.CreateUpdateDownloader()
        $downloader.Updates = $one
        $answer = $downloader.Download().GetUpdateResult(0)
        if ([int]$answer.ResultCode -in 2, 3) {
            $result.Stage = 'install'
            Write-KtProgress -Text "installation of $($result.Title)"
            $installer = $offered.Session.CreateUpdateInstaller()
            $installer.Updates = $one
            $answer = $installer.Install().GetUpdateResult(0)
            if ([bool]$answer.RebootRequired) { $restart = $true }
        }
        $result.HResult = Get-KtHex -Code ([int]$answer.HResult)
        [void]$results.Add([pscustomobject]$result)
    }
    [pscustomobject]@{ RestartNeeded = $restart; Results = $results.ToArray() }
}
