/** A family of simulated commands and scripts that read, change and fail with them, one after another in one session. */
export type ScriptFamily = readonly [family: string, scripts: readonly string[]];

/** What a client has. */
export const clientFamilies: readonly ScriptFamily[] = [
  [
    'services',
    [
      'Get-Service Spooler; Get-Service Spooler | select Name, Status',
      'Stop-Service Spooler -PassThru -WhatIf; Stop-Service Spooler; (Get-Service Spooler).Status; Get-Service Spooler | Start-Service',
      "'Spooler','nix' | Get-Service | % Name; [pscustomobject]@{ Name = 'Spooler' } | Get-Service | % Name",
      'Get-Service -Nope',
      'Get-Service -Name',
      'Stop-Service',
      'Set-Service Spooler -StartupType Nix',
      "Get-Service nix -ErrorAction SilentlyContinue -ErrorVariable found; $found[0].FullyQualifiedErrorId; Get-Service nix -ErrorAction Stop; 'never'",
      'try { Get-Service nix -EA Stop } catch [Microsoft.PowerShell.Commands.ServiceCommandException] { $_.CategoryInfo.ToString() }',
      `$s = Get-Service Spooler; $s.Stop(); $s.WaitForStatus('Stopped', '00:00:10'); $s.Status; $s.Refresh(); try { $s.Stop() } catch { $_.FullyQualifiedErrorId; "$_"; $_.Exception.InnerException.GetType().FullName }`,
      `$s = Get-Service Spooler; $s.GetType().FullName; $s -is [ServiceProcess.ServiceController]; $s.NoSuchProperty; Set-Service Spooler -StartupType Manual; (Get-CimInstance Win32_Service -Filter "Name='Spooler'").StartMode`,
    ],
  ],
  [
    'processes',
    [
      'Get-Process lsass; Get-Process -Id 999999; Stop-Process -Name nothing',
      "Get-Process | ? Name -like 'svc*' | select -First 1 | % { $_.Name; $_.HasExited }; (Get-Process -Id $PID).ProcessName; $PID -eq [Diagnostics.Process]::GetCurrentProcess().Id",
      'Start-Process notepad -PassThru | % ProcessName; Get-Process notepad | Stop-Process -PassThru | % HasExited; Start-Process nix.exe',
      "$p = [Diagnostics.ProcessStartInfo]::new('hostname.exe'); $p.RedirectStandardOutput = $true; $p.UseShellExecute = $false; $x = [Diagnostics.Process]::Start($p); $x.StandardOutput.ReadToEnd(); $x.WaitForExit(); $x.ExitCode",
    ],
  ],
  [
    'files',
    [
      String.raw`New-Item C:\kt -ItemType Directory | Out-Null; Set-Content C:\kt\a.txt 'one','two'; Add-Content C:\kt\a.txt 'three'; Get-Content C:\kt\a.txt -Tail 2; Get-ChildItem C:\kt -Recurse | % FullName`,
      String.raw`Get-ChildItem C:\kt | Rename-Item -NewName b.txt; Copy-Item C:\kt\b.txt C:\kt\c.txt -PassThru | % Name; Move-Item C:\kt\c.txt C:\kt\d.txt; Remove-Item C:\kt\d.txt; Get-ChildItem C:\kt -Name`,
      String.raw`Remove-Item C:\kt\none.txt; Get-Content C:\kt\none.txt; Remove-Item C:\kt\b.txt -WhatIf; Test-Path C:\kt\b.txt`,
      String.raw`$f = Get-Item C:\kt\b.txt; $f; $f.LastWriteTime = [datetime]'2020-01-02'; $f.Refresh(); $f.LastWriteTime.Year; $f.Directory.FullName; $f.Delete(); $f.Exists; (Get-Item C:\kt).GetFiles().Count`,
      String.raw`Set-Location C:\kt; (Get-Location).Path; Push-Location HKLM:\SOFTWARE; (Get-Location).Path; Pop-Location; Get-Location | % Path; Resolve-Path . | % Path`,
      String.raw`Join-Path C:\kt x; Split-Path C:\kt\x -Leaf; [IO.Path]::Combine('C:\a','b'); [IO.Path]::GetTempPath()`,
      String.raw`try { [System.IO.File]::ReadAllText('C:\nix.txt') } catch { $_.FullyQualifiedErrorId; $_.Exception.GetType().FullName; $_.Exception.InnerException.GetType().FullName; "$_" }; [System.IO.File]::ReadAllText('C:\nix.txt')`,
      "[IO.File]::WriteAllText('C:\\kt\\w.txt', \"x`r`ny\"); (Get-Item C:\\kt\\w.txt).Length; [IO.File]::ReadAllBytes('C:\\kt\\w.txt'); [IO.File]::ReadAllLines('C:\\kt\\w.txt')",
      String.raw`$s = [IO.File]::Open('C:\kt\l.txt','Create'); $s.Write([byte[]](65,66), 0, 2); try { Remove-Item C:\kt\l.txt -EA Stop } catch { $_.FullyQualifiedErrorId; "$_" }; $s.Dispose(); Get-Content C:\kt\l.txt`,
      String.raw`$w = New-Object IO.StreamWriter 'C:\kt\w.txt'; $w.WriteLine('x'); $w.Close(); Get-FileHash C:\kt\w.txt | select Algorithm, Hash; [IO.File]::Encrypt('C:\kt\w.txt')`,
      String.raw`& 'Microsoft.PowerShell.Management\Get-Item' C:\Windows | % Name; Microsoft.PowerShell.Management\Get-Item /etc`,
    ],
  ],
  [
    'registry',
    [
      String.raw`Get-ChildItem HKLM:\SOFTWARE\Microsoft\Windows; Get-ItemProperty HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion`,
      String.raw`New-Item HKLM:\SOFTWARE\Kt2 | % Name; New-ItemProperty HKLM:\SOFTWARE\Kt2 -Name a -Value 5 -PropertyType DWord | % a; Set-ItemProperty HKLM:\SOFTWARE\Kt2 a 6; Get-ItemPropertyValue HKLM:\SOFTWARE\Kt2 a; Remove-ItemProperty HKLM:\SOFTWARE\Kt2 a; Remove-Item HKLM:\SOFTWARE\Kt2 -Recurse`,
      String.raw`Get-ItemPropertyValue HKLM:\SOFTWARE nix; New-ItemProperty HKLM:\SOFTWARE\nix -Name a -Value 5; Test-Path HKLM:\SOFTWARE\nix`,
      String.raw`New-PSDrive -Name HKU -PSProvider Registry -Root HKEY_USERS | Out-Null; Get-ChildItem HKU:\ | % Name; Get-PSDrive C | % Root`,
      String.raw`$k = (Get-Item HKLM:\SOFTWARE\Microsoft).OpenSubKey('Windows\CurrentVersion'); $k.GetValue('ProgramFilesDir'); $k.GetValueNames(); $k.Close()`,
      "[Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine','Registry64')",
    ],
  ],
  [
    'access',
    [
      String.raw`Get-Acl C:\Windows`,
      String.raw`New-Item C:\kta -ItemType Directory | Out-Null; $a = Get-Acl C:\kta; $r = New-Object System.Security.AccessControl.FileSystemAccessRule('BUILTIN\Users','Modify','Allow'); $a.AddAccessRule($r); Set-Acl C:\kta $a; (Get-Acl C:\kta).Access | % { "$($_.IdentityReference) $($_.FileSystemRights) $($_.AccessControlType)" }`,
      String.raw`$a = Get-Acl C:\kta; $a.SetAccessRuleProtection($true, $false); $a.SetOwner([System.Security.Principal.NTAccount]'BUILTIN\Administrators'); $a | Set-Acl C:\kta; (Get-Acl C:\kta).Owner; (Get-Acl C:\kta).AreAccessRulesProtected`,
      "[System.Security.Principal.SecurityIdentifier]'S-1-5-18' | % { $_.Translate([System.Security.Principal.NTAccount]).Value }; ([Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)",
      "[System.Security.Principal.SecurityIdentifier]'S-1-5-18' -eq [System.Security.Principal.SecurityIdentifier]'S-1-5-18'; ([System.Security.Principal.NTAccount]'nix').Translate([System.Security.Principal.SecurityIdentifier])",
      "[byte[]]$b = 1,2; $p = [Security.Cryptography.ProtectedData]::Protect($b, $null, 'LocalMachine'); [Security.Cryptography.ProtectedData]::Unprotect($p, $null, 'LocalMachine')",
    ],
  ],
  [
    'CIM',
    [
      `Get-CimInstance Win32_OperatingSystem; Get-CimInstance -Query "select * from Win32_Service where Name='Spooler'" | % State; Get-CimClass Win32_Service | % CimClassName`,
      `Get-CimInstance Win32_Service -Filter "Name='Spooler'" | Invoke-CimMethod -MethodName StopService | select ReturnValue`,
      `$c = Get-CimInstance Win32_LogicalDisk -Filter "DeviceID='C:'"; $c.CimInstanceProperties['Size'].Value -gt 0; $c.CimClass.CimClassName; $c.FreeSpace -gt 0`,
      'Get-CimInstance Win32_Nix',
      'Get-WmiObject Win32_BIOS',
      'Get-Volume C | select DriveLetter, FileSystem; Get-Disk | select Number, PartitionStyle; Get-Partition -DriveLetter C | % DriveLetter; Get-Volume Q',
    ],
  ],
  [
    'tasks and events',
    [
      'Get-ScheduledTask -TaskName nix; Get-ScheduledTask -Nope x',
      "Register-ScheduledTask -TaskName kt -Action (New-ScheduledTaskAction -Execute cmd.exe -Argument '/c exit') -User SYSTEM | select TaskName, State; Get-ScheduledTask kt | Start-ScheduledTask; (Get-ScheduledTaskInfo kt).LastTaskResult; Unregister-ScheduledTask kt -Confirm:$false",
      "Get-WinEvent -LogName System -MaxEvents 2 | select Id, LevelDisplayName, Message; Get-WinEvent -FilterHashtable @{ LogName = 'System'; Id = 1 }; Get-WinEvent -ListLog nix",
      'Get-EventLog -LogName System -Newest 1',
    ],
  ],
  [
    'scheduled tasks with -File',
    [
      String.raw`Set-Content C:\t.ps1 'param($x) Set-Content C:\t.txt "$x $PSScriptRoot $([Environment]::UserName)"; exit 3'; Get-Content C:\t.ps1`,
      String.raw`Register-ScheduledTask -TaskName ktf -Action (New-ScheduledTaskAction -Execute powershell.exe -Argument '-NoProfile -ExecutionPolicy Bypass -File C:\t.ps1 hello') -User SYSTEM | Out-Null; Start-ScheduledTask ktf; while ((Get-ScheduledTask ktf).State -eq 'Running') { Start-Sleep 1 }; Get-Content C:\t.txt; (Get-ScheduledTaskInfo ktf).LastTaskResult`,
    ],
  ],
  [
    'COM',
    [
      `$s = New-Object -ComObject Microsoft.Update.Session; $s.ClientApplicationID = 'me'; $s.ClientApplicationID; $q = $s.CreateUpdateSearcher(); $q.GetTotalHistoryCount(); try { $q.Search('IsInstalled=0') } catch { "$_"; $_.FullyQualifiedErrorId; '{0:x}' -f $_.Exception.HResult; $_.Exception.GetType().FullName }`,
      '$c = New-Object -ComObject Microsoft.Update.UpdateColl; $c.Count; $c | % { 1 }; $c.GetType().FullName; $c.pstypenames',
      '(New-Object -ComObject Microsoft.Update.ServiceManager).Services | % Name; New-Object -ComObject Nix.Thing',
    ],
  ],
  [
    'system, protection and applications',
    [
      'Get-HotFix; Get-HotFix -Id KB1',
      String.raw`Get-MpPreference | select DisableRealtimeMonitoring; Set-MpPreference -DisableRealtimeMonitoring $true; Add-MpPreference -ExclusionPath C:\kt; (Get-MpPreference).ExclusionPath; (Get-MpComputerStatus).IsTamperProtected`,
      'Get-AppxPackage -AllUsers | select -First 2 Name; Get-AppxPackage nix; Remove-AppxPackage nix',
      'Get-BitLockerVolume C: | select MountPoint, ProtectionStatus; Suspend-BitLocker C: ; Get-ComputerRestorePoint; Checkpoint-Computer x; Get-ComputerRestorePoint | % Description',
      'Get-WindowsDriver -Online | select -First 1 Driver; Get-PnpDevice | select -First 1 Status; Repair-WindowsImage -Online -CheckHealth | select ImageHealthState; Get-WindowsOptionalFeature -Online -FeatureName nix',
      '(Get-Date).Year -ge 2026; $d = Get-Date; Start-Sleep 60; ((Get-Date) - $d).TotalSeconds -ge 60; [datetime]::UtcNow.Kind; [Environment]::MachineName; [Environment]::OSVersion.Version.Major',
    ],
  ],
  [
    'network',
    [
      'Get-NetAdapter | select Name, Status; Get-DnsClientServerAddress -AddressFamily IPv4 | % ServerAddresses; Resolve-DnsName nix.invalid; Test-NetConnection localhost -Port 1 | % TcpTestSucceeded; Get-NetFirewallProfile Domain | select Enabled',
      "Invoke-WebRequest http://nix.invalid -UseBasicParsing; [ipaddress]'1.2.3.4'; [Net.Dns]::GetHostEntry('localhost').HostName",
    ],
  ],
  [
    'programs',
    [
      String.raw`& sc.exe query nothing; $LASTEXITCODE; $r = & hostname; $r; $?; & 'C:\Windows\System32\sc.exe' query Spooler`,
      'dism /online /cleanup-image /checkhealth; $LASTEXITCODE; DISM.exe /nix; $LASTEXITCODE; w32tm /query /status',
      String.raw`reg add HKLM\SOFTWARE\Kt3 /v a /d 1 /f; reg delete HKLM\SOFTWARE\Kt3 /f | Out-Null; 'a','b' | findstr a; $LASTEXITCODE; icacls C:\Windows\Temp`,
      'net stop nix 2>&1 | % { $_.GetType().Name; "$_" }; schtasks /query /tn nix 2>$null; $LASTEXITCODE',
      "$env:KTX = 'abc'; [Environment]::GetEnvironmentVariable('KTX'); $env:ktx; [Environment]::SetEnvironmentVariable('KTY', 'y'); $env:KTY; [Environment]::SetEnvironmentVariable('KTY', $null); $null -eq $env:KTY",
      'sfc /verifyonly; $LASTEXITCODE',
      "try { cmd /c 'exit 5' } catch { 'caught' }; 'after'",
    ],
  ],
  [
    'common parameters and preferences',
    [
      'Get-Service Spooler -OutVariable ov | Out-Null; $ov.Count; Get-Service nix -EV e 2>$null; $e.Count; $WhatIfPreference = $true; Stop-Service Spooler; $WhatIfPreference = $false; (Get-Service Spooler).Status',
      "$p = @{ Name = 'Spooler' }; Get-Service @p | % Name; Get-Service -Na Spooler | % Name; gsv spooler | % Name; & 'Get-Service' Spooler | % Name",
      "function f { [CmdletBinding()]param() Get-Service nix }; f -EA SilentlyContinue; 'on'; try { f -EA Stop } catch { $_.InvocationInfo.InvocationName; $_.InvocationInfo.ScriptLineNumber }",
      String.raw`$ErrorActionPreference = 'Stop'; try { Get-Item C:\nix } catch { $_.FullyQualifiedErrorId }; Get-Item C:\nix2; 'never'`,
      String.raw`Get-Item C:\nix -ErrorAction Ignore; $?; Get-Item C:\Windows | Out-Null; $?; Get-Process -ComputerName x`,
    ],
  ],
  [
    'what nobody simulates',
    [
      "$s = Get-Service Spooler; try { $s.Nope() } catch { $s = 1 } finally { 'end' }; 'never'",
      'try { [System.ServiceProcess.ServiceController]::Nope() } catch { 1 }; 2',
      '[System.ServiceProcess.ServiceController]::Nope',
      "$x = New-Object -ComObject Microsoft.Update.Session; try { $x.Nope() } catch { $x = 1 }; 'never'",
      "(Get-Service Spooler).ForEach('Name'); (Get-Service Spooler).Nope; 'on'",
      "try { [System.Net.Mail.SmtpClient]::new() } catch { 'caught' }; 'after'",
      "try { Get-Counter } catch { 'caught' }; 'after'",
      'New-Object System.Net.Mail.SmtpClient',
      '$k = [Microsoft.Win32.Registry]::LocalMachine',
    ],
  ],
  [
    'secrets',
    [
      "$s = ConvertTo-SecureString 'pass phrase' -AsPlainText -Force; $c = New-Object pscredential 'u', $s; $c.UserName; $c.GetNetworkCredential().Password; Start-Process hostname -Credential $c",
      "$s = ConvertTo-SecureString 'pass phrase' -AsPlainText -Force; Add-BitLockerKeyProtector -MountPoint C: -PasswordProtector -Password $s | % MountPoint",
    ],
  ],
];

