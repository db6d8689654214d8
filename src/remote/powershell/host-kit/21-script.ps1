<#
.SYNOPSIS
Running the scripts of an action: hash checked, parameters bound by name, result checked, errors with line and code.
#>

function Invoke-KtBody {
    <# .SYNOPSIS Runs a script's text; Get-KtFault finds the script's line by this function's name. #>
    [CmdletBinding()]
    param([string]$Text, [Collections.IDictionary]$Parameters)
    Set-StrictMode -Version 3
    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'
    & ([scriptblock]::Create($Text)) @Parameters
}

function Get-KtSurplusText {
    <# .SYNOPSIS Says what a script wrote besides its result: type and first characters of the first few. #>
    [CmdletBinding()]
    param([object[]]$Output)
    $surplus = @($Output | Where-Object { $_ -isnot [Collections.IDictionary] -and $_ -isnot [Management.Automation.PSCustomObject] })
    if ($surplus.Count -eq 0) { $surplus = @($Output | Select-Object -SkipLast 1) }
    $shown = foreach ($item in @($surplus | Select-Object -First 3)) {
        if ($null -eq $item) { '$null'; continue }
        # a type may bring a text of its own, and fail at it
        $text = try { (Hide-KtSecret -Text ([string]$item)) -replace '\s+', ' ' } catch { $item.GetType().FullName }
        $type = $item.GetType().FullName
        if ($text -eq $type) { $type; continue }
        # enough to find it by; what was made on the host may be a secret that nobody knows as one
        if ($text.Length -gt 24) { $text = $text.Substring(0, 24) + '...' }
        "$type '$text'"
    }
    $more = $surplus.Count - 3
    ($shown -join ', ') + $(if ($more -gt 0) { " and $more more" })
}

function Get-KtResultFault {
    <# .SYNOPSIS What is wrong with a script's result, or ''. #>
    [CmdletBinding()]
    param([string]$Kind, [AllowEmptyCollection()][object[]]$Output)
    if ($Output.Count -eq 0) { return 'expected one result object, got none: end with @{ ... }' }
    if ($Output.Count -gt 1) { return "expected one result object, got $($Output.Count) objects: $(Get-KtSurplusText -Output $Output). Assign to `$null what is not the result" }
    $result = $Output[0]
    if ($result -isnot [Collections.IDictionary] -and $result -isnot [Management.Automation.PSCustomObject]) { return "expected a hashtable or object, got $($result.GetType().FullName)" }
    $fields = @{ detect = 'needed', 'possible'; verify = @('ok'); apply = 'changed', 'rebootRequired'; undo = 'changed', 'rebootRequired' }[$Kind]
    foreach ($field in $fields) {
        if ((Get-KtField -From $result -Name $field) -isnot [bool]) { return "field '$field' must be `$true or `$false" }
    }
    ''
}

function Select-KtResult {
    <# .SYNOPSIS The agreed fields of a script's result; a missing reason is '', missing facts are {}. #>
    [CmdletBinding()]
    param([string]$Kind, [object]$Result)
    $facts = Get-KtField -From $Result -Name 'facts'
    if ($null -eq $facts) { $facts = @{} }
    $reason = [string](Get-KtField -From $Result -Name 'reason' -Default '')
    switch ($Kind) {
        'detect' { return [ordered]@{ needed = (Get-KtField -From $Result -Name 'needed'); possible = (Get-KtField -From $Result -Name 'possible'); reason = $reason; facts = $facts } }
        'verify' { return [ordered]@{ ok = (Get-KtField -From $Result -Name 'ok'); reason = $reason; facts = $facts } }
    }
    [ordered]@{ changed = (Get-KtField -From $Result -Name 'changed'); facts = $facts; rebootRequired = (Get-KtField -From $Result -Name 'rebootRequired') }
}

function Invoke-KtScript {
    <#
    .SYNOPSIS
    Runs one script of an action in this process.
    .OUTPUTS
    kind done (result) or failed (fault)
    #>
    [CmdletBinding()]
    param([string]$Step, [string]$Kind, [string]$Text, [string]$Sha256, [Collections.IDictionary]$Parameters, [bool]$Interruptible = $false)
    # the step by its own name again: whatever ran before may have left another
    $global:KtState.Secrets = @(foreach ($entry in $Parameters.GetEnumerator()) { if ($entry.Value -is [Security.SecureString]) { $entry.Value } })
    $global:KtState.Step = $Step
    $global:KtState.ReadOnly = $Kind -in 'detect', 'verify'
    $global:KtState.Interruptible = $Interruptible
    $script = "$Step/$Kind.ps1"
    try {
        Assert-KtSha256 -Text $Text -Sha256 $Sha256 -What "Script $script"
        $output = @(Invoke-KtBody -Text $Text -Parameters $Parameters)
        $wrong = Get-KtResultFault -Kind $Kind -Output $output
        if ($wrong) { throw (New-KtError -Id 'KtBadResult' -Message "Script ${script}: $wrong." -Target $script) }
        @{ kind = 'done'; result = Select-KtResult -Kind $Kind -Result $output[0] }
    }
    catch { @{ kind = 'failed'; fault = Get-KtFault -ErrorRecord $_ -Script $script -Text $Text } }
    finally {
        $global:KtState.ReadOnly = $true
        $global:KtState.Interruptible = $false
    }
}

function Assert-KtLane {
    [CmdletBinding()]
    param([string]$Lane, [string]$User = '')
    if ($Lane -notin 'inline', 'system', 'user') { throw (New-KtError -Id 'KtNoLane' -Message "This kit runs scripts in the lanes inline, system and user, not in '$Lane'." -Target $Lane) }
    # a user who is not there any more is told before the script begins, so before any change
    $global:KtState.User = if ($Lane -eq 'user') { (Select-KtUser -Sid $User).Sid } else { '' }
}

