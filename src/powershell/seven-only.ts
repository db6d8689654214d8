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
  'AllowInsecureRedirect AllowUnencryptedAuthentication Authentication ConnectionTimeoutSeconds CustomMethod Form HttpVersion MaximumRetryCount NoProxy OperationTimeoutSeconds PreserveAuthorizationOnRedirect PreserveHttpMethodOnRedirect Resume RetryIntervalSec SkipCertificateCheck SkipHeaderValidation SkipHttpErrorCheck SslProtocol Token UnixSocket';
const csv = 'IncludeTypeInformation NoHeader QuoteFields UseQuotes';

/** Parameters that PowerShell 6 or 7 added to commands that Windows PowerShell 5.1 has; command by command. */
const parameters: Readonly<Record<string, string>> = {
  'Add-Content': 'AsByteStream',
  'ConvertFrom-Json': 'AsHashtable DateKind Depth NoEnumerate',
  'ConvertFrom-SecureString': 'AsPlainText',
  'ConvertFrom-StringData': 'Delimiter',
  'ConvertTo-Csv': csv,
  'ConvertTo-Json': 'AsArray EnumsAsStrings EscapeHandling',
  'Export-Csv': csv,
  'ForEach-Object': 'AsJob Parallel ThrottleLimit TimeoutSeconds UseNewRunspace',
  'Format-Hex': 'Count Offset',
  'Format-Table': 'RepeatHeader',
  'Get-ChildItem': 'FollowSymlink',
  'Get-Content': 'AsByteStream',
  'Get-Date': 'AsUTC UnixTimeSeconds',
  'Get-Module': 'SkipEditionCheck',
  'Get-Random': 'Shuffle',
  'Get-Unique': 'CaseInsensitive',
  'Import-Module': 'SkipEditionCheck UseWindowsPowerShell',
  'Import-PowerShellDataFile': 'SkipLimitCheck',
  'Invoke-RestMethod': `${web} FollowRelLink MaximumFollowRelLink ResponseHeadersVariable StatusCodeVariable`,
  'Invoke-WebRequest': web,
  'Join-Path': 'AdditionalChildPath',
  'Measure-Object': 'AllStats StandardDeviation',
  'New-TimeSpan': 'Milliseconds',
  'Out-String': 'NoNewline',
  'Select-Object': 'CaseInsensitive SkipIndex',
  'Select-String': 'Culture NoEmphasis Raw',
  'Set-Content': 'AsByteStream',
  'Set-Variable': 'Append',
  'Sort-Object': 'Bottom Stable Top',
  'Split-Path': 'Extension LeafBase',
  'Start-Job': 'WorkingDirectory',
  'Start-Process': 'Environment',
  'Start-Sleep': 'Duration',
  'Tee-Object': 'Encoding',
  'Test-Connection':
    'DontFragment IPv4 IPv6 MaxHops MtuSize Ping Repeat ResolveDestination TargetName TcpPort TimeoutSeconds Traceroute',
  'Where-Object': 'Not',
};

/** Parameters by command, all in lower case, of which the same holds. */
export const sevenOnlyParameters: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(parameters).map(([command, names]) => [
    command.toLowerCase(),
    new Set(names.toLowerCase().split(' ')),
  ]),
);
