<#
.SYNOPSIS
Tells whether the default profile of the run's user can be opened. Read-only.
.OUTPUTS
needed, possible, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Name
)

# region Outlook of a user (the same text in data-file, mailbox-copy, profile and ready; a test compares them)
function Get-OutlookState {
    # What a user's Outlook has: Key, Default and whether that profile is whole, other whole profiles, and the data files that it names.
    param([object] $User)
    $key = "Registry::HKEY_USERS\$($User.Sid)\Software\Microsoft\Office\16.0\Outlook"
    $state = @{ Key = $key; SetUp = $false; Default = ''; Whole = $false; Others = @(); Files = @(); Open = $false }
    if (-not (Test-Path -LiteralPath "$key\Profiles")) { return $state }
    $state.SetUp = $true
    $state.Default = "$((Get-KtRegistryValue -Path $key -Name 'DefaultProfile').Value)"
    # a profile without the list of its services is none, but Exchange fills an empty one where zero configuration is on
    $fills = (Get-KtRegistryValue -Path "$key\AutoDiscover" -Name 'ZeroConfigExchange').Value -eq 1
    $whole = @(Get-ChildItem -LiteralPath "$key\Profiles" |
            Where-Object { (Test-Path -LiteralPath "$key\Profiles\$($_.PSChildName)\9207f3e0a3b11019908b08002b2a56c2") -or ($fills -and $_.SubKeyCount -eq 0) } |
            ForEach-Object { $_.PSChildName })
    $state.Whole = $state.Default -ne '' -and $state.Default -in $whole
    $state.Others = @($whole | Where-Object { $_ -ne $state.Default })
    $state.Open = @(Get-CimInstance -ClassName Win32_Process -Filter "Name='OUTLOOK.EXE'" | Where-Object { [int]$_.SessionId -eq $User.Session }).Count -gt 0
    if (-not $state.Whole) { return $state }
    $state.Files = @(foreach ($section in @(Get-ChildItem -LiteralPath "$key\Profiles\$($state.Default)" -Recurse)) {
            foreach ($name in '001f6700', '001f6610') {
                $bytes = $section.GetValue($name)
                if ($bytes -isnot [byte[]]) { continue }
                $path = [System.Text.Encoding]::Unicode.GetString($bytes).TrimEnd([char]0)
                # a share cannot be looked at from here: the way there is the user's
                if ($path.StartsWith('\\')) { @{ Path = $path; Mailbox = $name -eq '001f6610'; Exists = $true; Torn = $false; Remote = $true }; continue }
                $exists = [System.IO.File]::Exists($path)
                @{ Path = $path; Mailbox = $name -eq '001f6610'; Exists = $exists; Torn = $exists -and -not (Test-DataFile -Path $path); Remote = $false }
            }
        })
    $state
}

function Test-DataFile {
    # Whether a file begins as PST and OST files do ([MS-PST] 2.2.2.6, dwMagic). One that Outlook holds is one that it could open.
    param([string] $Path)
    try { $stream = New-Object -TypeName System.IO.FileStream -ArgumentList $Path, 'Open', 'Read', 'ReadWrite' }
    catch {
        $cause = $_.Exception
        while ($null -ne $cause.InnerException) { $cause = $cause.InnerException }
        if (('0x{0:X8}' -f $cause.HResult) -eq '0x80070020') { return $true }
        throw
    }
    try {
        $head = New-Object -TypeName 'byte[]' -ArgumentList 4
        $stream.Read($head, 0, 4) -eq 4 -and [System.Text.Encoding]::ASCII.GetString($head) -eq '!BDN'
    }
    finally { $stream.Dispose() }
}
# endregion

$user = Get-KtUser
$state = Get-OutlookState -User $user
$needed = $state.SetUp -and -not $state.Whole

$reason = ''
if ($needed -and $state.Open) { $reason = "$($user.Account) has Outlook open; close it first" }

@{
    needed   = $needed
    possible = -not $reason
    reason   = $reason
    facts    = @{ user = $user.Account; profile = $state.Default; others = $state.Others }
}
