import { expect, test } from 'vitest';
import { type BaseName, bases } from '../../../../src/lab/faults/bases/editions.ts';
import { labMachine, runScript } from '../windows/run-script.ts';

const told = `$os = Get-CimInstance -ClassName Win32_OperatingSystem
$key = Get-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion'
$names = @($key.PSObject.Properties | ForEach-Object { $_.Name })
"$($os.Caption)|$($os.Version)|$($os.ProductType)|$($key.ProductName)|$($key.UBR)|$(if ($names -contains 'DisplayVersion') { $key.DisplayVersion })"`;

// What a script is told on each; servers with a desktop and clients of the edition Pro.
test.each([
  ['windows-10-20h2', 'Microsoft Windows 10 Pro|10.0.19042|1|Windows 10 Pro|1706|20H2'],
  ['windows-10-21h2', 'Microsoft Windows 10 Pro|10.0.19044|1|Windows 10 Pro|3086|21H2'],
  ['windows-10-22h2', 'Microsoft Windows 10 Pro|10.0.19045|1|Windows 10 Pro|6456|22H2'],
  ['windows-11-23h2', 'Microsoft Windows 11 Pro|10.0.22631|1|Windows 10 Pro|6060|23H2'],
  ['windows-11-24h2', 'Microsoft Windows 11 Pro|10.0.26100|1|Windows 10 Pro|6899|24H2'],
  ['windows-11-25h2', 'Microsoft Windows 11 Pro|10.0.26200|1|Windows 10 Pro|6899|25H2'],
  ['windows-server-2019', 'Microsoft Windows Server 2019 Standard|10.0.17763|3|Windows Server 2019 Standard|7919|'],
  ['windows-server-2022', 'Microsoft Windows Server 2022 Standard|10.0.20348|3|Windows Server 2022 Standard|4294|21H2'],
  ['windows-server-2025', 'Microsoft Windows Server 2025 Standard|10.0.26100|3|Windows Server 2025 Standard|6899|24H2'],
] as const satisfies readonly (readonly [BaseName, string])[])('%s tells scripts what it is', async (base, text) => {
  expect((await runScript(labMachine([], { base }), told)).output).toEqual([text]);
});

test('each base is told of here', () => expect(Object.keys(bases)).toHaveLength(9));
