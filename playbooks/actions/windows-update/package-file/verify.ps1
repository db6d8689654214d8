<#
.SYNOPSIS
Tells whether the file of an update is whole and signed by Microsoft. Read-only.
.OUTPUTS
ok, reason, facts
#>
[CmdletBinding()]
param(
    [string] $Path,
    [string] $Sha256
)

$reason = ''
$hash = ''
$status = ''
$signer = ''
$bytes = [long]0
if ($Path) {
    if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) { $reason = "the file $Path is not there for SYSTEM; on a share the computer account needs to read it" }
    elseif ($Path -notmatch '\.(msu|cab)$') { $reason = "the file $Path is no package of an update (.msu or .cab)" }
    else {
        $bytes = [long](Get-KtFileLength -Path $Path)
        $hash = (Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash
        $signature = Get-AuthenticodeSignature -LiteralPath $Path
        $status = "$($signature.Status)"
        if ($null -ne $signature.SignerCertificate) { $signer = "$($signature.SignerCertificate.Subject)" }
        if ($Sha256 -and $hash -ne $Sha256) { $reason = "the file $Path has another SHA-256 ($hash) than it should; load it anew from the catalogue" }
        elseif ($status -ne 'Valid') { $reason = "the signature of $Path is not valid ($status); load it anew from the catalogue, and see that the clock is right" }
        elseif ($signer -notmatch '(^|, )O=Microsoft Corporation(,|$)') { $reason = "the file $Path is signed by $signer, not by Microsoft" }
    }
}

@{
    ok     = -not $reason
    reason = $reason
    facts  = @{ path = $Path; bytes = $bytes; sha256 = $hash; signature = $status; signer = $signer }
}
