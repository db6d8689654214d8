<#
.SYNOPSIS
JSON as the kit writes it: the same text under every PowerShell version, at any depth.
.NOTES
ConvertTo-Json of 5.1 wraps some arrays as { value, Count } and cuts at its depth, so values are written here.
#>

function ConvertTo-KtJson {
    <# .SYNOPSIS JSON text of hashtables, objects, lists, texts, numbers, times; anything else as its text; secrets never. #>
    [CmdletBinding()]
    param([AllowNull()][object]$Value, [int]$Depth = 12)
    $builder = New-Object -TypeName Text.StringBuilder
    Add-KtJson -Builder $builder -Value $Value -Depth $Depth
    $builder.ToString()
}

function ConvertTo-KtJsonText {
    <# .SYNOPSIS A text between quotes, escaped. #>
    [CmdletBinding()]
    param([AllowEmptyString()][string]$Text)
    $escaped = $Text.Replace('\', '\\').Replace('"', '\"')
    if ($escaped -match '[\x00-\x1f]') {
        $escaped = $escaped.Replace("`r", '\r').Replace("`n", '\n').Replace("`t", '\t')
        for ($code = 0; $code -lt 32; $code++) {
            $escaped = $escaped.Replace([string][char]$code, ('\u{0:x4}' -f $code))
        }
    }
    '"' + $escaped + '"'
}

function Add-KtJson {
    [CmdletBinding()]
    param([Text.StringBuilder]$Builder, [AllowNull()][object]$Value, [int]$Depth)
    if ($null -eq $Value) { [void]$Builder.Append('null'); return }
    if ($Value -is [string]) {
        if ($Value -match '["\\\x00-\x1f]') { [void]$Builder.Append((ConvertTo-KtJsonText -Text $Value)) } else { [void]$Builder.Append("`"$Value`"") }
        return
    }
    if ($Depth -gt 0) {
        $isTable = $Value -is [Collections.IDictionary]
        if ($isTable -or $Value -is [Management.Automation.PSCustomObject]) { Add-KtJsonObject -Builder $Builder -Value $Value -IsTable $isTable -Depth ($Depth - 1); return }
        if ($Value -is [Collections.IEnumerable]) {
            $separator = '['
            foreach ($item in $Value) {
                [void]$Builder.Append($separator)
                Add-KtJson -Builder $Builder -Value $item -Depth ($Depth - 1)
                $separator = ','
            }
            [void]$Builder.Append($(if ($separator -eq '[') { '[]' } else { ']' }))
            return
        }
    }
    if ($Value -is [bool]) { [void]$Builder.Append($(if ($Value) { 'true' } else { 'false' })); return }
    if ($Value -is [Management.Automation.SwitchParameter]) { [void]$Builder.Append($(if ($Value.IsPresent) { 'true' } else { 'false' })); return }
    if ($Value -is [Enum]) { [void]$Builder.Append((ConvertTo-KtJsonText -Text ([string]$Value))); return }
    if ($Value -is [int] -or $Value -is [long] -or $Value -is [uint32] -or $Value -is [byte] -or $Value -is [int16] -or $Value -is [uint16] -or $Value -is [uint64] -or $Value -is [sbyte] -or $Value -is [decimal]) {
        [void]$Builder.Append([string]$Value); return
    }
    if ($Value -is [double] -or $Value -is [single]) {
        if ([double]::IsNaN($Value) -or [double]::IsInfinity($Value)) { [void]$Builder.Append('null') } else { [void]$Builder.Append([string]$Value) }
        return
    }
    if ($Value -is [datetime]) {
        [void]$Builder.Append((ConvertTo-KtJsonText -Text ($Value.ToUniversalTime().ToString('o', [Globalization.CultureInfo]::InvariantCulture)))); return
    }
    if ($Value -is [Security.SecureString]) { [void]$Builder.Append('"(secret)"'); return }
    [void]$Builder.Append((ConvertTo-KtJsonText -Text ([string]$Value)))
}

function Add-KtJsonObject {
    <# .SYNOPSIS The entries of a dictionary or the properties of an object. What is most common is written here: a call costs more than the look. #>
    [CmdletBinding()]
    param([Text.StringBuilder]$Builder, [object]$Value, [bool]$IsTable, [int]$Depth)
    # not .Keys: an entry of that name stands before it
    $pairs = @(if ($IsTable) { $Value.GetEnumerator() } else { $Value.PSObject.Properties })
    $member = if ($IsTable) { 'Key' } else { 'Name' }
    $separator = '{'
    foreach ($pair in $pairs) {
        $name = [string]$pair.$member
        $head = if ($name -match '["\\\x00-\x1f]') { $separator + (ConvertTo-KtJsonText -Text $name) + ':' } else { "$separator`"$name`":" }
        $item = $pair.Value
        if ($item -is [string] -and $item -notmatch '["\\\x00-\x1f]') { [void]$Builder.Append("$head`"$item`"") }
        elseif ($item -is [int]) { [void]$Builder.Append("$head$item") }
        elseif ($null -eq $item) { [void]$Builder.Append("${head}null") }
        else {
            [void]$Builder.Append($head)
            Add-KtJson -Builder $Builder -Value $item -Depth $Depth
        }
        $separator = ','
    }
    [void]$Builder.Append($(if ($pairs.Count -eq 0) { '{}' } else { '}' }))
}

function ConvertTo-KtHashtable {
    <# .SYNOPSIS Objects as ConvertFrom-Json gives them become hashtables, so that they can be splatted. #>
    [CmdletBinding()]
    param([AllowNull()][object]$Value)
    if ($Value -is [Management.Automation.PSCustomObject]) {
        # names as they are, not as the host's culture takes them
        $table = New-Object -TypeName Collections.Hashtable -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
        foreach ($property in @($Value.PSObject.Properties)) { $table[$property.Name] = ConvertTo-KtHashtable -Value $property.Value }
        return $table
    }
    if ($Value -is [Array]) {
        $list = New-Object -TypeName Collections.ArrayList
        foreach ($item in $Value) { [void]$list.Add((ConvertTo-KtHashtable -Value $item)) }
        return , $list.ToArray()
    }
    $Value
}

function Get-KtSecretForm {
    <# .SYNOPSIS A secret as it could stand in a text: as it is, as in JSON, and in base64 at each of the three alignments, of UTF-8 and UTF-16. #>
    [CmdletBinding()]
    param([string]$Clear)
    $quoted = ConvertTo-KtJsonText -Text $Clear
    $quoted.Substring(1, $quoted.Length - 2)
    $Clear
    foreach ($encoding in [Text.Encoding]::UTF8, [Text.Encoding]::Unicode) {
        $bytes = $encoding.GetBytes($Clear)
        foreach ($offset in 0, 1, 2) {
            $padded = [byte[]](@([byte]0) * $offset + $bytes)
            # only what depends neither on the bytes before nor on those behind
            $first = if ($offset -gt 0) { $offset + 1 } else { 0 }
            $end = ($padded.Length - $padded.Length % 3) / 3 * 4
            if ($end - $first -ge 4) { [Convert]::ToBase64String($padded).Substring($first, $end - $first) }
        }
    }
}

function Hide-KtSecret {
    <# .SYNOPSIS Takes the values of the secrets that this session was given out of a text. #>
    [CmdletBinding()]
    param([AllowEmptyString()][string]$Text)
    $shown = $Text
    foreach ($secret in $global:KtState.Secrets) {
        $clear = (New-Object -TypeName Net.NetworkCredential -ArgumentList '', $secret).Password
        if ($clear.Length -gt 3) {
            foreach ($form in @(Get-KtSecretForm -Clear $clear)) { $shown = $shown.Replace($form, '(secret)') }
        }
    }
    $shown
}
