import { expect, test } from 'vitest';
import { commandFaults } from '../../../src/operations/command-faults.ts';
import { faultMaker } from '../../../src/operations/make-fault.ts';
import { parseScript } from '../../../src/powershell/parse-script.ts';

test('what only PowerShell 7 has is told of aliases and of the aliases of parameters too', () => {
  const calls = [
    'gc a -AsByteStream',
    'sc a b -AsByteStream',
    '$x | epcsv a -UQ Always',
    'gci -FollowSymlink',
    '$x | ft -RepeatHeader',
    'icm -HostName a { 1 }',
    'gcb -Delimiter a',
    'Read-Host -MaskInput',
    'Set-Service a -SecurityDescriptorSddl b',
  ];
  const { body, source } = parseScript(calls.join('\n'));
  const told = commandFaults(body, [], faultMaker(source)).map(({ message }) => message);
  expect(told).toEqual(
    [
      '`-AsByteStream` of `gc`',
      '`-AsByteStream` of `sc`',
      '`-UQ` of `epcsv`',
      '`-FollowSymlink` of `gci`',
      '`-RepeatHeader` of `ft`',
      '`-HostName` of `icm`',
      '`-Delimiter` of `gcb`',
      '`-MaskInput` of `Read-Host`',
      '`-SecurityDescriptorSddl` of `Set-Service`',
    ].map((each) => `${each} is a parameter of PowerShell 7`),
  );
});
