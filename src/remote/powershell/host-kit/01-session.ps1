<#
.SYNOPSIS
State of the session, error records, hashes, and the fault that a script's error becomes.
.NOTES
The kit is one text: these files in order of their names. It is sent into a session (or read by a task of ours) and dot-sourced; it defines
functions and one variable, $global:KtState, and installs nothing. Windows PowerShell 5.1 that PowerShell 7 also runs.
#>

function Initialize-KtState {
    [CmdletBinding()]
    param([string]$Run, [string]$HostName, [string]$KitText, [string]$KitSha256, [string]$SessionId = '')
    $global:KtState = @{
        Run = $Run; HostName = $HostName; KitText = $KitText; KitSha256 = $KitSha256
        Root = [IO.Path]::Combine($env:ProgramData, 'Kintsugi')
        # whose claim the changes of this session are made under
        Token = 0; JournalHead = ''; Step = ''; Attempt = 0; Lane = 'inline'; LongestMs = 900000
        # hash of the script that is applied, and the groups for which the dead-man tasks were armed for it
        Applied = ''; Armed = @()
        # false only while an apply, an undo or a protection is under way
        ReadOnly = $true
        # whether programs of the script under way may be ended in the middle
        Interruptible = $false
        # what the ledger file held when this session last read or wrote it
        Ledger = @{ Length = -1; Seq = 0; Hash = ''; TopToken = 0; Open = $false }
        # reference time: UTC ticks at one reading of the monotonic clock, and that reading
        Reference = @{ UtcTicks = [long]0; Timestamp = [long]0; RoundTripMs = 0 }
        # folder of the task that this process is, or ''
        TaskFolder = ''
        # SID of the user for whom the script under way works (lane user), or ''
        User = ''
        OwnTask = ''
        ShellId = $SessionId
        Secrets = @()
    }
}

function Set-KtWork {
    <# .SYNOPSIS Says under which claim and for which step the next changes are made. #>
    [CmdletBinding()]
    param([int]$Token, [string]$JournalHead, [string]$Step = '', [int]$Attempt = 0, [string]$Lane = 'inline', [long]$LongestMs = 900000)
    $global:KtState.Token = $Token
    $global:KtState.JournalHead = $JournalHead
    $global:KtState.Step = $Step
    $global:KtState.Attempt = $Attempt
    $global:KtState.Lane = $Lane
    $global:KtState.LongestMs = $LongestMs
}

function New-KtError {
    <# .SYNOPSIS An error record with a fixed id; throw it. #>
    [CmdletBinding()]
    param([string]$Id, [string]$Message, [object]$Target = $null, [Exception]$Cause = $null)
    if ($null -eq $Cause) { $exception = New-Object -TypeName InvalidOperationException -ArgumentList $Message }
    else { $exception = New-Object -TypeName InvalidOperationException -ArgumentList $Message, $Cause }
    New-Object -TypeName Management.Automation.ErrorRecord -ArgumentList $exception, $Id, ([Management.Automation.ErrorCategory]::InvalidOperation), $Target
}

function Get-KtRootCause {
    <# .SYNOPSIS The innermost exception: PowerShell wraps what .NET methods throw. #>
    [CmdletBinding()]
    param([Exception]$Exception)
    $inner = $Exception
    while ($null -ne $inner.InnerException) { $inner = $inner.InnerException }
    $inner
}

function Get-KtHex {
    <# .SYNOPSIS A signed 32-bit code as 0x and eight digits. #>
    [CmdletBinding()]
    param([int]$Code)
    '0x{0:X8}' -f $Code
}

function Get-KtSha256 {
    <# .SYNOPSIS SHA-256 of a text's UTF-8 bytes, lower-case hex. #>
    [CmdletBinding()]
    param([AllowEmptyString()][string]$Text)
    Get-KtBytesSha256 -Bytes ((New-Object -TypeName Text.UTF8Encoding -ArgumentList $false).GetBytes($Text))
}

function Get-KtBytesSha256 {
    [CmdletBinding()]
    param([byte[]]$Bytes)
    $algorithm = [Security.Cryptography.SHA256]::Create()
    try { [BitConverter]::ToString($algorithm.ComputeHash($Bytes)).Replace('-', '').ToLowerInvariant() }
    finally { $algorithm.Dispose() }
}

function Assert-KtSha256 {
    [CmdletBinding()]
    param([string]$Text, [string]$Sha256, [string]$What)
    $actual = Get-KtSha256 -Text $Text
    if ($actual -ne $Sha256) {
        throw (New-KtError -Id 'KtHashMismatch' -Message "$What is not the one that was signed: expected SHA-256 $Sha256, got $actual." -Target $What)
    }
}

