<#
.SYNOPSIS
What a client of an endpoint without language may name: the keys of each door, the shape of each value, and what the actions declare.
.NOTES
Whoever may connect is not trusted. Everything is refused that does not stand here or in a declaration: the tables are closed. Only copies are
checked and handed on (plain-values.ps1). The file is put between the scripts and the door; $KtScriptNames, $KtHeldNames, $KtGuard, $KtDeclared and $KtSettled (JSON texts by action) are written by the export.
#>

# The shape of a value, declared as the parameters of an action are. All patterns hold a whole text.
$script:KtShapes = @{
    Token = @{ type = 'integer'; minimum = 1; maximum = 2147483647 }
    JournalHead = @{ type = 'string'; pattern = '^[0-9a-f]{0,64}\z' }
    Owner = @{ type = 'string'; pattern = '^[A-Za-z0-9_.#/-]{1,128}\z' }
    Seq = @{ type = 'integer'; minimum = 1; maximum = 2147483647 }
    Level = @{ type = 'string'; enum = @('L1', 'L2', 'L3', 'L4') }
    SystemProtectionOff = @{ type = 'string'; enum = @('enable', 'shadow-copy', 'block') }
    Description = @{ type = 'string'; pattern = '^[A-Za-z0-9 _.-]{1,200}\z' }
    Method = @{ type = 'string'; enum = @('restore-point', 'shadow-copy', 'none') }
    Id = @{ type = 'string'; pattern = '^[A-Za-z0-9{}-]{0,64}\z' }
    Touches = @{ type = 'array'; items = @{ type = 'object' } }
    # preflight.1 is the name of a check
    Use = @{ type = 'string'; pattern = '^[A-Za-z0-9]{1,64}(\.[0-9]{1,4})?\z' }
    Step = @{ type = 'string'; pattern = '^[A-Za-z0-9]{1,64}\z' }
    StepOrAll = @{ type = 'string'; pattern = '^[A-Za-z0-9]{0,64}\z' }
    ReadKind = @{ type = 'string'; enum = @('detect', 'verify') }
    ApplyKind = @{ type = 'string'; enum = @('apply', 'undo') }
    Sha256 = @{ type = 'string'; pattern = '^[0-9a-f]{64}\z' }
    Parameters = @{ type = 'object' }
    Lane = @{ type = 'string'; enum = @('inline', 'system') }
    Duration = @{ type = 'integer'; minimum = 0; maximum = 2592000000 }
    Attempt = @{ type = 'integer'; minimum = 0; maximum = 1000000 }
    Interruptible = @{ type = 'boolean' }
    # the number at the end leaves out the dead-man tasks; the run is compared beside this
    Task = @{ type = 'string'; pattern = '^Kintsugi-[A-Za-z0-9_.-]{1,160}-[0-9]{1,10}\z' }
    # tasks of read-only scripts alone
    ReadTask = @{ type = 'string'; pattern = '^Kintsugi-[A-Za-z0-9_.-]{1,160}-0\z' }
    WaitMs = @{ type = 'integer'; minimum = 0; maximum = 600000 }
    DelayMs = @{ type = 'integer'; minimum = 0; maximum = 3600000 }
    Evidence = @{ type = 'array'; items = @{ type = 'string'; pattern = '^[a-z][a-z0-9-]{0,62}\z' } }
    MaxBytes = @{ type = 'integer'; minimum = 0; maximum = 67108864 }
    End = @{ type = 'string'; pattern = '^[a-z][a-z-]{0,62}\z' }
    Names = @{ type = 'array'; items = @{ type = 'string' } }
}

# Each door with its keys, and the shape of the value at each. Every key must be given: our client leaves none out.
$script:KtDoorKeys = @{
    clock = @{}
    facts = @{}
    claim = @{ Owner = 'Owner'; JournalHead = 'JournalHead' }
    ledger = @{}
    former = @{ Seq = 'Seq' }
    endFormer = @{ Seq = 'Seq' }
    protect = @{ Token = 'Token'; JournalHead = 'JournalHead'; Level = 'Level'; SystemProtectionOff = 'SystemProtectionOff'; Description = 'Description' }
    protection = @{ Method = 'Method'; Id = 'Id' }
    capture = @{ Token = 'Token'; JournalHead = 'JournalHead'; Touches = 'Touches' }
    touched = @{ Touches = 'Touches' }
    read = @{ Step = 'Use'; Kind = 'ReadKind'; Sha256 = 'Sha256'; Parameters = 'Parameters'; Lane = 'Lane'; LongestMs = 'Duration' }
    apply = @{
        Step = 'Step'; Kind = 'ApplyKind'; Sha256 = 'Sha256'; Parameters = 'Parameters'; Lane = 'Lane'; LongestMs = 'Duration'
        Token = 'Token'; JournalHead = 'JournalHead'; Attempt = 'Attempt'; Interruptible = 'Interruptible'
    }
    poll = @{ Task = 'Task'; WaitMs = 'WaitMs' }
    endTask = @{ Task = 'ReadTask' }
    undo = @{ Token = 'Token'; JournalHead = 'JournalHead'; Step = 'StepOrAll' }
    reboot = @{ Token = 'Token'; JournalHead = 'JournalHead'; DelayMs = 'DelayMs' }
    pendingReboot = @{}
    evidence = @{ Kind = 'Evidence'; MaxBytes = 'MaxBytes' }
    release = @{ Token = 'Token'; JournalHead = 'JournalHead'; End = 'End' }
    commit = @{ JournalHead = 'JournalHead' }
}

