import { describe, expect, test } from 'vitest';
import { decodeWinHttp, encodeWinHttp, proxyFor } from '../../../../src/lab/windows/machine/network/proxy-settings.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

describe('names', () => {
  test('are looked up in the hosts file, in the cache, and by name servers', async () => {
    const machine = labMachine([{ kind: 'hosts-file-entry', names: ['wsus.corp.example'], address: '127.0.0.1' }]);
    expect(
      await outputOf(
        machine,
        `(Resolve-DnsName wsus.corp.example).IPAddress
         (Resolve-DnsName wsus.corp.example -NoHostsFile).IPAddress
         (Resolve-DnsName go.microsoft.com -Type A).Type.ToString()
         (Get-DnsClientCache -Name go.microsoft.com).Data
         Clear-DnsClientCache; @(Get-DnsClientCache).Count
         [Net.Dns]::GetHostAddresses('wsus.corp.example')[0].IPAddressToString
         (& nslookup.exe wsus.corp.example | Select-Object -Skip 4 -First 1)`,
      ),
    ).toEqual(['127.0.0.1', '10.20.30.80', 'A', '203.0.113.20', 0, '127.0.0.1', 'Address:  10.20.30.80']);
  });

  test('that nobody knows, and servers that are silent, are the errors of Windows', async () => {
    const missing = await runScript(labMachine(), 'Resolve-DnsName nobody.example');
    expect(missing.errors.map(({ id, category }) => [id, category])).toEqual([
      ['DNS_ERROR_RCODE_NAME_ERROR,Microsoft.DnsClient.Commands.ResolveDnsName', 'ResourceUnavailable'],
    ]);
    const silent = await runScript(labMachine([{ kind: 'dns-broken' }]), 'Resolve-DnsName go.microsoft.com');
    expect(silent.errors.map(({ id, exception }) => [id, exception.properties['NativeErrorCode']])).toEqual([
      ['ERROR_TIMEOUT,Microsoft.DnsClient.Commands.ResolveDnsName', 1460],
    ]);
  });

  test('of the company are unknown to a public name server', async () => {
    const machine = labMachine([{ kind: 'dns-broken', how: 'servers-foreign' }]);
    const ran = await runScript(
      machine,
      '(Resolve-DnsName go.microsoft.com).IPAddress; Resolve-DnsName wsus.corp.example',
    );
    expect([ran.output, ran.errors.length]).toEqual([['203.0.113.20'], 1]);
    expect(await outputOf(machine, '(Get-DnsClientServerAddress -AddressFamily IPv4).ServerAddresses')).toEqual([
      '203.0.113.53',
    ]);
    expect(
      await outputOf(
        machine,
        `Set-DnsClientServerAddress -InterfaceAlias Ethernet -ServerAddresses 10.20.30.53; Clear-DnsClientCache; (Resolve-DnsName wsus.corp.example -DnsOnly).IPAddress`,
      ),
    ).toEqual(['10.20.30.80']);
  });
});

describe('connections', () => {
  test('are open, refused or silent, for every command that tries them', async () => {
    const machine = labMachine([{ kind: 'wsus-unreachable', how: 'refused' }]);
    expect(
      await outputOf(
        machine,
        `$ok = Test-NetConnection dc1.corp.example -Port 445 -WarningAction SilentlyContinue; "$($ok.TcpTestSucceeded)|$($ok.RemoteAddress)|$($ok.RemotePort)"
         Test-NetConnection wsus.corp.example -Port 8530 -InformationLevel Quiet -WarningAction SilentlyContinue
         Test-Connection wsus.corp.example -Count 1 -Quiet
         & ping.exe -n 1 10.99.99.99 | Out-Null; $LASTEXITCODE
         $c = New-Object Net.Sockets.TcpClient; $c.ConnectAsync('wsus.corp.example', 8531).Wait(3000); $c.Connected; $c.Close()
         $d = New-Object Net.Sockets.TcpClient; $d.BeginConnect('10.99.99.99', 443, $null, $null).AsyncWaitHandle.WaitOne(500); $d.Connected`,
      ),
    ).toEqual(['True|10.20.30.53|445', false, true, 1, true, true, false, false]);
  });

  test('show by whom the certificate of the other end was issued', async () => {
    const issuer = `
      $t = New-Object Net.Sockets.TcpClient('fe2cr.update.microsoft.com', 443)
      $s = New-Object Net.Security.SslStream($t.GetStream(), $false, { $true })
      $s.AuthenticateAsClient('fe2cr.update.microsoft.com'); $s.RemoteCertificate.Issuer
      try { ([Net.WebRequest]::Create('https://fe2cr.update.microsoft.com/')).GetResponse().StatusCode.ToString() } catch { $_.Exception.InnerException.Status.ToString() }`;
    expect(await outputOf(labMachine(), issuer)).toEqual([expect.stringMatching(/^CN=Microsoft Update/), 'OK']);
    expect(await outputOf(labMachine([{ kind: 'tls-intercepted' }]), issuer)).toEqual([
      'CN=Web Gateway Inspection CA, O=Corp',
      'TrustFailure',
    ]);
    expect(await outputOf(labMachine([{ kind: 'tls-intercepted', trusted: true }]), issuer)).toEqual([
      'CN=Web Gateway Inspection CA, O=Corp',
      'OK',
    ]);
  });
});