function Get-KtField {
    <# .SYNOPSIS A field of a hashtable or object, or the default where it is missing. #>
    [CmdletBinding()]
    param([object]$From, [string]$Name, [object]$Default = $null)
    if ($null -eq $From) { return $Default }
    if ($From -is [Collections.IDictionary]) {
        if ($From.Contains($Name)) { return $From[$Name] }
        return $Default
    }
    $property = $From.PSObject.Properties[$Name]
    if ($null -eq $property) { return $Default }
    $property.Value
}

function Get-KtScriptLine {
    <#
    .SYNOPSIS
    The innermost line of the script under way in a stack trace (in its functions and blocks, too), or $null: what it called is none of it.
    .NOTES
    The words of a frame are translated. What follows the name in the script's own frame follows it in all others of its text; functions that
    others define may have come without a file as well, so that a named frame counts only where the script defines that function. Where it runs
    texts of its own, its lines and theirs cannot be told apart: then it is the line of the call.
    #>
    [CmdletBinding()]
    param([string]$StackTrace, [string]$Text)
    $frames = @($StackTrace -split "`r?`n")
    $at = 0
    while ($at -lt $frames.Count -and $frames[$at] -notmatch '\bInvoke-KtBody\b') { $at++ }
    # an error of the kit itself in that very frame has no line in the script
    if ($at -eq $frames.Count -or $at -eq 0 -or $frames[$at - 1] -notmatch '<ScriptBlock>(?:<\w+>)?(.+?)(\d+)\D*$') { return }
    $tail = [regex]::Escape($Matches[1])
    $line = [int]$Matches[2]
    if ($Text -match '\b(?:Invoke-Expression|iex)\b|\[scriptblock\]::Create|NewScriptBlock') { return $line }
    # functions, filters and methods of classes
    $defined = [regex]::Matches($Text, '(?i)\b(?:(?:function|filter)\s+(?:\w+:)?([^\s({]+)|(\w+)\s*\([^)]*\)\s*\{)')
    $names = @('<ScriptBlock>') + @($defined | ForEach-Object { [regex]::Escape($_.Groups[1].Value + $_.Groups[2].Value) })
    $own = '(?:^|\s)(?:' + ($names -join '|') + ')(?:<\w+>)?' + $tail + '(\d+)\D*$'
    while ($at -gt 0 -and $frames[$at - 1] -match $own) {
        $line = [int]$Matches[1]
        $at--
    }
    $line
}

function Get-KtFault {
    <#
    .SYNOPSIS
    What an error becomes on its way to the controller: message, fixed id, HRESULT, and the line of the script under way.
    #>
    [CmdletBinding()]
    param([Management.Automation.ErrorRecord]$ErrorRecord, [string]$Script = '', [string]$Text = '')
    $cause = Get-KtRootCause -Exception $ErrorRecord.Exception
    $id = [string]$ErrorRecord.FullyQualifiedErrorId
    $hresult = $null
    if (-not ($id.StartsWith('Kt') -and $null -eq $ErrorRecord.Exception.InnerException)) { $hresult = Get-KtHex -Code $cause.HResult }
    $line = Get-KtScriptLine -StackTrace $ErrorRecord.ScriptStackTrace -Text $Text
    # a method's error has the stack of its call; what failed inside has its own
    $inside = $ErrorRecord.Exception
    while ($inside -is [Management.Automation.MethodInvocationException] -and $null -ne $inside.InnerException) {
        $inside = $inside.InnerException
        $within = if ($inside -is [Management.Automation.RuntimeException]) { Get-KtScriptLine -StackTrace $inside.ErrorRecord.ScriptStackTrace -Text $Text }
        if ($null -ne $within) { $line = $within }
    }
    if ($null -eq $line -and $null -ne $ErrorRecord.InvocationInfo -and -not $id.StartsWith('Kt') -and -not $id.StartsWith('ParseException') -and $ErrorRecord.InvocationInfo.ScriptLineNumber -gt 0) {
        $line = [int]$ErrorRecord.InvocationInfo.ScriptLineNumber
    }
    $message = [string]$ErrorRecord.Exception.Message
    if ($ErrorRecord.Exception -is [Management.Automation.MethodInvocationException]) { $message = [string]$cause.Message }
    @{ message = $message; fqid = $id; hresult = $hresult; script = $Script; line = $line }
}
