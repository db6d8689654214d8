<#
.SYNOPSIS
The user lane: a text as a one-shot task in a signed-in user's session, with that user's own rights. What it hands back is untrusted data.
.NOTES
The administrator's side keeps claim, ledger and change records. The user may read the text and write one file made beforehand; the rest of
the kit's folder stays closed (the path leads through it by the right to bypass traverse checking, which Windows gives everybody).
#>

function Get-KtSignedInUser {
    <# .SYNOPSIS Who is signed in, the one whose session work would run in first (console, then the lowest session): Sid, Account, Session, Console. #>
    [CmdletBinding()]
    param()
    $console = [string](Get-CimInstance -ClassName Win32_ComputerSystem).UserName
    $found = @{}
    foreach ($process in @(Get-CimInstance -ClassName Win32_Process -Filter "Name='explorer.exe'")) {
        $sid = [string](Invoke-CimMethod -InputObject $process -MethodName GetOwnerSid).Sid
        $owner = Invoke-CimMethod -InputObject $process -MethodName GetOwner
        # it may have ended meanwhile
        if (-not $sid) { continue }
        $session = [int]$process.SessionId
        if ($found.ContainsKey($sid) -and $found[$sid].Session -le $session) { continue }
        $account = "$($owner.Domain)\$($owner.User)"
        $found[$sid] = [pscustomobject]@{ Sid = $sid; Account = $account; Session = $session; Console = ($account -eq $console) }
    }
    $found.Values | Sort-Object -Property @{ Expression = 'Console'; Descending = $true }, Session
}

function Select-KtUser {
    <# .SYNOPSIS The signed-in user with this SID, or the first one for ''. Ends with KtNoUserSession where there is none. #>
    [CmdletBinding()]
    param([string]$Sid = '')
    $user = @(Get-KtSignedInUser | Where-Object { -not $Sid -or $_.Sid -eq $Sid } | Select-Object -First 1)
    if ($user.Count -gt 0) { return $user[0] }
    $who = if ($Sid) { "User $Sid is not" } else { 'Nobody is' }
    throw (New-KtError -Id 'KtNoUserSession' -Message "$who signed in, and this has to run in a user's session." -Target $Sid)
}

function Get-KtUser {
    <# .SYNOPSIS The user of the run (lane user), who must be signed in; elsewhere the first one who is: Sid, Account, Session, Console. #>
    [CmdletBinding()]
    param()
    Select-KtUser -Sid $global:KtState.User
}

function Find-KtUser {
    <# .SYNOPSIS Door `user`: the signed-in user with this SID, or the first one for '': sid, account, session, console; nothing where there is none. #>
    [CmdletBinding()]
    param([string]$Sid = '')
    $user = @(Get-KtSignedInUser | Where-Object { -not $Sid -or $_.Sid -eq $Sid } | Select-Object -First 1)
    if ($user.Count -eq 0) { return }
    [ordered]@{ sid = $user[0].Sid; account = $user[0].Account; session = $user[0].Session; console = $user[0].Console }
}

