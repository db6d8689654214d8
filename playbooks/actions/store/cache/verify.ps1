<#
.SYNOPSIS
Tells whether the old cache is out of the way: what is there now was made after the last failure. Read-only.
.OUTPUTS
ok, reason, facts
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

@{
    ok     = $state.Failures -eq 0
    reason = if ($state.Failures -eq 0) { '' } else { "the Store has failed $($state.Failures) times since $($state.Folder) was made" }
    facts  = @{ folder = $state.Folder; exists = $state.Exists }
}
