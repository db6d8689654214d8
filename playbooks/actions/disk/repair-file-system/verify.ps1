<#
.SYNOPSIS
Tells whether the repair of the file systems is made or planned. Read-only.
.DESCRIPTION
A spot fix of the drive that Windows runs from is made at the next start, so a volume that waits for it is right here; what
came of it is told by the goal after the restart.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param()

$open = @()
foreach ($volume in @(Get-CimInstance -Namespace 'root/Microsoft/Windows/Storage' -ClassName MSFT_Volume -ErrorAction SilentlyContinue)) {
    if ([int]$volume.DriveType -ne 3 -or "$($volume.DriveLetter)" -notmatch '^[A-Za-z]$') { continue }
    if (@($volume.OperationalStatus | Where-Object { [int]$_ -eq 53263 }).Count -gt 0) { $open += "$($volume.DriveLetter):" }
}

@{
    ok     = $open.Count -eq 0
    reason = if ($open.Count -gt 0) { "$($open -join ', ') needs the offline check" } else { '' }
    facts  = @{ open = $open }
}
