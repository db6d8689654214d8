<#
.SYNOPSIS
The update server (WSUS): its settings, its database SUSDB, declining updates, and deleting those that nobody needs.
.NOTES
What talks to the server or its database runs as SYSTEM: a network token may be refused by both.
#>

function Get-KtWsusSetup {
    <#
    .SYNOPSIS
    What the setup of the update server has noted: Exists, ContentFolder, DatabaseServer, IsInternal (the Windows Internal Database), Port.
    #>
    [CmdletBinding()]
    param()
    $key = 'HKLM:\SOFTWARE\Microsoft\Update Services\Server\Setup'
    $values = @{}
    foreach ($name in 'ContentDir', 'SqlServerName', 'PortNumber') { $values[$name] = Get-KtRegistryValue -Path $key -Name $name }
    $server = if ($values.SqlServerName.Exists) { [Environment]::ExpandEnvironmentVariables([string]$values.SqlServerName.Value) } else { '' }
    $content = if ($values.ContentDir.Exists) { [Environment]::ExpandEnvironmentVariables([string]$values.ContentDir.Value) } else { '' }
    [pscustomobject]@{
        Exists = $content -ne ''; ContentFolder = $(if ($content) { [IO.Path]::Combine($content, 'WsusContent') } else { '' })
        DatabaseServer = $server; IsInternal = $server.EndsWith('##WID', [StringComparison]::OrdinalIgnoreCase)
        Port = $(if ($values.PortNumber.Exists) { [int]$values.PortNumber.Value } else { 8530 })
    }
}

function Get-KtWsusBacklog {
    <#
    .SYNOPSIS
    Updates that others have replaced and that nobody declined: Superseded and Expired (how many there are), Ids (those that may be declined: all
    expired ones without an approval, and replaced ones that are old enough and whose successors are approved for every group that they are approved for).
    Ids are given oldest first, so that work that is cut leaves no gap in a chain.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][int]$OlderThanDays)
    $server = Get-WsusServer
    $scope = New-Object -TypeName Microsoft.UpdateServices.Administration.UpdateScope
    $scope.ApprovedStates = 'LatestRevisionApproved, HasStaleUpdateApprovals, NotApproved'
    $live = @($server.GetUpdates($scope) | Sort-Object -Property CreationDate -Descending)
    $everybody = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421'
    $youngest = [datetime]::UtcNow.AddDays(-$OlderThanDays)
    $groupsOf = { param($one) if ($one.IsApproved) { $one.GetUpdateApprovals() | Where-Object { [string]$_.Action -eq 'Install' } | ForEach-Object { [string]$_.ComputerTargetGroupId } } }
    $covered = @{}
    $superseded = 0
    $expired = 0
    $ids = New-Object -TypeName Collections.ArrayList
    # newest first: what a successor leads to is known before what it replaces
    foreach ($update in $live) {
        $id = [string]$update.Id.UpdateId
        $isExpired = [string]$update.PublicationState -eq 'Expired'
        if ($isExpired) { $expired++ }
        if ($isExpired -and -not $update.IsApproved) { [void]$ids.Add($id) }
        if (-not $update.IsSuperseded) { continue }
        $superseded++
        $reached = @{}
        foreach ($next in $update.GetRelatedUpdates('UpdatesThatSupersedeThisUpdate')) {
            $nextId = [string]$next.Id.UpdateId
            foreach ($group in @(& $groupsOf $next)) { $reached[$group] = $true }
            if ($covered.ContainsKey($nextId)) { foreach ($entry in $covered[$nextId].GetEnumerator()) { $reached[$entry.Key] = $true } }
        }
        $covered[$id] = $reached
        if ($ids.Contains($id) -or $update.CreationDate -gt $youngest -or $reached.Count -eq 0) { continue }
        $open = @(& $groupsOf $update | Where-Object { -not $reached.ContainsKey($_) })
        if ($open.Count -eq 0 -or $reached.ContainsKey($everybody)) { [void]$ids.Add($id) }
    }
    $list = @($ids.ToArray())
    [array]::Reverse($list)
    [pscustomobject]@{ Superseded = $superseded; Expired = $expired; Ids = $list }
}

function Get-KtWsusMissingFile {
    <# .SYNOPSIS Files of approved updates that are not in the content folder, or not as long as they should be: their paths. #>
    [CmdletBinding()]
    param()
    $server = Get-WsusServer
    if ($server.GetConfiguration().HostBinariesOnMicrosoftUpdate) { return }
    $folder = (Get-KtWsusSetup).ContentFolder
    $scope = New-Object -TypeName Microsoft.UpdateServices.Administration.UpdateScope
    $scope.ApprovedStates = 'LatestRevisionApproved'
    foreach ($update in $server.GetUpdates($scope)) {
        foreach ($item in $update.GetInstallableItems()) {
            foreach ($file in $item.Files) {
                $inner = ([string]$file.FileUri.AbsolutePath) -replace '^.*/Content/', '' -replace '/', '\'
                $path = [IO.Path]::Combine($folder, $inner)
                if (-not [IO.File]::Exists($path) -or [long](New-Object -TypeName IO.FileInfo -ArgumentList $path).Length -ne [long]$file.TotalBytes) { $path }
            }
        }
    }
}

