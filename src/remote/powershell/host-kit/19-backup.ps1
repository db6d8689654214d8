<#
.SYNOPSIS
Shadow copies and backups: VSS writers, room for shadow copies, images.
#>

function Get-KtVssWriter {
    <#
    .SYNOPSIS
    The VSS writers that answer: Id, State (VSS_WRITER_STATE: 1 stable, 2 to 5 at work, 6 and more failed), Service (who hosts it; empty where that is not known).
    Read from GUIDs and numbers alone: the rest of what vssadmin prints is translated.
    #>
    [CmdletBinding()]
    param()
    $hosts = @{
        'd61d61c8-d73a-4eee-8cdd-f6f9786b7124' = 'Schedule'; 'e8132975-6f93-4464-a53e-1050253ae220' = 'CryptSvc'; 'a6ad56c2-b509-4e6c-bb19-49d8f43532f0' = 'Winmgmt'
        '4969d978-be47-48b0-b100-f328f07ac1e0' = 'BITS'; '2a40fd15-dfca-4aa8-a654-1f8c654603f6' = 'AppHostSvc'; 'a65faa63-5ea8-4ebc-9dbd-a0c4db26912a' = 'SQLWriter'
        '8d5194e1-e455-434a-b2e5-51296cce67df' = 'WIDWriter'; '75dfb225-e2e4-4d39-9ac9-ffaff65ddf06' = 'VSS'; '0bada1de-01a9-4625-8278-69e735f39dd2' = 'VSS'
        'be000cbe-11fe-4426-9c58-531aa6355fc4' = 'VSS'; '4dc3bdd4-ab48-4d07-adb0-3bee2926fd7f' = 'VSS'; 'afbab4a2-367d-4d15-a586-71dbb18f8485' = 'VSS'
        '542da469-d3e1-473c-9f4f-7847f01fc64f' = 'VSS'
    }
    $ran = Invoke-KtProgram -File "$env:windir\System32\vssadmin.exe" -Arguments 'list', 'writers' -ReadOnly -LimitSeconds 300
    $guid = '\{([0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})\}'
    # of each writer: its id, the id of this instance, and the state in square brackets
    foreach ($found in [regex]::Matches($ran.Output, "$guid[^\[]*?$guid[^\[]*\[(\d+)\]")) {
        $id = $found.Groups[1].Value.ToLowerInvariant()
        [pscustomobject]@{ Id = $id; State = [int]$found.Groups[3].Value; Service = $(if ($hosts.ContainsKey($id)) { $hosts[$id] } else { '' }) }
    }
}

function Restart-KtService {
    <#
    .SYNOPSIS
    Starts a running service anew, and what depends on it and ran. It is not asked through CIM meanwhile, which one of them may carry. Undone by starting
    what was left stopped.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name)
    $service = Get-Service -Name $Name
    if ([string]$service.Status -ne 'Running') { return }
    $dependents = @(Get-Service -Name $Name -DependentServices | Where-Object { [string]$_.Status -eq 'Running' } | ForEach-Object { $_.Name })
    Write-KtBefore -Change 'service-restart' -Target $Name -Before ([ordered]@{ running = @(@($Name) + $dependents) }) -Weakens 'services'
    Stop-Service -Name $Name -Force
    foreach ($one in @($Name) + $dependents) { Start-Service -Name $one }
}

function Undo-KtServiceRestart {
    [CmdletBinding()]
    param([object]$Before)
    foreach ($one in @($Before.running)) {
        if ([string](Get-Service -Name $one).Status -ne 'Running') { Start-Service -Name $one }
    }
}

function Get-KtShadowStorage {
    <# .SYNOPSIS Room for shadow copies of a drive that was set aside: MaxBytes, UsedBytes; nothing where none was. #>
    [CmdletBinding()]
    param([string]$Drive = 'C:')
    $volume = @(Get-CimInstance -ClassName Win32_Volume -Filter "DriveLetter='$Drive'")
    if ($volume.Count -eq 0) { return }
    $id = ([string]$volume[0].DeviceID) -replace '^[^{]*|[^}]*$', ''
    foreach ($storage in Get-CimInstance -ClassName Win32_ShadowStorage -ErrorAction SilentlyContinue) {
        # a reference says as text what it names: the class and the key
        if (([string]$storage.Volume).IndexOf([string]$id, [StringComparison]::OrdinalIgnoreCase) -ge 0) {
            [pscustomobject]@{ MaxBytes = [uint64]$storage.MaxSpace; UsedBytes = [uint64]$storage.UsedSpace; Instance = $storage }
        }
    }
}

