<#
.SYNOPSIS
What the update agent does for us.
#>

function Receive-KtUpdate {
    <#
    .SYNOPSIS
    Downloads the updates that are offered and are not there yet, into the cache of Windows. Irreversible: Windows keeps or removes what it has loaded.
    In the system lane only, since the agent refuses callers with a network logon.
    .OUTPUTS
    Offered, Downloaded (how many are there afterwards), HResult (of the download, 0 where it went well or nothing was to do)
    #>
    [CmdletBinding()]
    param()
    $session = New-Object -ComObject 'Microsoft.Update.Session'
    $found = $session.CreateUpdateSearcher().Search('IsInstalled=0 and IsHidden=0').Updates
    $wanted = New-Object -ComObject 'Microsoft.Update.UpdateColl'
    foreach ($update in $found) {
        if ($update.IsDownloaded) { continue }
        if (-not $update.EulaAccepted) { continue }
        [void]$wanted.Add($update)
    }
    $hresult = 0
    if ($wanted.Count -gt 0) {
        Write-KtBefore -Change 'update-download' -Target ([IO.Path]::Combine($env:windir, 'SoftwareDistribution')) -Before ([ordered]@{ updates = $wanted.Count }) -Irreversible 'what was downloaded stays in the cache of Windows'
        # the agent starts the transfer service where it does not run
        Save-KtServiceState -Name 'BITS'
        $downloader = $session.CreateUpdateDownloader()
        $downloader.Updates = $wanted
        Write-KtProgress -Text "downloading $($wanted.Count) updates"
        $hresult = [int]$downloader.Download().HResult
    }
    $there = 0
    foreach ($update in $found) { if ($update.IsDownloaded) { $there++ } }
    [pscustomobject]@{ Offered = [int]$found.Count; Downloaded = $there; HResult = $hresult }
}
