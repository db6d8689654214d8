<#
.SYNOPSIS
Sets the store of licences aside and starts the service, which makes it anew.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param()

# region licences (the same text in licence and ready; a test compares them)
function Get-LicenceState {
    # Whether the store of licences is torn (empty, or zeros where it begins), and the policy that takes the Store away.
    $path = "$env:ProgramData\Microsoft\Windows\ClipSVC\tokens.dat"
    $torn = $false
    if ([System.IO.File]::Exists($path)) {
        $stream = New-Object -TypeName System.IO.FileStream -ArgumentList $path, 'Open', 'Read', 'ReadWrite,Delete'
        try {
            $head = New-Object -TypeName 'byte[]' -ArgumentList 16
            $read = $stream.Read($head, 0, 16)
            $torn = $read -eq 0 -or @($head | Where-Object { $_ -ne 0 }).Count -eq 0
        }
        finally { $stream.Dispose() }
    }
    $policies = @('RemoveWindowsStore', 'DisableStoreApps' |
            Where-Object { (Get-KtRegistryValue -Path 'HKLM:\SOFTWARE\Policies\Microsoft\WindowsStore' -Name $_).Value -eq 1 })
    @{ Path = $path; Torn = $torn; Policies = $policies }
}
# endregion

$path = (Get-LicenceState).Path
$aside = Rename-KtFile -Path $path -Aside -KeepStopped 'ClipSVC'
Start-KtService -Name 'ClipSVC'

@{
    changed        = [bool]$aside
    facts          = @{ aside = "$aside" }
    rebootRequired = $false
}