describe('proxies', () => {
  test('are kept as bytes in the registry', () => {
    const setting = { server: 'proxy.corp.example:8080', bypass: '<local>;*.corp.example' };
    expect(decodeWinHttp(encodeWinHttp(setting))).toEqual(setting);
    expect(decodeWinHttp(encodeWinHttp(undefined))).toBeUndefined();
    expect(Buffer.from(encodeWinHttp(undefined)).toString('hex')).toBe(
      '180000000000000001000000000000000000000000000000',
    );
    expect(proxyFor(setting, new URL('http://wsus.corp.example:8530/x'))).toBeUndefined();
    expect(proxyFor(setting, new URL('https://go.microsoft.com'))).toEqual({ host: 'proxy.corp.example', port: 8080 });
  });

  test('of the users do not matter to the update agent, and those of the machine not to the users', async () => {
    const web = `try { (Invoke-WebRequest -UseBasicParsing http://go.microsoft.com/ -TimeoutSec 5).StatusCode } catch { "$($_.FullyQualifiedErrorId)|$($_.Exception.Status)" }`;
    const search = `(New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher().Search('IsInstalled=0').Updates.Count`;
    const users = labMachine([{ kind: 'proxy-wrong', scope: 'users' }]);
    expect(await outputOf(users, web)).toEqual([
      'WebCmdletWebResponseException,Microsoft.PowerShell.Commands.InvokeWebRequestCommand|ProxyNameResolutionFailure',
    ]);
    expect(await outputOf(users, search, 'service')).toEqual([1]);
    const all = labMachine([{ kind: 'proxy-wrong', scope: 'machine' }]);
    expect(await outputOf(all, web)).toEqual([200]);
  });

  test('are shown by netsh as Windows shows them, and imported from whoever calls', async () => {
    const machine = labMachine([{ kind: 'proxy-wrong', how: 'refused' }]);
    expect(await outputOf(machine, 'netsh winhttp show proxy')).toEqual([
      '',
      'Current WinHTTP proxy settings:',
      '',
      '    Proxy Server(s) :  proxy.corp.example:8081',
      '    Bypass List     :  <local>',
      '',
    ]);
    // The profile of an administrator over the network is empty: the machine is cut off from a proxy that it may need.
    expect(await outputOf(machine, 'netsh winhttp import proxy source=ie')).toContain(
      '    Direct access (no proxy server).',
    );
    const japanese = labMachine([], { uiLanguage: 'ja-JP' });
    expect(await outputOf(japanese, 'netsh winhttp show proxy')).toContain('現在の WinHTTP プロキシ設定:');
  });
});

describe('the adapter', () => {
  test('tells its addresses and that the firewall is on', async () => {
    expect(
      await outputOf(
        labMachine(),
        `$c = Get-NetIPConfiguration; "$($c.IPv4Address.IPAddress)|$($c.IPv4DefaultGateway.NextHop)|$($c.DNSServer.ServerAddresses)"
         $a = Get-NetAdapter; "$($a.Name)|$($a.Status)|$($a.MacAddress)"
         "$((Get-NetIPAddress -AddressFamily IPv4).PrefixOrigin)"
         (Get-NetFirewallProfile -Name Domain).Enabled -eq 'True'
         (Get-NetConnectionProfile).NetworkCategory.ToString()
         $w = Get-CimInstance Win32_NetworkAdapterConfiguration -Filter 'IPEnabled=True'; "$($w.DNSServerSearchOrder)|$($w.MACAddress)"
         (& ipconfig.exe /flushdns)[-1]`,
      ),
    ).toEqual([
      '10.20.30.21|10.20.30.1|10.20.30.53',
      'Ethernet|Up|00-15-5D-20-30-21',
      'Dhcp',
      true,
      'Private',
      '10.20.30.53|00:15:5D:20:30:21',
      'Successfully flushed the DNS Resolver Cache.',
    ]);
  });
});

describe('the time service', () => {
  test('asks a server of the company where the Internet does not let NTP pass', async () => {
    const machine = labMachine([{ kind: 'time-source-blocked' }, { kind: 'clock-skew', minutes: 4 }]);
    const resync =
      'Start-Service W32Time -ErrorAction SilentlyContinue; & w32tm.exe /resync | Out-Null; "0x{0:X8}" -f $LASTEXITCODE';
    expect(await outputOf(machine, resync)).toEqual(['0x800705B4']);
    expect(
      await outputOf(
        machine,
        `& w32tm.exe /config "/manualpeerlist:dc1.corp.example,0x8" /syncfromflags:manual /update | Out-Null; ${resync}`,
      ),
    ).toEqual(['0x00000000']);
    expect(machine.clock.skewMs).toBe(0);
  });
});