function Get-KtUserCommand {
    <# .SYNOPSIS The arguments of powershell.exe in the user's session: read the text, compare its hash, run it, write what it gives as JSON. #>
    [CmdletBinding()]
    param([string]$Folder, [string]$Sha256)
    $text = '$ErrorActionPreference=''Stop''; $ProgressPreference=''SilentlyContinue''; $f=''<folder>''; $u=New-Object Text.UTF8Encoding $false; ' +
    '$t=[IO.File]::ReadAllText($f+''\call.json'',$u); ' +
    '$h=[BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($u.GetBytes($t))).Replace(''-'',''''); if ($h -ne ''<sha256>'') { exit 97 }; ' +
    'try { $c=ConvertFrom-Json -InputObject $t; $p=@{}; foreach ($x in @($c.parameters.PSObject.Properties)) { $p[$x.Name]=$x.Value }; ' +
    '$o=@(& ([scriptblock]::Create($c.text)) @p); $r=@{ ok=$true; output=$o } } ' +
    'catch { $r=@{ ok=$false; message=[string]$_.Exception.Message; hresult=[int]$_.Exception.HResult } }; ' +
    '[IO.File]::WriteAllText($f+''\result.json'',(ConvertTo-Json -InputObject $r -Depth 6 -Compress),$u)'
    $text = $text.Replace('<folder>', $Folder.Replace("'", "''")).Replace('<sha256>', $Sha256)
    '-NoProfile -NonInteractive -WindowStyle Hidden -Command "' + $text + '"'
}

function Read-KtUserResult {
    <# .SYNOPSIS What the user's side wrote, checked: at most 256 KiB of JSON with ok and output; never run, never taken for more than data. #>
    [CmdletBinding()]
    param([string]$Path)
    $bad = { param($why) New-KtError -Id 'KtUserResult' -Message "What came back from the user's session is not a result: $why." -Target $Path }
    if (Test-KtLink -Path $Path) { throw (& $bad 'its file was made a link') }
    $bytes = [byte[]](Read-KtBytes -Path $Path -From 0 -Limit 262145)
    if ($bytes.Length -gt 262144) { throw (& $bad 'it is over 256 KiB') }
    try { $result = ConvertFrom-Json -InputObject (New-Object -TypeName Text.UTF8Encoding -ArgumentList $false).GetString($bytes) }
    catch { throw (& $bad 'no JSON') }
    $ok = Get-KtField -From $result -Name 'ok'
    if ($ok -isnot [bool]) { throw (& $bad 'its field ok is neither true nor false') }
    if ($ok) { return , @(foreach ($item in @(Get-KtField -From $result -Name 'output')) { , (ConvertTo-KtHashtable -Value $item) }) }
    $code = [string](Get-KtField -From $result -Name 'hresult')
    $hex = if ($code -match '^-?\d{1,10}$') { Get-KtHex -Code ([int]$code) } else { 'no code' }
    throw (New-KtError -Id 'KtUserScript' -Message "The part that runs as the user failed ($hex): $([string](Get-KtField -From $result -Name 'message'))" -Target $Path)
}

function Invoke-KtUserTask {
    <# .SYNOPSIS Runs a text in the session of a signed-in user and waits for its end; of the task nothing stays. #>
    [CmdletBinding()]
    param([string]$Text, [Collections.IDictionary]$Parameters, [string]$Sid, [int]$LimitSeconds)
    foreach ($entry in $Parameters.GetEnumerator()) {
        if ($entry.Value -is [Security.SecureString]) { throw (New-KtError -Id 'KtUserSecret' -Message "Parameter '$($entry.Key)' is a secret: none is handed to a user's session." -Target $entry.Key) }
    }
    $user = Select-KtUser -Sid $Sid
    $task = Get-KtTaskName -What "user-$([guid]::NewGuid().ToString('N').Substring(0, 8))" -Token $(if ($global:KtState.ReadOnly) { 0 } else { $global:KtState.Token })
    $folder = [IO.Path]::Combine((Get-KtTaskFolder -Task $task), 'user')
    $result = [IO.Path]::Combine($folder, 'result.json')
    try {
        Assert-KtFolder -Folder $folder
        $call = ConvertTo-KtJson -Value ([ordered]@{ text = $Text; parameters = $Parameters })
        Write-KtText -Path ([IO.Path]::Combine($folder, 'call.json')) -Text $call
        Write-KtText -Path $result -Text ''
        $rules = New-Object -TypeName Security.AccessControl.DirectorySecurity
        $rules.SetSecurityDescriptorSddlForm("O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;$($user.Sid))")
        Set-Acl -LiteralPath $folder -AclObject $rules
        $rules = New-Object -TypeName Security.AccessControl.FileSecurity
        $rules.SetSecurityDescriptorSddlForm("O:BAD:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x12019f;;;$($user.Sid))")
        Set-Acl -LiteralPath $result -AclObject $rules
        $given = @{
            TaskName = $task
            Action = New-ScheduledTaskAction -Execute "$env:windir\System32\WindowsPowerShell\v1.0\powershell.exe" -Argument (Get-KtUserCommand -Folder $folder -Sha256 (Get-KtSha256 -Text $call))
            Principal = New-ScheduledTaskPrincipal -UserId $user.Account -LogonType Interactive -RunLevel Limited
            Settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -MultipleInstances IgnoreNew -ExecutionTimeLimit ([timespan]::FromSeconds($LimitSeconds + 60))
            Force = $true
        }
        Register-ScheduledTask @given | Out-Null
        Start-ScheduledTask -TaskName $task
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Start-Sleep -Milliseconds 250
        # 0x41303: the task service has not come to it yet
        while ((Test-KtTaskRunning -Task $task) -or [long](Get-ScheduledTaskInfo -TaskName $task).LastTaskResult -eq 0x41303) {
            if ($watch.ElapsedMilliseconds -ge 1000 * $LimitSeconds) { throw (New-KtError -Id 'KtUserOverdue' -Message "The part that runs as $($user.Account) did not end within $LimitSeconds s and was ended." -Target $task) }
            Start-Sleep -Milliseconds 250
        }
        if ((New-Object -TypeName IO.FileInfo -ArgumentList $result).Length -eq 0) {
            $code = Get-KtHex -Code ([int]([long](Get-ScheduledTaskInfo -TaskName $task).LastTaskResult -band 0x7fffffffL))
            throw (New-KtError -Id 'KtUserResult' -Message "The part that runs as $($user.Account) left no result (last result of its task $code)." -Target $task)
        }
        $output = Read-KtUserResult -Path $result
        [pscustomobject]@{ Sid = $user.Sid; Account = $user.Account; Session = $user.Session; Output = $output }
    }
    finally { Remove-KtTask -Task $task }
}

function Invoke-KtAsUser {
    <#
    .SYNOPSIS
    Runs a text in a signed-in user's session: one that only looks (-ReadOnly), or one whose inverse is another text that runs as the same user.
    .PARAMETER Sid
    Which user; without it the one of the run (lane user), else the one at the console, else the one of the lowest session.
    .PARAMETER UndoText
    Puts back what Text changes. It may run twice, and after a Text that ran in part: it must end with the same state.
    .OUTPUTS
    Sid, Account, Session and Output: what the text gave, as data (texts, numbers, booleans, hashtables, lists)
    #>
    [CmdletBinding(DefaultParameterSetName = 'Look')]
    param(
        [Parameter(Mandatory = $true)][string]$Text, [Collections.IDictionary]$Parameters = @{}, [string]$Sid = '', [int]$LimitSeconds = 60,
        [Parameter(Mandatory = $true, ParameterSetName = 'Look')][switch]$ReadOnly,
        [Parameter(Mandatory = $true, ParameterSetName = 'Change')][string]$UndoText,
        [Parameter(ParameterSetName = 'Change')][Collections.IDictionary]$UndoParameters = @{}
    )
    if (-not $Sid) { $Sid = $global:KtState.User }
    if (-not $ReadOnly) {
        # nobody signed in: nothing is to be changed, so nothing is recorded
        $user = @(Get-KtSignedInUser | Where-Object { -not $Sid -or $_.Sid -eq $Sid } | Select-Object -First 1)
        if ($user.Count -gt 0) {
            $Sid = $user[0].Sid
            Write-KtBefore -Change 'user-script' -Target $Sid -Before ([ordered]@{ text = $UndoText; parameters = $UndoParameters; limitSeconds = $LimitSeconds })
        }
    }
    Invoke-KtUserTask -Text $Text -Parameters $Parameters -Sid $Sid -LimitSeconds $LimitSeconds
}

function Undo-KtUserScript {
    [CmdletBinding()]
    param([string]$Sid, [object]$Before)
    $parameters = ConvertTo-KtHashtable -Value $Before.parameters
    Invoke-KtUserTask -Text ([string]$Before.text) -Parameters $parameters -Sid $Sid -LimitSeconds ([int]$Before.limitSeconds) | Out-Null
}