/** What servers with roles have besides. */
export const serverFamilies: readonly ScriptFamily[] = [
  [
    'features',
    [
      'Get-WindowsFeature Web-Server, UpdateServices | select Name, InstallState; Get-WindowsFeature nix',
      'Install-WindowsFeature Telnet-Client | select Success, RestartNeeded, ExitCode; Install-WindowsFeature nix; Get-WindowsFeature Web-* | ? Installed | % Name',
    ],
  ],
  [
    'web server',
    [
      String.raw`Import-Module WebAdministration; Get-ChildItem IIS:\Sites | select name, state; Get-Website | % name; Get-Item 'IIS:\Sites\Default Web Site' | % physicalPath`,
      String.raw`Get-ChildItem IIS:\AppPools | select name, state; (Get-Item IIS:\AppPools\DefaultAppPool).processModel.identityType; Test-Path IIS:\AppPools\nix; Get-Item IIS:\AppPools\nix`,
      String.raw`Set-ItemProperty IIS:\AppPools\DefaultAppPool -Name enable32BitAppOnWin64 -Value $true; (Get-ItemProperty IIS:\AppPools\DefaultAppPool -Name enable32BitAppOnWin64).Value`,
      'New-WebAppPool -Name kt | % name; Start-WebAppPool kt; Stop-WebAppPool kt; (Get-WebAppPoolState kt).Value; Remove-WebAppPool kt; Get-WebAppPoolState nix',
      String.raw`New-Website -Name kt -PhysicalPath C:\inetpub -Port 8080 | % name; Get-WebBinding -Name kt | % bindingInformation; Stop-Website kt; (Get-WebsiteState kt).Value; Remove-Website kt; Start-Website nix`,
      String.raw`Get-WebConfigurationProperty -Filter system.webServer/defaultDocument -PSPath IIS:\ -Name enabled | % Value; Get-WebHandler | select -First 1 Name`,
      String.raw`$c = Get-WebConfiguration -Filter system.webServer/defaultDocument -PSPath IIS:\; $c.enabled; $c.pstypenames[0]; $c.files.Collection.Count -gt 1; $c.files.Collection[0].value`,
      String.raw`New-WebVirtualDirectory -Site 'Default Web Site' -Name v -PhysicalPath C:\inetpub | % name; Get-WebVirtualDirectory | % path; Remove-WebVirtualDirectory -Site 'Default Web Site' -Application / -Name v`,
      String.raw`Restart-WebAppPool nix; iisreset /status; $LASTEXITCODE; & $env:windir\system32\inetsrv\appcmd.exe list site; $LASTEXITCODE`,
    ],
  ],
  [
    'update server',
    [
      "[Reflection.Assembly]::LoadWithPartialName('Microsoft.UpdateServices.Administration') | Out-Null; [Microsoft.UpdateServices.Administration.AdminProxy]::GetUpdateServer().Name",
      '$u = Get-WsusServer; $u.GetType().FullName; $u.GetStatus() | select UpdateCount; $u.GetSubscription().LastSynchronizationTime; ($u.GetUpdates() | select -First 1).Title',
      '$s = New-Object Microsoft.UpdateServices.Administration.CleanupScope; $s.DeclineSupersededUpdates = $true; (Get-WsusServer).GetCleanupManager().PerformCleanup($s).SupersededUpdatesDeclined; Invoke-WsusServerCleanup -DeclineSupersededUpdates',
      String.raw`$c = New-Object System.Data.SqlClient.SqlConnection 'server=\\.\pipe\MICROSOFT##WID\tsql\query;database=SUSDB;trusted_connection=true'; $c.Open(); $q = $c.CreateCommand(); $q.CommandText = 'select 1'; $q.ExecuteScalar(); $c.Close()`,
    ],
  ],
  [
    'backup',
    ['wbadmin get versions; $LASTEXITCODE; Get-WBPolicy; New-WBPolicy | % GetType | % FullName; Get-WBSummary'],
  ],
  [
    'programs of servers',
    ['gpupdate /force; $LASTEXITCODE; bitsadmin /list; netsh winhttp show proxy; ipconfig /flushdns; $LASTEXITCODE'],
  ],
];