# What a parameter may put into a declaration of what an action touches, besides what its own declaration says: one name without wildcards; a path
# from the root of a local drive or from a variable of the host that holds such a path, without `..`, streams, shares, names of devices (in letters of
# both cases: (?i) would go by the host's culture); a key of the machine's registry; a task's path.
$script:KtPathPattern = '^([A-Za-z]:|%[A-Za-z0-9_()]{1,64}%)(\\(?! )(?!([Cc][Oo][Nn]|[Pp][Rr][Nn]|[Aa][Uu][Xx]|[Nn][Uu][Ll]|([Cc][Oo][Mm]|[Ll][Pp][Tt])[0-9\u00b9\u00b2\u00b3]|[Cc][Oo][Nn]([Ii][Nn]|[Oo][Uu][Tt])\$|[Cc][Ll][Oo][Cc][Kk]\$) *(\.|\\|\z))[^\\/:*?"<>|%\[\]\x00-\x1f]{0,254}[^\\/:*?"<>|%\[\]\x00-\x1f. ])+\z'
$script:KtTouchPatterns = @{
    services = '^[A-Za-z0-9_.$@#&()+,;=~{} -]{1,256}\z'
    folders = $KtPathPattern
    files = $KtPathPattern
    registry = '^HKLM(\\(?!\.{1,2}(\\|:|\z))[^\\/:*?"<>|\[\]\x00-\x1f]{1,255})+(:[^\\/:*?"<>|\[\]\x00-\x1f]{0,255})?\z'
    tasks = '^(\\(?!\.{1,2}(\\|\z))[^\\/:*?"<>|\[\]\x00-\x1f]{1,255})+\z'
}

# names in these tables; tables of PowerShell pass over characters that the host's culture ignores
$script:KtKeyPattern = '^[A-Za-z0-9]{1,64}\z'
# those of which copies are made
$script:KtNumbers = [int], [long], [double]

# what the actions declare, once it was read
$script:KtDeclarations = @{}

function New-KtRefusal {
    <# .SYNOPSIS The error of all that this module does not allow; throw it. #>
    [CmdletBinding()]
    param([string]$Message, [string]$Target)
    New-KtError -Id 'KtNotInModule' -Message $Message -Target $Target
}

function Test-KtSame {
    <# .SYNOPSIS Whether two texts are the same, unit by unit: -ceq passes over characters that the host's culture ignores, and a path does not. #>
    [CmdletBinding()]
    param([string]$Left, [string]$Right)
    [string]::Equals($Left, $Right, [StringComparison]::Ordinal)
}

function Test-KtType {
    <# .SYNOPSIS Whether a value has the type of a declaration. #>
    [CmdletBinding()]
    param([string]$Type, [AllowNull()][object]$Value)
    if ($null -eq $Value) { return $false }
    switch ($Type) {
        'string' { return $Value -is [string] }
        'boolean' { return $Value -is [bool] }
        'secret' { return $Value -is [Security.SecureString] }
        'object' { return $Value -is [Collections.IDictionary] }
        'array' { return $Value -is [Collections.IList] }
    }
    $numeric = $false
    foreach ($one in $KtNumbers) { if ($Value -is $one) { $numeric = $true } }
    if (-not $numeric -or [double]::IsNaN([double]$Value) -or [double]::IsInfinity([double]$Value)) { return $false }
    if ($Type -eq 'number') { return $true }
    $Type -eq 'integer' -and [Math]::Floor([double]$Value) -eq [double]$Value
}

