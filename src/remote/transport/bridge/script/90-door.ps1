# The door of the bridge: one line in, one answer out. PowerShell 5.1 and later.
#
# A line is: Invoke-KintsugiBridge '<base64 of the UTF-8 CLIXML of one table>'. Its member Verb says what is wanted:
#   hello  Token                                -> hello { PSVersion, ProtocolVersion }
#   key                                         -> key { Modulus, Exponent }: of a key pair that lives in this process alone
#   seal   Key                                  -> sealed; Key is the key for secrets, encrypted with that key pair (OAEP, SHA-1)
#   local                                       -> opened; calls run in a runspace of this process
#   open   Parameters, [UserName, Password], [SessionOption], WaitMs -> the frames of New-PSSession, opened among them
#   start  Text, UseLocalScope or Name, Parameters, WaitMs -> the frames of the call, as far as they are there
#   read   WaitMs                               -> further frames; the last one of a call is of the kind end
#   stop   WaitMs                               -> asks the call to stop, then as read
#   close                                       -> closed
# What goes wrong in here itself is a frame of the kind fault: { Message, Id, Session, Begun }, and ends the call.

function Open-KintsugiSession($Order) {
    $parameters = $Order.Parameters
    if ($null -ne $Order.Password) {
        $password = Resolve-KintsugiSecret $Order.Password
        $parameters['Credential'] = New-Object System.Management.Automation.PSCredential($Order.UserName, $password)
    }
    if ($null -ne $Order.SessionOption) {
        $options = $Order.SessionOption
        $parameters['SessionOption'] = New-PSSessionOption @options
    }
    $KintsugiBridge.Opening = $true
    Start-KintsugiCall $KintsugiBridge.Runspace @{ Name = 'New-PSSession'; Parameters = $parameters } 1
}

function Start-KintsugiOrder($Order) {
    $bridge = $KintsugiBridge
    $bridge.Opening = $false
    # Objects of a session have been through CLIXML already and hold no more than they came with; those of the bridge's own runspace are
    # live and are cut off where a session would cut them.
    if ($null -ne $bridge.Session) { Start-KintsugiCall $bridge.Session.Runspace $Order 12 }
    else { Start-KintsugiCall $bridge.Runspace $Order 1 }
}

function Get-KintsugiVersions {
    @{ PSVersion = $PSVersionTable.PSVersion.ToString(); ProtocolVersion = $PSVersionTable.PSRemotingProtocolVersion.ToString() }
}

function Get-KintsugiKey {
    $KintsugiBridge.Rsa = New-Object System.Security.Cryptography.RSACryptoServiceProvider(2048)
    $public = $KintsugiBridge.Rsa.ExportParameters($false)
    @{ Modulus = $public.Modulus; Exponent = $public.Exponent }
}

function Close-KintsugiBridge {
    if ($null -ne $KintsugiBridge.Session) { Remove-PSSession -Session $KintsugiBridge.Session }
    $KintsugiBridge.Session = $null
    $KintsugiBridge.Runspace.Dispose()
}

function Invoke-KintsugiVerb($Order) {
    $bridge = $KintsugiBridge
    switch ($Order.Verb) {
        'hello' {
            # A line is a command of the session's history too, with all that it carried.
            $global:MaximumHistoryCount = 1
            $bridge.Token = $Order.Token
            Initialize-KintsugiCalls
            Add-KintsugiFrame 'hello' (Get-KintsugiVersions)
        }
        'key' { Add-KintsugiFrame 'key' (Get-KintsugiKey) }
        'seal' {
            $bridge.Key = $bridge.Rsa.Decrypt($Order.Key, $true)
            $bridge.Rsa.Dispose()
            Add-KintsugiFrame 'sealed' $null
        }
        'local' { Add-KintsugiFrame 'opened' ((Get-KintsugiVersions) + @{ Id = $bridge.Runspace.InstanceId.ToString() }) }
        'open' { Open-KintsugiSession $Order; Receive-KintsugiCall $Order.WaitMs }
        'start' { Start-KintsugiOrder $Order; Receive-KintsugiCall $Order.WaitMs }
        'read' { Receive-KintsugiCall $Order.WaitMs }
        'stop' {
            if ($null -ne $bridge.Call) { $null = $bridge.Call.Shell.BeginStop($null, $null) }
            Receive-KintsugiCall $Order.WaitMs
        }
        'close' { Close-KintsugiBridge; Add-KintsugiFrame 'closed' $null }
    }
}

function Invoke-KintsugiBridge([string] $Line) {
    try {
        $clixml = [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($Line))
        Invoke-KintsugiVerb ([System.Management.Automation.PSSerializer]::Deserialize($clixml))
    }
    catch {
        $fault = @{ Message = $_.Exception.Message; Id = $_.FullyQualifiedErrorId; Session = ''; Begun = $false }
        if ($null -ne $KintsugiBridge.Session) { $fault.Session = $KintsugiBridge.Session.State.ToString() }
        if ($null -ne $KintsugiBridge.Call) { $fault.Begun = $KintsugiBridge.Call.Begun }
        $KintsugiBridge.Call = $null
        Add-KintsugiFrame 'fault' $fault
    }
    Write-KintsugiAnswer
}
