<#
.SYNOPSIS
Tells whether the Store's cache of the run's user is damaged. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string[]] $CacheCodes
)

# region what tells of a damaged cache (the same text in cache and ready; a test compares them)
function Get-CacheState {
    # Folder of the Store's cache of a user, and how often the Store has failed with one of the codes since the cache was made.
    param([string] $Sid, [string[]] $Codes)
    $profileKey = "HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\$Sid"
    $userFolder = [System.Environment]::ExpandEnvironmentVariables("$((Get-KtRegistryValue -Path $profileKey -Name 'ProfileImagePath').Value)")
    $folder = "$userFolder\AppData\Local\Packages\Microsoft.WindowsStore_8wekyb3d8bbwe\LocalCache"
    $exists = [System.IO.Directory]::Exists($folder)
    $failures = @()
    if ($exists) {
        $made = [System.IO.Directory]::GetCreationTimeUtc($folder)
        $failures = @(Get-KtEvent -Log 'Microsoft-Windows-Store/Operational' -Days 14 |
                Where-Object { $_.UserSid -eq $Sid -and $_.Level -in 1, 2 -and $_.TimeUtc -gt $made } |
                Where-Object { $text = $_.Text; @($Codes | Where-Object { $text -match $_ }).Count -gt 0 })
    }
    @{ Folder = $folder; Exists = $exists; Failures = $failures.Count }
}
# endregion

$user = Get-KtUser
$state = Get-CacheState -Sid $user.Sid -Codes $CacheCodes
$open = @(Get-CimInstance -ClassName Win32_Process -Filter "Name='WinStore.App.exe'" | Where-Object { [int]$_.SessionId -eq $user.Session }).Count -gt 0
$needed = $state.Failures -gt 1

@{
    needed   = $needed
    possible = -not ($needed -and $open)
    reason   = if ($needed -and $open) { "$($user.Account) has the Store open; close it first" } else { '' }
    facts    = @{ folder = $state.Folder; cacheFailures = $state.Failures }
}
