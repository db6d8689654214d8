import { describe, expect, test } from 'vitest';
import { labMachine, outputOf } from './run-script.ts';

const search = (criteria: string, online = '$true'): string =>
  `$s = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher(); $s.Online = ${online}
   try { @($s.Search("${criteria}").Updates | ForEach-Object { @($_.KBArticleIDs)[0] }) -join ' ' } catch { '0x{0:X8}' -f $_.Exception.InnerException.HResult }`;

describe('a search for updates', () => {
  test.each([
    ['IsInstalled=0', '2267602'],
    ["IsInstalled=0 and Type='Software' and IsHidden=0", '2267602'],
    ["(IsInstalled=0 and Type!='Driver') or (IsHidden=1)", '2267602'],
    ["UpdateID='5C1F7F0A-7D0C-4B1B-9D37-6B5F8D7D2F11'", '2267602'],
    ["UpdateID='00000000-0000-0000-0000-000000000000'", ''],
    ["IsInstalled=0 and Type='Driver'", ''],
    ['IsInstalled=0 and IsHidden=1', ''],
    ['IsInstalled=1', '5062553 5067035'],
    ['garbage((', '0x80240032'],
    ['IsInstalled=0 and (IsHidden=0 or IsHidden=1)', '0x80240032'],
    ['IsInstalled!=0', '0x80240032'],
    ["IsInstalled='0'", '0x80240032'],
  ])('%s finds %s', async (criteria, found) => {
    expect(await outputOf(labMachine(), search(criteria), 'service')).toEqual([found]);
  });

  test('needs the database and its service also where it does not go online', async () => {
    const offline = search('IsInstalled=0', '$false');
    expect(await outputOf(labMachine([{ kind: 'update-source-unreachable' }]), offline, 'service')).toEqual([
      '2267602',
    ]);
    expect(await outputOf(labMachine([{ kind: 'service-disabled', name: 'wuauserv' }]), offline, 'service')).toEqual([
      '0x80070422',
    ]);
  });

  test('minds no clock that is some minutes off, but one at which certificates are not valid', async () => {
    const online = search('IsInstalled=0');
    expect(await outputOf(labMachine([{ kind: 'clock-skew', minutes: 7 }]), online, 'service')).toEqual(['2267602']);
    const years = labMachine([{ kind: 'clock-skew', minutes: -2 * 366 * 24 * 60 }]);
    expect(await outputOf(years, online, 'service')).toEqual(['0x80072F8F']);
  });
});