function Get-KtValueFault {
    <# .SYNOPSIS What a declaration (type, enum, pattern, minimum, maximum, items) expects and a value is not, or ''. Says nothing of the value. #>
    [CmdletBinding()]
    param([object]$Declaration, [AllowNull()][object]$Value)
    $type = [string](Get-KtField -From $Declaration -Name 'type')
    if (-not (Test-KtType -Type $type -Value $Value)) { return "expected a value of type $type" }
    $allowed = Get-KtField -From $Declaration -Name 'enum'
    if ($null -ne $allowed) {
        $texts = @(@($allowed) | ForEach-Object { ConvertTo-KtJson -Value $_ })
        $text = ConvertTo-KtJson -Value $Value
        if (@($texts | Where-Object { Test-KtSame -Left $_ -Right $text }).Count -eq 0) { return "expected one of $($texts -join ', ')" }
    }
    $pattern = Get-KtField -From $Declaration -Name 'pattern'
    if ($null -ne $pattern -and $Value -cnotmatch $pattern) { return "expected a text that matches $pattern" }
    $minimum = Get-KtField -From $Declaration -Name 'minimum'
    if ($null -ne $minimum -and $Value -lt $minimum) { return "expected a number from $minimum" }
    $maximum = Get-KtField -From $Declaration -Name 'maximum'
    if ($null -ne $maximum -and $Value -gt $maximum) { return "expected a number up to $maximum" }
    $items = Get-KtField -From $Declaration -Name 'items'
    if ($type -ne 'array' -or $null -eq $items) { return '' }
    foreach ($item in $Value) {
        $fault = Get-KtValueFault -Declaration $items -Value $item
        if ($fault) { return "each item: $fault" }
    }
    ''
}

function Get-KtDeclaration {
    <# .SYNOPSIS What an action declares: parameters, touches, lanes, longestMs, interruptible. #>
    [CmdletBinding()]
    param([string]$Action)
    if (-not $KtDeclarations.ContainsKey($Action)) { $KtDeclarations[$Action] = ConvertTo-KtHashtable -Value (ConvertFrom-Json -InputObject $KtDeclared[$Action]) }
    $KtDeclarations[$Action]
}

function Test-KtEqual {
    <# .SYNOPSIS Whether two values are the same JSON; tables in whichever order of their names. #>
    [CmdletBinding()]
    param([AllowNull()][object]$Left, [AllowNull()][object]$Right)
    if ($Left -is [hashtable] -and $Right -is [hashtable]) {
        foreach ($entry in $Left.GetEnumerator()) {
            if (-not $Right.ContainsKey($entry.Key) -or -not (Test-KtEqual -Left $entry.Value -Right $Right[$entry.Key])) { return $false }
        }
        foreach ($entry in $Right.GetEnumerator()) {
            if (-not $Left.ContainsKey($entry.Key)) { return $false }
            $same = $false
            # in these very letters: tables do not look at case
            foreach ($other in $Left.GetEnumerator()) { if (Test-KtSame -Left $other.Key -Right $entry.Key) { $same = $true } }
            if (-not $same) { return $false }
        }
        return $true
    }
    if ($Left -is [Array] -and $Right -is [Array]) {
        if ($Left.Length -ne $Right.Length) { return $false }
        for ($index = 0; $index -lt $Left.Length; $index++) { if (-not (Test-KtEqual -Left $Left[$index] -Right $Right[$index])) { return $false } }
        return $true
    }
    Test-KtSame -Left (ConvertTo-KtJson -Value $Left) -Right (ConvertTo-KtJson -Value $Right)
}

function Get-KtParameterFault {
    <# .SYNOPSIS Why an action's scripts may not be given these parameters, or ''. Those of every script (OutVariable and the like) could write variables. #>
    [CmdletBinding()]
    param([string]$Action, [hashtable]$Declaration, [hashtable]$Parameters)
    $known = $Declaration.parameters
    $settled = ConvertTo-KtHashtable -Value (ConvertFrom-Json -InputObject $KtSettled[$Action])
    foreach ($entry in $Parameters.GetEnumerator()) {
        $name = $entry.Key
        if (-not $known.ContainsKey($name)) { return "Action $Action declares no parameter '$name'." }
        $fault = Get-KtValueFault -Declaration $known[$name] -Value $entry.Value
        if ($fault) { return "Action $Action, parameter '$name': $fault." }
        if (-not $settled.ContainsKey($name)) { continue }
        $same = $false
        foreach ($value in $settled[$name]) { if (Test-KtEqual -Left $value -Right $entry.Value) { $same = $true } }
        if (-not $same) {
            return "Action $Action, parameter '$name': expected what the playbooks set, or its default, that this endpoint was exported for; export it again with the one that sets another value."
        }
    }
    # one that is left out would be empty in the script, which is no value that the declaration allows: our client leaves none out
    foreach ($entry in $known.GetEnumerator()) {
        if (-not $Parameters.ContainsKey($entry.Key)) { return "Action $Action was not given its parameter '$($entry.Key)'." }
    }
    ''
}

function Select-KtParameter {
    <# .SYNOPSIS The parameters of a client that an action declares, by the names that it declares. #>
    [CmdletBinding()]
    param([hashtable]$Declaration, [hashtable]$Parameters)
    $named = New-Object -TypeName Collections.Hashtable -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    foreach ($entry in $Declaration.parameters.GetEnumerator()) { if ($Parameters.ContainsKey($entry.Key)) { $named[$entry.Key] = $Parameters[$entry.Key] } }
    $named
}

