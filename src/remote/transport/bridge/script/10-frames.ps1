# Frames: what the bridge answers with. PowerShell 5.1 and later.
#
# Frames are lines: <kind> <base64 of the UTF-8 CLIXML of one value>. They make one long text, of which an answer carries the next part,
# wherever that ends:
#   <token>{<part>}<token>
# The token is a random word that the worker chose for this process; whatever stands outside of an answer is no part of it.

$global:KintsugiBridge = @{
    Token        = ''
    # Characters of one part, about: the worker's reader copies all that it has of an answer with every piece that comes.
    AnswerLength = 262144
    # The text that is not answered yet.
    Text         = New-Object System.Text.StringBuilder
    Names        = $null
    Notices      = $null
    Runspace     = $null
    Session      = $null
    Call         = $null
    # Whether the call under way is the one that opens the session.
    Opening      = $false
    Rsa          = $null
    Key          = $null
}

function Add-KintsugiFrame([string] $Kind, $Value, [int] $Depth = 1) {
    $clixml = [System.Management.Automation.PSSerializer]::Serialize($Value, $Depth)
    $base64 = [System.Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($clixml))
    $null = $KintsugiBridge.Text.Append($Kind).Append(' ').Append($base64).Append("`n")
}

function Get-KintsugiMember($Object, [string] $Name) {
    if ($null -eq $Object) { return $null }
    $member = $Object.PSObject.Properties[$Name]
    if ($null -ne $member) { $member.Value }
}

# An error record as data. What came from a session keeps the host's exception as a property bag, and the place beside it where the error
# ended the pipeline.
function ConvertFrom-KintsugiError($Record, $Exception = $Record.Exception) {
    $type = ''
    $hresult = $null
    $far = Get-KintsugiMember $Exception 'SerializedRemoteException'
    if ($null -ne $far) {
        $type = $far.PSObject.TypeNames[0] -replace '^Deserialized\.', ''
        $hresult = Get-KintsugiMember $far 'HResult'
    }
    elseif ($null -ne $Record.Exception) {
        $type = $Record.Exception.GetType().FullName
        $hresult = $Record.Exception.HResult
    }
    $place = $null
    $info = $Record.InvocationInfo
    if ($null -eq $info) { $info = Get-KintsugiMember $Exception 'SerializedRemoteInvocationInfo' }
    if ($null -ne $info -and $info.ScriptLineNumber -gt 0) {
        $place = @{
            Line       = $info.ScriptLineNumber
            Offset     = $info.OffsetInLine
            ScriptName = $info.ScriptName
            Text       = $info.Line
        }
    }
    @{
        Message    = $Record.ToString()
        Id         = $Record.FullyQualifiedErrorId
        Category   = $Record.CategoryInfo.Category.ToString()
        Reason     = $Record.CategoryInfo.Reason
        TargetName = $Record.CategoryInfo.TargetName
        Type       = $type
        HResult    = $hresult
        Place      = $place
        StackTrace = $Record.ScriptStackTrace
    }
}

# One record of a stream other than output as a frame.
function Add-KintsugiRecord([string] $Name, $Record) {
    switch ($Name) {
        'error' { Add-KintsugiFrame 'error' (ConvertFrom-KintsugiError $Record) }
        'information' {
            $data = @{ Message = $Record.ToString(); Data = $Record.MessageData; Tags = @($Record.Tags); Source = $Record.Source }
            Add-KintsugiFrame 'information' $data $KintsugiBridge.Call.Depth
        }
        'progress' {
            $data = @{
                Activity   = $Record.Activity
                ActivityId = $Record.ActivityId
                Status     = $Record.StatusDescription
                Percent    = $Record.PercentComplete
                Type       = $Record.RecordType.ToString()
            }
            Add-KintsugiFrame 'progress' $data
        }
        default { Add-KintsugiFrame $Name $Record.Message }
    }
}

# Writes the next part.
function Write-KintsugiAnswer {
    $text = $KintsugiBridge.Text
    $token = $KintsugiBridge.Token
    $length = [System.Math]::Min($text.Length, $KintsugiBridge.AnswerLength)
    [System.Console]::Out.Write("`n$token{" + $text.ToString(0, $length) + "}$token`n")
    $null = $text.Remove(0, $length)
}