function Deny-KtWsusUpdate {
    <#
    .SYNOPSIS
    Declines updates, at most 100 by one record. Undone by taking each back and approving it again for the groups that it was approved for.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][AllowEmptyCollection()][string[]]$Id)
    $server = Get-WsusServer
    for ($from = 0; $from -lt $Id.Count; $from += 100) {
        $batch = @($Id | Select-Object -Skip $from -First 100)
        # what is declined while a synchronization runs comes back with it
        if ([string]$server.GetSubscription().GetSynchronizationStatus() -ne 'NotProcessing') {
            throw (New-KtError -Id 'KtServiceRefused' -Message 'The update server synchronizes: nothing is declined meanwhile. Run again when it has ended.' -Target 'WsusService')
        }
        $updates = @(foreach ($one in $batch) { Get-KtWsusUpdate -Server $server -Id $one })
        $updates = @($updates | Where-Object { -not $_.IsDeclined })
        $rows = @(foreach ($update in $updates) { [ordered]@{ id = [string]$update.Id.UpdateId; approvals = @(Get-KtWsusApproval -Update $update) } })
        if ($rows.Count -eq 0) { continue }
        Write-KtBefore -Change 'wsus-decline' -Target "$($rows.Count) updates" -Before ([ordered]@{ updates = $rows })
        foreach ($update in $updates) { $update.Decline() }
        Write-KtProgress -Text "$([Math]::Min($from + 100, $Id.Count)) of $($Id.Count) updates declined"
    }
}

function Get-KtWsusUpdate {
    [CmdletBinding()]
    param([object]$Server, [string]$Id)
    $Server.GetUpdate((New-Object -TypeName Microsoft.UpdateServices.Administration.UpdateRevisionId -ArgumentList ([guid]$Id)))
}

function Get-KtWsusApproval {
    <# .SYNOPSIS The approvals of an update: group, action, deadline in ticks (0: none). #>
    [CmdletBinding()]
    param([object]$Update)
    foreach ($approval in $Update.GetUpdateApprovals()) {
        $deadline = $approval.Deadline
        # the largest date stands for none
        $ticks = if ($deadline.Year -ge 9999) { [long]0 } else { [long]$deadline.Ticks }
        [ordered]@{ group = [string]$approval.ComputerTargetGroupId; action = [string]$approval.Action; deadline = $ticks }
    }
}

function Undo-KtWsusDecline {
    [CmdletBinding()]
    param([object]$Before)
    $server = Get-WsusServer
    $everybody = $server.GetComputerTargetGroup([guid]'a0a08746-4dbe-4a37-9adf-9e7652c0b421')
    foreach ($row in @($Before.updates)) {
        $update = Get-KtWsusUpdate -Server $server -Id $row.id
        # "not approved" is what brings a declined update back
        if ($update.IsDeclined) { [void]$update.Approve('NotApproved', $everybody) }
        $now = @(Get-KtWsusApproval -Update $update | ForEach-Object { "$($_.group) $($_.action) $($_.deadline)" })
        foreach ($approval in @($row.approvals)) {
            if ("$($approval.group) $($approval.action) $($approval.deadline)" -in $now) { continue }
            $group = $server.GetComputerTargetGroup([guid][string]$approval.group)
            if ([long]$approval.deadline -eq 0) { [void]$update.Approve([string]$approval.action, $group) }
            else { [void]$update.Approve([string]$approval.action, $group, (New-Object -TypeName DateTime -ArgumentList ([long]$approval.deadline))) }
        }
        if ((Get-KtWsusUpdate -Server $server -Id $row.id).IsDeclined) {
            throw (New-KtError -Id 'KtNotProven' -Message "Update $($row.id) is still declined." -Target ([string]$row.id))
        }
    }
}

function Reset-KtWsusContent {
    <#
    .SYNOPSIS
    Lets the server check all files of approved updates and fetch what is missing. Nothing is taken back: those files belong to it, and it would fetch them
    by itself where it knew that they are gone.
    #>
    [CmdletBinding()]
    param()
    $setup = Get-KtWsusSetup
    Write-KtBefore -Change 'wsus-content' -Target $setup.ContentFolder -Before ([ordered]@{ })
    (Get-WsusServer).ResetAndVerifyContentState()
}