function Set-KtShadowStorage {
    <# .SYNOPSIS Sets the room that shadow copies of a drive may take; nothing where none was set aside. Undone by the old size. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Drive, [Parameter(Mandatory = $true)][uint64]$MaxBytes)
    $storage = Get-KtShadowStorage -Drive $Drive
    if ($null -eq $storage -or $storage.MaxBytes -eq $MaxBytes) { return }
    Write-KtBefore -Change 'shadow-storage' -Target $Drive -Before ([ordered]@{ maxBytes = [string]$storage.MaxBytes })
    Set-CimInstance -InputObject $storage.Instance -Property @{ MaxSpace = $MaxBytes }
}

function Undo-KtShadowStorage {
    [CmdletBinding()]
    param([string]$Drive, [object]$Before)
    $storage = Get-KtShadowStorage -Drive $Drive
    $old = [uint64][string]$Before.maxBytes
    if ($null -ne $storage -and $storage.MaxBytes -ne $old) { Set-CimInstance -InputObject $storage.Instance -Property @{ MaxSpace = $old } }
}

function Get-KtBackupImage {
    <#
    .SYNOPSIS
    The images of this host on its fixed drives, newest first: Path (folder), Drive, AgeDays, Files (its virtual disks). By folders and not by the catalog,
    which says where they should be.
    #>
    [CmdletBinding()]
    param()
    $found = foreach ($disk in Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType=3') {
        $root = [IO.Path]::Combine("$($disk.DeviceID)\", 'WindowsImageBackup', $env:COMPUTERNAME)
        if (-not [IO.Directory]::Exists($root)) { continue }
        foreach ($folder in [IO.Directory]::GetDirectories($root)) {
            # the time (UTC) is in the name, whatever the language: Backup 2026-11-20 210000
            if ([IO.Path]::GetFileName($folder) -notmatch '^Backup (\d{4})-(\d\d)-(\d\d) (\d\d)(\d\d)(\d\d)$') { continue }
            $made = New-Object -TypeName DateTime -ArgumentList ([int]$Matches[1]), ([int]$Matches[2]), ([int]$Matches[3]), ([int]$Matches[4]), ([int]$Matches[5]), ([int]$Matches[6]), ([DateTimeKind]::Utc)
            [pscustomobject]@{
                Path = $folder; Drive = [string]$disk.DeviceID; AgeDays = [Math]::Round(([datetime]::UtcNow - $made).TotalDays, 1)
                Files = @([IO.Directory]::GetFiles($folder) | Where-Object { $_ -match '\.vhdx?$' })
            }
        }
    }
    $found | Sort-Object -Property AgeDays
}

function Test-KtDiskImage {
    <# .SYNOPSIS Whether Windows can open a virtual disk: mounts it read-only and dismounts it again. Nothing stays. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    try { Mount-DiskImage -ImagePath $Path -Access ReadOnly -ErrorAction Stop | Out-Null } catch { return $false }
    Dismount-DiskImage -ImagePath $Path -ErrorAction Stop | Out-Null
    $true
}

function Start-KtBackup {
    <#
    .SYNOPSIS
    Has Windows make an image of all that it needs to start, beside those that are there. Irreversible, by declaration: nobody needs one image less.
    .OUTPUTS
    ExitCode, Hex
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Drive, [Parameter(Mandatory = $true)][string]$Reason, [int]$LimitSeconds = 14400)
    Write-KtBefore -Change 'backup' -Target "$Drive\WindowsImageBackup; $env:SystemDrive\System Volume Information\WindowsImageBackup" -Before ([ordered]@{ drive = $Drive }) -Irreversible $Reason
    $ran = Start-KtProcess -File "$env:windir\System32\wbadmin.exe" -CommandLine "start backup -backupTarget:$Drive -allCritical -quiet" -LimitMs (1000L * $LimitSeconds)
    [pscustomobject]@{ ExitCode = $ran.ExitCode; Hex = $ran.Hex }
}
