<#
.SYNOPSIS
Tells whether the store of licences is torn. Read-only.
.OUTPUTS
needed, possible, reason, facts
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

$state = Get-LicenceState
$disabled = (Get-KtService -Name 'ClipSVC').StartType -eq 'Disabled'
$reason = ''
if ($state.Policies.Count -gt 0) { $reason = "a policy takes the Store away ($($state.Policies -join ', ')); its owner has to change it" }
elseif ($state.Torn -and $disabled) { $reason = 'ClipSVC is disabled and cannot build the licences anew (service/baseline)' }

@{
    needed   = $state.Torn -or $state.Policies.Count -gt 0
    possible = -not $reason
    reason   = $reason
    facts    = @{ torn = $state.Torn; policies = $state.Policies }
}