function Test-KtDeclaredTouch {
    <#
    .SYNOPSIS
    Whether an action of this module declares that it touches something of this name: literally, or by a parameter that may have it as its value.
    .PARAMETER Declared
    What the actions declare.
    #>
    [CmdletBinding()]
    param([object[]]$Declared, [string]$Kind, [string]$Name)
    foreach ($declaration in $Declared) {
        foreach ($entry in @(Get-KtField -From (Get-KtField -From $declaration -Name 'touches') -Name $Kind -Default @())) {
            if (-not $entry.StartsWith('$', [StringComparison]::Ordinal)) {
                if (Test-KtSame -Left $entry -Right $Name) { return $true }
                continue
            }
            $parameter = Get-KtField -From (Get-KtField -From $declaration -Name 'parameters') -Name $entry.Substring(1)
            if ([string](Get-KtField -From $parameter -Name 'type') -eq 'array') { $parameter = Get-KtField -From $parameter -Name 'items' -Default @{ type = 'string' } }
            # a variable may hold more than a folder: what it stands for is held to the same
            $named = $Name -cmatch $KtTouchPatterns[$Kind] -and [Environment]::ExpandEnvironmentVariables($Name) -cmatch $KtTouchPatterns[$Kind]
            if ($named -and (Get-KtValueFault -Declaration $parameter -Value $Name) -eq '') { return $true }
        }
    }
    $false
}

function Assert-KtTouch {
    <# .SYNOPSIS Lets nothing be looked at or copied but what the actions of this module declare that they touch. #>
    [CmdletBinding()]
    param([string]$Door, [AllowEmptyCollection()][object[]]$Touches)
    $declared = @($KtDeclared.Keys | ForEach-Object { Get-KtDeclaration -Action $_ })
    foreach ($touch in $Touches) {
        foreach ($entry in $touch.GetEnumerator()) {
            $kind = $entry.Key
            if ($kind -cnotmatch $KtKeyPattern -or -not $KtTouchPatterns.ContainsKey($kind)) {
                throw (New-KtRefusal -Message "Door '$Door' knows no touched '$kind'; it knows $(@($KtTouchPatterns.Keys | Sort-Object) -join ', ')." -Target $kind)
            }
            $fault = Get-KtValueFault -Declaration $KtShapes.Names -Value $entry.Value
            if ($fault) { throw (New-KtRefusal -Message "Door '$Door', touched ${kind}: $fault." -Target $kind) }
            foreach ($name in $entry.Value) {
                if (-not (Test-KtDeclaredTouch -Declared $declared -Kind $kind -Name $name)) {
                    throw (New-KtRefusal -Message "Door '$Door': no action of this endpoint's module declares that it touches the $kind '$name'." -Target $name)
                }
            }
        }
    }
}

function Select-KtGiven {
    <# .SYNOPSIS What a client gives a door, after its keys and the shapes of its values were checked: these keys alone, by their own names. #>
    [CmdletBinding()]
    param([string]$Door, [AllowNull()][object]$With)
    $keys = if ($Door -cmatch $KtKeyPattern) { $KtDoorKeys[$Door] } else { $null }
    if ($null -eq $keys) { throw (New-KtError -Id 'KtNoDoor' -Message "This endpoint has no door '$Door'." -Target $Door) }
    $plain = Copy-KtPlainTable -Door $Door -Table $With
    foreach ($entry in $plain.GetEnumerator()) {
        $key = $entry.Key
        if ($key -cmatch $KtKeyPattern -and $keys.ContainsKey($key)) { continue }
        $takes = if ($keys.Count -eq 0) { 'nothing' } else { @($keys.Keys | Sort-Object) -join ', ' }
        throw (New-KtRefusal -Message "Door '$Door' takes no '$key'; it takes $takes." -Target $key)
    }
    $given = @{}
    foreach ($key in $keys.Keys) {
        if (-not $plain.ContainsKey($key)) { throw (New-KtRefusal -Message "Door '$Door' was not given '$key'." -Target $key) }
        $fault = Get-KtValueFault -Declaration $KtShapes[$keys[$key]] -Value $plain[$key]
        if ($fault) { throw (New-KtRefusal -Message "Door '$Door', '$key': $fault." -Target $key) }
        $given[$key] = $plain[$key]
    }
    if ($keys.ContainsKey('Touches')) { Assert-KtTouch -Door $Door -Touches $given.Touches }
    if ($keys.ContainsKey('Task') -and -not $given.Task.StartsWith("Kintsugi-$($global:KtState.Run)-", [StringComparison]::Ordinal)) {
        throw (New-KtRefusal -Message "Door '$Door': the task '$($given.Task)' is not one of this session's run." -Target $given.Task)
    }
    $given
}