function Invoke-KtRead {
    <# .SYNOPSIS Door `read`: a detect or verify script, in the session or as a task of which nothing stays. #>
    [CmdletBinding()]
    param([string]$Step, [string]$Kind, [string]$Text, [string]$Sha256, [Collections.IDictionary]$Parameters, [string]$Lane, [long]$LongestMs, [string]$User = '')
    Assert-KtLane -Lane $Lane -User $User
    if ($Lane -eq 'inline') { return Invoke-KtScript -Step $Step -Kind $Kind -Text $Text -Sha256 $Sha256 -Parameters $Parameters }
    $task = Get-KtTaskName -What "$Step-$Kind-$([guid]::NewGuid().ToString('N').Substring(0, 8))" -Token 0
    Start-KtScriptTask -Task $task -Step $Step -Kind $Kind -Text $Text -Sha256 $Sha256 -Parameters $Parameters -LongestMs $LongestMs -Intent 0
}

function Write-KtIntent {
    <# .SYNOPSIS Says before anything is changed who is about to change it; gives the record's seq. #>
    [CmdletBinding()]
    param([string]$Kind, [string]$Sha256 = '', [string]$Task = '', [bool]$Interruptible = $false)
    $own = Get-Process -Id $PID
    Add-KtRecord -Kind 'intent' -Data ([ordered]@{
            step = $global:KtState.Step; kind = $Kind; attempt = $global:KtState.Attempt; lane = $global:KtState.Lane; sha256 = $Sha256
            processId = $PID; processStart = Get-KtProcessStart -Process $own; shellId = $global:KtState.ShellId; task = $Task; interruptible = $Interruptible
        })
}

function Write-KtOutcome {
    <# .SYNOPSIS Says how what an intent announced has ended; also a worker whose claim is gone may tell. #>
    [CmdletBinding()]
    param([int]$Intent, [string]$Kind, [Collections.IDictionary]$Outcome)
    $data = [ordered]@{ intent = $Intent; step = $global:KtState.Step; kind = $Kind; attempt = $global:KtState.Attempt; ok = ($Outcome.kind -eq 'done') }
    if (-not $data.ok) {
        $data.message = $Outcome.fault.message
        $data.fault = $Outcome.fault
    }
    elseif ($Kind -in 'apply', 'undo') { foreach ($name in 'changed', 'facts', 'rebootRequired') { $data[$name] = $Outcome.result[$name] } }
    else { $data.result = $Outcome.result }
    [void](Add-KtRecord -Kind 'outcome' -Data $data -AnyToken)
}

function Invoke-KtApplyNow {
    <# .SYNOPSIS Applies (or undoes by script) after its intent: changes, then the outcome; the dead-man task goes when all went well, unless another step needs it. #>
    [CmdletBinding()]
    param([int]$Intent, [string]$Step, [string]$Kind, [string]$Text, [string]$Sha256, [Collections.IDictionary]$Parameters, [bool]$Interruptible = $false)
    $global:KtState.Applied = $Sha256
    $global:KtState.Armed = @()
    # a step is not kept from its work by that: a limit that is not moved only puts back what was weakened
    try { Update-KtDeadman } catch { $global:KtState.Armed = @() }
    $outcome = Invoke-KtScript -Step $Step -Kind $Kind -Text $Text -Sha256 $Sha256 -Parameters $Parameters -Interruptible $Interruptible
    if ($outcome.kind -eq 'done' -and $Kind -eq 'apply') { Disable-KtDeadmanOfApply -Group 'services' -Step $Step -Sha256 $Sha256 }
    Write-KtOutcome -Intent $Intent -Kind $Kind -Outcome $outcome
    $outcome
}

function Invoke-KtApply {
    <# .SYNOPSIS Door `apply`. #>
    [CmdletBinding()]
    param(
        [string]$Step, [string]$Kind, [string]$Text, [string]$Sha256, [Collections.IDictionary]$Parameters, [string]$Lane, [long]$LongestMs,
        [int]$Token, [string]$JournalHead, [int]$Attempt, [bool]$Interruptible = $false, [string]$User = ''
    )
    Assert-KtLane -Lane $Lane -User $User
    Set-KtWork -Token $Token -JournalHead $JournalHead -Step $Step -Attempt $Attempt -Lane $Lane -LongestMs $LongestMs
    try { Assert-KtSha256 -Text $Text -Sha256 $Sha256 -What "Script $Step/$Kind.ps1" }
    catch { return @{ kind = 'failed'; fault = Get-KtFault -ErrorRecord $_ -Script "$Step/$Kind.ps1" } }
    if ($Lane -eq 'inline') {
        $intent = Write-KtIntent -Kind $Kind -Sha256 $Sha256 -Interruptible $Interruptible
        return Invoke-KtApplyNow -Intent $intent -Step $Step -Kind $Kind -Text $Text -Sha256 $Sha256 -Parameters $Parameters -Interruptible $Interruptible
    }
    $task = Get-KtTaskName -What "$Step-$Kind-$Attempt" -Token $Token
    $intent = Write-KtIntent -Kind $Kind -Sha256 $Sha256 -Task $task -Interruptible $Interruptible
    $begun = Start-KtScriptTask -Task $task -Step $Step -Kind $Kind -Text $Text -Sha256 $Sha256 -Parameters $Parameters -LongestMs $LongestMs -Intent $intent -Interruptible $Interruptible
    # it never began, so nobody else will write the outcome
    if ($begun.kind -eq 'failed') { Write-KtOutcome -Intent $intent -Kind $Kind -Outcome $begun }
    $begun
}
