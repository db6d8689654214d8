# Calls: a pipeline runs beside the bridge's own one, which only looks after it. PowerShell 5.1 and later.
#
# Standard input is read line by line, and a line is read when the one before it is done: whatever could take long is begun by one line
# and looked after by others, so that a line that says "stop" is always read in time.

# A delegate that adds a name to the queue of names: it runs on the thread that writes a record, where no script block could run.
function New-KintsugiNotice([string] $Name, [type] $Handler, [type] $Argument) {
    $queue = [System.Linq.Expressions.Expression]::Constant($KintsugiBridge.Names)
    $word = [System.Linq.Expressions.Expression]::Constant($Name)
    $body = [System.Linq.Expressions.Expression]::Call($queue, 'Add', [type[]] @(), [System.Linq.Expressions.Expression[]] @($word))
    $parameters = [System.Linq.Expressions.ParameterExpression[]] @(
        [System.Linq.Expressions.Expression]::Parameter([object]),
        [System.Linq.Expressions.Expression]::Parameter($Argument)
    )
    [System.Linq.Expressions.Expression]::Lambda($Handler, $body, $parameters).Compile()
}

function Initialize-KintsugiCalls {
    $bridge = $KintsugiBridge
    $bridge.Names = New-Object 'System.Collections.Concurrent.BlockingCollection[string]'
    $added = [System.EventHandler[System.Management.Automation.DataAddedEventArgs]], [System.Management.Automation.DataAddedEventArgs]
    $changed = [System.EventHandler[System.Management.Automation.PSInvocationStateChangedEventArgs]], [System.Management.Automation.PSInvocationStateChangedEventArgs]
    $bridge.Notices = @{ state = New-KintsugiNotice 'state' $changed[0] $changed[1] }
    foreach ($name in 'output', 'error', 'warning', 'verbose', 'debug', 'information', 'progress') {
        $bridge.Notices[$name] = New-KintsugiNotice $name $added[0] $added[1]
    }
    $bridge.Runspace = [System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace()
    $bridge.Runspace.Open()
}

# Puts secrets in the place of what stands for them: a table whose one key is the token. The text in it was sealed with the key of this
# process, so it stands in clear neither in the line nor in a log of lines; ConvertTo-SecureString opens it straight into a SecureString.
function Resolve-KintsugiSecret($Value) {
    if ($Value -is [System.Collections.IDictionary]) {
        $token = $KintsugiBridge.Token
        if ($Value.Contains($token)) { return ConvertTo-SecureString -String $Value[$token] -Key $KintsugiBridge.Key }
        foreach ($entry in @($Value.GetEnumerator())) { $Value[$entry.Key] = Resolve-KintsugiSecret $entry.Value }
    }
    elseif ($Value -is [System.Collections.IList] -and $Value -isnot [System.Array]) {
        for ($i = 0; $i -lt $Value.Count; $i++) { $Value[$i] = Resolve-KintsugiSecret $Value[$i] }
    }
    , $Value
}

# Begins a pipeline in a runspace.
function Start-KintsugiCall($Runspace, $Order, [int] $Depth) {
    $shell = [System.Management.Automation.PowerShell]::Create()
    $shell.Runspace = $Runspace
    if ($null -ne $Order.Text) { $null = $shell.AddScript($Order.Text, [bool] $Order.UseLocalScope) }
    else { $null = $shell.AddCommand($Order.Name) }
    if ($null -ne $Order.Parameters) {
        foreach ($entry in $Order.Parameters.GetEnumerator()) {
            $null = $shell.AddParameter($entry.Key, (Resolve-KintsugiSecret $entry.Value))
        }
    }
    $output = New-Object 'System.Management.Automation.PSDataCollection[psobject]'
    $sources = @{
        output = $output; error = $shell.Streams.Error; warning = $shell.Streams.Warning; verbose = $shell.Streams.Verbose
        debug = $shell.Streams.Debug; information = $shell.Streams.Information; progress = $shell.Streams.Progress
    }
    $buffers = @{}
    foreach ($name in $sources.Keys) {
        if ($name -ne 'output') { $sources[$name].add_DataAdded($KintsugiBridge.Notices[$name]) }
        $buffers[$name] = @{ Items = @(); At = 0 }
    }
    $shell.add_InvocationStateChanged($KintsugiBridge.Notices['state'])
    $KintsugiBridge.Call = @{ Shell = $shell; Sources = $sources; Buffers = $buffers; Depth = $Depth; Batch = 16; Begun = $false; Ended = $false }
    # No input: a collection that is complete and empty.
    $noInput = New-Object 'System.Management.Automation.PSDataCollection[psobject]'
    $noInput.Complete()
    $settings = New-Object System.Management.Automation.PSInvocationSettings
    $settings.RemoteStreamOptions = 'AddInvocationInfoToErrorRecord'
    $null = $shell.BeginInvoke($noInput, $output, $settings, $null, $null)
    $KintsugiBridge.Call.Begun = $true
}

# Takes the next record of a stream other than output; there is none where its name came late.
function Read-KintsugiRecord([string] $Name) {
    $buffer = $KintsugiBridge.Call.Buffers[$Name]
    if ($buffer.At -ge $buffer.Items.Count) {
        $buffer.Items = $KintsugiBridge.Call.Sources[$Name].ReadAll()
        $buffer.At = 0
    }
    if ($buffer.At -lt $buffer.Items.Count) {
        Add-KintsugiRecord $Name $buffer.Items[$buffer.At]
        $buffer.At++
    }
}

# Takes a part of the output objects that are there, so many that they fill an answer and not much more; false if there are none.
function Read-KintsugiOutput {
    $call = $KintsugiBridge.Call
    $buffer = $call.Buffers['output']
    $left = $buffer.Items.Count - $buffer.At
    if ($left -le 0) { return $false }
    $count = [System.Math]::Min($left, $call.Batch)
    $items = @($buffer.Items[$buffer.At..($buffer.At + $count - 1)])
    $buffer.At += $count
    $before = $KintsugiBridge.Text.Length
    Add-KintsugiFrame 'output' $items $call.Depth
    $each = [System.Math]::Max(1, [int] (($KintsugiBridge.Text.Length - $before) / $count))
    $call.Batch = [System.Math]::Max(1, [System.Math]::Min(2000, [int] ($KintsugiBridge.AnswerLength / $each)))
    $true
}

# Makes what was written to the output ready to be taken. The object that New-PSSession gives is kept here.
function Find-KintsugiOutput {
    $bridge = $KintsugiBridge
    $found = $bridge.Call.Sources['output'].ReadAll()
    if ($bridge.Opening) { $bridge.Session = $found[0]; return }
    $bridge.Call.Buffers['output'] = @{ Items = @($found); At = 0 }
}

# Waits until a record or the end is there, at most so long, then takes all that is there, up to the length of an answer.
function Receive-KintsugiCall([int] $WaitMs) {
    $bridge = $KintsugiBridge
    $call = $bridge.Call
    if ($null -eq $call) { return }
    $output = $call.Sources['output']
    $wait = $WaitMs
    $name = ''
    while ($bridge.Text.Length -lt $bridge.AnswerLength) {
        if (Read-KintsugiOutput) { continue }
        if ($output.Count -gt 0) { Find-KintsugiOutput; continue }
        if ($call.Ended -or $bridge.Text.Length -gt 0) { $wait = 0 }
        # Output is looked for, and gives notice only while this waits: a name for each of many objects would take longer than the objects.
        if ($wait -gt 0) {
            $output.add_DataAdded($bridge.Notices['output'])
            if ($output.Count -gt 0) { $wait = 0 }
        }
        $taken = $bridge.Names.TryTake([ref] $name, $wait)
        $output.remove_DataAdded($bridge.Notices['output'])
        if (-not $taken) {
            if ($output.Count -gt 0) { continue }
            if ($call.Ended) { Complete-KintsugiCall }
            return
        }
        if ($name -eq 'state') {
            $call.Ended = 'NotStarted', 'Running', 'Stopping' -notcontains $call.Shell.InvocationStateInfo.State.ToString()
        }
        elseif ($name -ne 'output') { Read-KintsugiRecord $name }
    }
}

function Complete-KintsugiCall {
    $bridge = $KintsugiBridge
    $shell = $bridge.Call.Shell
    $bridge.Call = $null
    $info = $shell.InvocationStateInfo
    $end = @{ State = $info.State.ToString(); Error = $null; Type = ''; Session = '' }
    if ($null -ne $info.Reason) {
        $end.Type = $info.Reason.GetType().FullName
        $record = Get-KintsugiMember $info.Reason 'ErrorRecord'
        if ($null -ne $record) { $end.Error = ConvertFrom-KintsugiError $record $info.Reason }
        else { $end.Error = @{ Message = $info.Reason.Message; Id = ''; Category = 'NotSpecified'; Type = $end.Type } }
    }
    if ($null -ne $bridge.Session) {
        $end.Session = $bridge.Session.State.ToString()
        if ($bridge.Opening) { Add-KintsugiFrame 'opened' (Get-KintsugiSessionFacts $bridge.Session) }
    }
    Add-KintsugiFrame 'end' $end
    $shell.Dispose()
}

# What the host said of itself when the session was opened.
function Get-KintsugiSessionFacts($Session) {
    $facts = @{ Id = $Session.InstanceId.ToString(); PSVersion = ''; ProtocolVersion = '' }
    $table = $Session.ApplicationPrivateData.PSVersionTable
    if ($null -ne $table) {
        $facts.PSVersion = "$($table.PSVersion)"
        $facts.ProtocolVersion = "$($table.PSRemotingProtocolVersion)"
    }
    $facts
}
