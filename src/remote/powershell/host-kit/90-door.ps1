<#
.SYNOPSIS
The one command that the controller calls. It gives one JSON text: { ok: true, value } or { ok: false, fault }.
.NOTES
One text, because objects lose their depth on the way through remoting.
#>

function Invoke-KtDoor {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name, [Collections.IDictionary]$With = @{}, [string]$UtcTicks = '', [long]$RoundTripMs = 0)
    Set-StrictMode -Version 3
    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'
    $doors = @{
        clock = 'Get-KtClockSample'; facts = 'Get-KtHostFacts'
        claim = 'Enter-KtClaim'; ledger = 'Get-KtLedger'; former = 'Get-KtFormerAttempt'; endFormer = 'Stop-KtFormerAttempt'
        protect = 'Invoke-KtProtect'; protection = 'Test-KtProtection'; capture = 'Save-KtCapture'; touched = 'Get-KtTouchedFact'
        user = 'Find-KtUser'; read = 'Invoke-KtRead'; apply = 'Invoke-KtApply'; poll = 'Receive-KtTask'; endTask = 'Stop-KtTask'; undo = 'Invoke-KtUndo'
        reboot = 'Restart-KtHost'; pendingReboot = 'Get-KtPendingReboot'; evidence = 'Get-KtEvidence'
        release = 'Exit-KtRun'; commit = 'Complete-KtRun'
    }
    try {
        # told anew with every call: the monotonic clock may have stood still between two of them
        if ($UtcTicks -ne '') { Set-KtReference -UtcTicks $UtcTicks -RoundTripMs $RoundTripMs }
        if (-not $doors.ContainsKey($Name)) { throw (New-KtError -Id 'KtNoDoor' -Message "The kit has no door '$Name'." -Target $Name) }
        $command = $doors[$Name]
        # pending reasons are a list, also when there is one or none
        if ($Name -eq 'pendingReboot') { $value = @(& $command @With) } else { $value = & $command @With }
        $answer = [ordered]@{ ok = $true; value = $value }
    }
    catch { $answer = [ordered]@{ ok = $false; fault = Get-KtFault -ErrorRecord $_ -Script $Name } }
    $text = ConvertTo-KtJson -Value $answer
    # secrets were taken out of the ledger when it was written; its hashes must arrive as they are
    if ($Name -eq 'ledger') { $text } else { Hide-KtSecret -Text $text }
}
