<#
.SYNOPSIS
Installs an update from its file.
.OUTPUTS
changed, facts, rebootRequired
#>
[CmdletBinding()]
param(
    [string] $Path,
    [string] $Kb
)

$reason = 'an installed update stays; it is taken out by its package and a restart'
if ($Path -match '\.cab$') {
    $run = Invoke-KtProgram -File "$env:windir\System32\Dism.exe" -Arguments '/English', '/Online', '/Add-Package', "/PackagePath:$Path", '/Quiet', '/NoRestart' -Irreversible $reason -Leaves 'component-store', 'system-files' -LimitSeconds 5100
}
else {
    $run = Invoke-KtProgram -File "$env:windir\System32\wusa.exe" -Arguments $Path, '/quiet', '/norestart' -Irreversible $reason -Leaves 'component-store', 'system-files' -LimitSeconds 5100
}

# 0x00240006 says that the update is there already, 3010 and 1641 ask for a restart.
if ($run.ExitCode -notin 0, 3010, 1641, 0x00240006) {
    $advice = switch ($run.Hex) {
        '0x800F0823' { 'a newer servicing stack is needed first; give its file with the parameter prerequisite' }
        { $_ -in '0x80240017', '0x800F081E' } { 'the update is not for this host (architecture, build), or a newer one is installed' }
        { $_ -in '0x8007000D', '0x80070570' } { 'the file is damaged; load it anew and compare its SHA-256' }
        { $_ -in '0x80070070', '0x00000070' } { 'the disk is full' }
        '0x80070643' { 'the recovery partition may be too small' }
        { $_ -in '0x80070002', '0x80070003', '0x80073712', '0x800F0831', '0x800F081F' } { 'servicing misses something; use component-store/missing-pieces or component-store/repair' }
        default { 'see the servicing log in the evidence' }
    }
    throw "KB$Kb could not be installed ($($run.Hex)): $advice"
}

@{
    changed        = $run.ExitCode -ne 0x00240006
    facts          = @{ kb = $Kb; exitCode = $run.Hex }
    rebootRequired = $run.ExitCode -in 3010, 1641
}
