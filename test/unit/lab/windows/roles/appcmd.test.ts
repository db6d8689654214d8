import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../../../src/lab/windows/machine/machine.ts';
import { labMachine, outputOf, runScript } from '../run-script.ts';

const server = (): Machine => labMachine([], { base: 'windows-server-2025', roles: ['web-server'] });
const run = '& C:\\Windows\\System32\\inetsrv\\appcmd.exe';

describe('appcmd', () => {
  test('lists applications, directories, pools and single attributes', async () => {
    expect(
      await outputOf(
        server(),
        `${run} list app; ${run} list vdir "Default Web Site/"; ${run} list apppool /text:state; ${run} list apppool DefaultAppPool /text:processModel.identityType
         ${run} list site nothing; $LASTEXITCODE`,
      ),
    ).toEqual([
      'APP "Default Web Site/" (applicationPool:DefaultAppPool)',
      'VDIR "Default Web Site/" (physicalPath:%SystemDrive%\\inetpub\\wwwroot)',
      'Started',
      'ApplicationPoolIdentity',
      1,
    ]);
  });

  test('adds, sets, stops, starts and deletes', async () => {
    const machine = server();
    expect(
      await outputOf(
        machine,
        `${run} add apppool /name:Orders; ${run} set apppool Orders /queueLength:2000 "-recycling.periodicRestart.privateMemory:0"
         (Get-ItemProperty IIS:\\AppPools\\Orders -Name queueLength).Value
         ${run} add app /site.name:"Default Web Site" /path:/orders /physicalPath:C:\\inetpub\\wwwroot /applicationPool:Orders
         ${run} set site "Default Web Site" "/[path='/orders'].[path='/'].physicalPath:C:\\inetpub"
         (Get-WebApplication orders).PhysicalPath
         ${run} stop apppool Orders; ${run} stop apppool Orders; $LASTEXITCODE; ${run} start apppool /apppool.name:Orders | Out-Null; $LASTEXITCODE
         ${run} delete app "Default Web Site/orders"; @(Get-WebApplication).Count`,
      ),
    ).toEqual([
      'APPPOOL object "Orders" added',
      'APPPOOL object "Orders" changed',
      { kind: 'integer', type: 'Int64', value: 2000n },
      'APP object "Default Web Site/orders" added',
      'SITE object "Default Web Site" changed',
      'C:\\inetpub',
      '"Orders" successfully stopped',
      'ERROR ( message:The apppool "Orders" is already stopped. )',
      1062,
      0,
      'APP object "Default Web Site/orders" deleted',
      0,
    ]);
  });

  test('sets, clears, locks and unlocks configuration', async () => {
    const machine = server();
    expect(
      await outputOf(
        machine,
        `${run} set config "Default Web Site" /section:defaultDocument "/+files.[value='home.htm']" | Out-Null; $LASTEXITCODE
         (Get-WebConfigurationProperty -Filter system.webServer/defaultDocument/files -Name Collection -PSPath 'IIS:\\Sites\\Default Web Site').value -contains 'home.htm'
         ${run} lock config /section:defaultDocument | Out-Null; ${run} set config "Default Web Site" /section:defaultDocument /enabled:false | Out-Null; $LASTEXITCODE
         ${run} unlock config /section:defaultDocument; ${run} clear config "Default Web Site" /section:defaultDocument | Out-Null; $LASTEXITCODE`,
      ),
    ).toEqual([
      0,
      true,
      33,
      'Unlocked section "system.webServer/defaultDocument" at configuration path "MACHINE/WEBROOT/APPHOST".',
      0,
    ]);
  });

  test('is not there without the role, and not on the path', async () => {
    const ran = await runScript(labMachine([], { base: 'windows-server-2022' }), run);
    expect(ran.end.kind === 'failed' ? ran.end.error.id : ran.errors[0]?.id).toBe('CommandNotFoundException');
    const plain = await runScript(server(), 'appcmd.exe list site');
    expect(plain.end.kind === 'failed' ? plain.end.error.id : plain.errors[0]?.id).toBe('CommandNotFoundException');
  });

  test('iisreset ends the workers and brings the services back', async () => {
    const machine = server();
    expect(
      await outputOf(
        machine,
        `Invoke-WebRequest http://localhost/ -UseBasicParsing | Out-Null; @(Get-Process w3wp).Count
         & iisreset.exe /noforce | Out-Null; $LASTEXITCODE; @(Get-Process w3wp -ErrorAction SilentlyContinue).Count; (Get-Service W3SVC).Status.ToString()`,
      ),
    ).toEqual([1, 0, 0, 'Running']);
  });
});
