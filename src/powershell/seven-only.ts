/** Commands that PowerShell 6 or 7 brought, in lower case: Windows PowerShell 5.1 does not have them. */
export const sevenOnlyCommands: ReadonlySet<string> = new Set(
  [
    'ConvertFrom-CliXml ConvertFrom-Markdown ConvertTo-CliXml Disable-ExperimentalFeature Enable-ExperimentalFeature Get-Error',
    'Get-ExperimentalFeature Get-MarkdownOption Get-PSSubsystem Get-SecureRandom Get-Uptime Join-String Remove-Alias Remove-Service',
    'Set-MarkdownOption Show-Markdown Start-ThreadJob Switch-Process Test-Json',
  ]
    .join(' ')
    .toLowerCase()
    .split(' '),
);

const web =
  'AllowInsecureRedirect AllowUnencryptedAuthentication Authentication CM ConnectionTimeoutSeconds CustomMethod Form HttpVersion MaximumRetryCount NoProxy OperationTimeoutSeconds PreserveAuthorizationOnRedirect PreserveHttpMethodOnRedirect Resume RetryIntervalSec SkipCertificateCheck SkipHeaderValidation SkipHttpErrorCheck SslProtocol Token UnixSocket';
const ssh = 'ConnectingTimeout HostName IdentityFilePath KeyFilePath Options SSHTransport Subsystem UserName';
const csv = 'IncludeTypeInformation ITI NoHeader QF QuoteFields UQ UseQuotes';

/** Parameters that PowerShell 6 or 7 added to commands that Windows PowerShell 5.1 has; command by command. */
const parameters: Readonly<Record<string, string>> = {
  'Add-Content': 'AsByteStream',
  'Add-Type': 'CompilerOptions',
  'ConvertFrom-Json': 'AsHashtable DateKind Depth NoEnumerate',
  'ConvertFrom-SecureString': 'AsPlainText',
  'ConvertFrom-StringData': 'Delimiter',
  'ConvertTo-Csv': csv,
  'ConvertTo-Html': 'Charset Meta Transitional',
  'ConvertTo-Json': 'AsArray EnumsAsStrings EscapeHandling',
  'Debug-Job': 'BreakAll',
  'Debug-Runspace': 'BreakAll',
  'Disable-PSBreakpoint': 'Runspace RunspaceId',
  'Enable-PSBreakpoint': 'Runspace RunspaceId',
  'Enter-PSHostProcess': 'CustomPipeName',
  'Enter-PSSession': ssh,
  'Export-Csv': csv,
  'ForEach-Object': 'AsJob Parallel ThrottleLimit TimeoutSeconds UseNewRunspace',
  'Format-Hex': 'Count Offset',
  'Format-Table': 'RepeatHeader',
  'Get-ChildItem': 'FollowSymlink',
  'Get-Command': 'ExcludeModule FuzzyMinimumDistance UseAbbreviationExpansion UseFuzzyMatching',
  'Get-Clipboard': 'Delimiter',
  'Get-Content': 'AsByteStream',
  'Get-Culture': 'ListAvailable Name NoUserOverrides',
  'Get-Date': 'AsUTC UnixTime UnixTimeSeconds',
  'Get-Module': 'SkipEditionCheck',
  'Get-PSBreakpoint': 'Runspace',
  'Get-Random': 'Shuffle',
  'Get-Unique': 'CaseInsensitive',
  'Import-Module': 'SkipEditionCheck UseWindowsPowerShell UseWinPS',
  'Import-PowerShellDataFile': 'SkipLimitCheck',
  'Invoke-Command': `${ssh} RemoteDebug SSHConnection`,
  'Invoke-RestMethod': `${web} FL FollowRelLink MaximumFollowRelLink ML ResponseHeadersVariable RHV StatusCodeVariable`,
  'Invoke-WebRequest': web,
  'Join-Path': 'AdditionalChildPath',
  'Measure-Object': 'AllStats StandardDeviation',
  'New-Guid': 'Empty InputObject',
  'New-ModuleManifest': 'ExternalModuleDependencies Prerelease RequireLicenseAcceptance',
  'New-PSSession': `${ssh} SSHConnection UseWindowsPowerShell`,
  'New-Service': 'SecurityDescriptorSddl',
  'New-TimeSpan': 'Milliseconds',
  'Out-String': 'NoNewline',
  'Read-Host': 'MaskInput',
  'Register-ArgumentCompleter': 'NativeFallback',
  'Remove-PSBreakpoint': 'Runspace RunspaceId',
  'Save-Help': 'Scope',
  'Select-Object': 'CaseInsensitive SkipIndex',
  'Select-String': 'Culture NoEmphasis Raw',
  'Send-MailMessage': 'ReplyTo',
  'Set-Clipboard': 'AsOSC52 PassThru',
  'Set-Content': 'AsByteStream',
  'Set-PSBreakpoint': 'Runspace',
  'Set-Service': 'Credential Force SecurityDescriptorSddl',
  'Set-Variable': 'Append',
  'Sort-Object': 'Bottom Stable Top',
  'Split-Path': 'Extension LeafBase',
  'Start-Job': 'ConnectingTimeout Options WorkingDirectory',
  'Start-Process': 'Environment',
  'Start-Sleep': 'Duration TS',
  'Tee-Object': 'Encoding',
  'Test-Connection':
    'DontFragment IPv4 IPv6 MaxHops MtuSize Ping Repeat ResolveDestination TargetName TcpPort TimeoutSeconds Traceroute',
  'Update-Help': 'Scope',
  'Where-Object': 'Not',
};

/** Parameters by command, all in lower case, of which the same holds. */
export const sevenOnlyParameters: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(parameters).map(([command, names]) => [
    command.toLowerCase(),
    new Set(names.toLowerCase().split(' ')),
  ]),
);

/** Aliases that Windows PowerShell 5.1 has for commands named above. */
const aliases: Readonly<Record<string, string>> = {
  'Add-Content': 'ac',
  'Disable-PSBreakpoint': 'dbp',
  'Enable-PSBreakpoint': 'ebp',
  'Enter-PSSession': 'etsn',
  'Export-Csv': 'epcsv',
  'ForEach-Object': '% foreach',
  'Format-Hex': 'fhx',
  'Format-Table': 'ft',
  'Get-ChildItem': 'dir gci ls',
  'Get-Clipboard': 'gcb',
  'Get-Command': 'gcm',
  'Get-Content': 'cat gc type',
  'Get-Module': 'gmo',
  'Get-PSBreakpoint': 'gbp',
  'Get-Unique': 'gu',
  'Import-Module': 'ipmo',
  'Invoke-Command': 'icm',
  'Invoke-RestMethod': 'irm',
  'Invoke-WebRequest': 'curl iwr wget',
  'Measure-Object': 'measure',
  'New-PSSession': 'nsn',
  'Remove-PSBreakpoint': 'rbp',
  'Select-Object': 'select',
  'Select-String': 'sls',
  'Set-Clipboard': 'scb',
  'Set-Content': 'sc',
  'Set-PSBreakpoint': 'sbp',
  'Set-Variable': 'set sv',
  'Sort-Object': 'sort',
  'Start-Job': 'sajb',
  'Start-Process': 'saps start',
  'Start-Sleep': 'sleep',
  'Tee-Object': 'tee',
  'Where-Object': '? where',
};

/** Commands by their aliases, all in lower case. */
export const commandsByAlias: ReadonlyMap<string, string> = new Map(
  Object.entries(aliases).flatMap(([command, names]) =>
    names.split(' ').map((name): [string, string] => [name, command.toLowerCase()]),
  ),
);
