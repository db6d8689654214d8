<#
.SYNOPSIS
What a client gives, copied once into values that are nothing but what they show: texts, numbers, switches, secrets, lists and tables of these.
.NOTES
A value that came over the wire may have properties of its own and show another text than it is. Properties stand before what its .NET type has
(.Keys, .Count, even .psobject), and so do the entries of a table. Of a client's value nothing is therefore asked here but its .NET type; it is read
by casts and by constructors of .NET, which are given the value itself. Only the copy is checked and handed on. Of the copy's tables, too, whose
names the client chose, entries are read by GetEnumerator(), ContainsKey() and [name] alone: no entry stands before a method.
#>

# Levels, values and UTF-16 units that one call may give. Few values over the wire can stand for many, since one may be named again.
$script:KtPlainDepth = 12
$script:KtPlainValues = 10000
$script:KtPlainUnits = 1048576

# Names that PowerShell itself gives a meaning to at every object.
$script:KtPlainNoNames = 'psobject', 'psbase', 'psadapted', 'psextended', 'pstypenames'

function Copy-KtPlainTable {
    <# .SYNOPSIS The copy of the table that a client gives a door. Its names are found without regard to case, in whichever culture. #>
    [CmdletBinding()]
    param([string]$Door, [AllowNull()][object]$Table)
    $left = @{ Door = $Door; Items = $KtPlainValues; Units = $KtPlainUnits }
    if ($Table -isnot [Collections.IDictionary]) { throw (New-KtPlainRefusal -Left $left -Message 'expected a table') }
    Copy-KtPlainValue -Value $Table -Left $left -Depth 1
}

function New-KtPlainRefusal {
    [CmdletBinding()]
    param([hashtable]$Left, [string]$Message)
    New-KtRefusal -Message "Door '$($Left.Door)': $Message." -Target $Left.Door
}

function Copy-KtPlainText {
    [CmdletBinding()]
    param([object]$Value, [hashtable]$Left)
    # what the text is, not what it shows
    $text = [string]$Value
    $Left.Units -= $text.Length
    if ($Left.Units -lt 0) { throw (New-KtPlainRefusal -Left $Left -Message "more than $KtPlainUnits characters of text in one call") }
    $text
}

function Copy-KtPlainValue {
    <# .SYNOPSIS The copy of one value, with all that is in it. #>
    [CmdletBinding()]
    param([AllowNull()][object]$Value, [hashtable]$Left, [int]$Depth)
    if ($null -eq $Value) { return $null }
    if ($Value -is [string]) { return Copy-KtPlainText -Value $Value -Left $Left }
    if ($Value -is [bool]) { return [bool]$Value }
    # casts, not -as: that gives the value with its properties
    if ($Value -is [int]) { return [int]$Value }
    if ($Value -is [long]) { return [long]$Value }
    if ($Value -is [double]) { return [double]$Value }
    if ($Value -is [Security.SecureString]) { return (New-Object -TypeName Net.NetworkCredential -ArgumentList '', $Value).SecurePassword }
    $isTable = $Value -is [Collections.IDictionary]
    if (-not $isTable -and $Value -isnot [Collections.IList]) {
        throw (New-KtPlainRefusal -Left $Left -Message 'expected texts, whole (32 or 64 bits) and other (double) numbers, switches, secrets, lists and tables alone')
    }
    if ($Depth -gt $KtPlainDepth) { throw (New-KtPlainRefusal -Left $Left -Message "values stand in one another at more than $KtPlainDepth levels") }
    $items = New-Object -TypeName Collections.ArrayList -ArgumentList (, $Value)
    $Left.Items -= $items.Count
    if ($Left.Items -lt 0) { throw (New-KtPlainRefusal -Left $Left -Message "more than $KtPlainValues values in one call") }
    if (-not $isTable) {
        for ($index = 0; $index -lt $items.Count; $index++) { $items[$index] = Copy-KtPlainValue -Value $items[$index] -Left $Left -Depth ($Depth + 1) }
        return , $items.ToArray()
    }
    $copy = New-Object -TypeName Collections.Hashtable -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    foreach ($item in $items) {
        if ($item -isnot [Collections.DictionaryEntry] -or $item.Key -isnot [string]) { throw (New-KtPlainRefusal -Left $Left -Message 'expected tables whose names are texts') }
        $name = Copy-KtPlainText -Value $item.Key -Left $Left
        if ($copy.ContainsKey($name)) { throw (New-KtPlainRefusal -Left $Left -Message "'$name' stands twice in a table") }
        if ($KtPlainNoNames -contains $name) { throw (New-KtPlainRefusal -Left $Left -Message "no table has a '$name'") }
        $copy[$name] = Copy-KtPlainValue -Value $item.Value -Left $Left -Depth ($Depth + 1)
    }
    $copy
}
