import { afterEach, describe, expect, test } from 'vitest';
import type { LabSpec } from '../../../src/lab/faults/lab-spec.ts';
import { type Lab, startLab } from '../../../src/lab/start-lab.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';

const password = 'Lab-Passw0rd!';
let lab: Lab | undefined;
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

const start = async (hosts: LabSpec['hosts']): Promise<Lab> => {
  lab = await startLab({ spec: { kintsugi: 'lab/v1', hosts }, password });
  return lab;
};
const connect = async (port: number) =>
  await openWinRmShell({
    host: '127.0.0.1',
    port,
    auth: { mechanisms: ['negotiate'], username: 'operator', password: () => password },
    connectTimeoutMs: 5000,
    operationTimeoutMs: 10_000,
  });

describe('a lab behind WinRM', () => {
  test('runs scripts with typed parameters and gives objects back', async () => {
    const { hosts } = await start({ w11: { base: 'windows-11-24h2' } });
    await using shell = await connect(hosts[0]!.port);
    const { output } = await shell.invoke({
      kind: 'script',
      text: `param([int] $Add, [string[]] $Names) [pscustomobject]@{ sum = $Add + 1; names = $Names; os = (Get-CimInstance Win32_OperatingSystem).BuildNumber; who = [Security.Principal.WindowsIdentity]::GetCurrent().Name }`,
      parameters: { Add: 41, Names: ['a', 'b'] },
    });
    expect(output).toEqual([{ sum: 42, names: ['a', 'b'], os: '26100', who: 'W11\\operator' }]);
  });

  test('keeps functions in the session and ends its process when the session closes', async () => {
    const { hosts } = await start({ w11: { base: 'windows-11-24h2' } });
    const { machine, port } = hosts[0]!;
    const shells = () => machine.processes.all().filter(({ name }) => name === 'wsmprovhost').length;
    const shell = await connect(port);
    await shell.invoke({ kind: 'script', text: 'function Get-Twice($x) { $x * 2 }' });
    expect((await shell.invoke({ kind: 'command', name: 'Get-Twice', parameters: { x: 21 } })).output).toEqual([42]);
    expect(shells()).toBe(1);
    await shell.close();
    expect(shells()).toBe(0);
  });

  test('a terminating error arrives with id, HRESULT and line', async () => {
    const { hosts } = await start({ w11: { base: 'windows-11-24h2' } });
    await using shell = await connect(hosts[0]!.port);
    const failing = shell.invoke({
      kind: 'script',
      text: `$x = 1\nRename-Item C:\\Windows\\SoftwareDistribution old -ErrorAction Stop`,
    });
    await expect(failing).rejects.toMatchObject({
      code: 'script-error',
      facts: {
        error: {
          fqid: 'RenameItemIOError,Microsoft.PowerShell.Commands.RenameItemCommand',
          hresult: 0x80070005,
          position: { line: 2 },
        },
      },
    });
  });

  test('a restart drops the session and the host comes back with a fresh uptime', async () => {
    const { hosts } = await start({ w11: { base: 'windows-11-24h2' } });
    const { machine, port } = hosts[0]!;
    const shell = await connect(port);
    const up = new Promise<void>((resolve) => {
      machine.power.watch((state) => state === 'up' && resolve());
    });
    await shell.invoke({ kind: 'script', text: '& shutdown.exe /r /t 0 | Out-Null' }).catch(() => undefined);
    await up;
    await shell.close();
    await hosts[0]!.ready();
    await using again = await connect(port);
    const { output } = await again.invoke({
      kind: 'script',
      text: '$os = Get-CimInstance Win32_OperatingSystem; [int]($os.LocalDateTime - $os.LastBootUpTime).TotalMinutes',
    });
    expect(output).toEqual([0]);
    expect(machine.power.boots).toBe(1);
  });

  test('the inventory names hosts, ports and the reference of the password, never the password', async () => {
    const started = await start({
      a: { base: 'windows-11-24h2' },
      b: { base: 'windows-server-2022' },
    });
    const { hosts } = started;
    const text = started.inventoryYaml();
    for (const host of hosts) expect(text).toContain(`port: ${host.port}`);
    expect(text).toContain('password: env:KINTSUGI_LAB_PASSWORD');
    expect(text).not.toContain(password);
  });

  test('fifty hosts answer', async () => {
    const { hosts } = await start(
      Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`h${index}`, { base: 'windows-11-24h2' as const }])),
    );
    const names = await Promise.all(
      hosts.map(async ({ port }) => {
        await using shell = await connect(port);
        return (await shell.invoke({ kind: 'script', text: '$env:COMPUTERNAME' })).output[0];
      }),
    );
    expect(names).toEqual(hosts.map(({ machine }) => machine.name));
  });
});
