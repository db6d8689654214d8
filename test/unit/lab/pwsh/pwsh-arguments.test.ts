import { expect, it } from 'vitest';
import { readPwshArguments } from '../../../../src/lab/pwsh/pwsh-arguments.ts';

it.each([
  ['-s -NoLogo -NoProfile', { kind: 'serve', logon: 'interactive' }],
  ['-sshs -NoLogo', { kind: 'serve', logon: 'network' }],
  ['-NoLogo -NoProfile -ExecutionPolicy Bypass -NoExit -Command -', { kind: 'statements' }],
  ['-nop -c 1 + 1', { kind: 'script', text: '1 + 1' }],
  ['-EncodedCommand MQA=', { kind: 'script', text: '1' }],
  ['-NoLogo', { kind: 'statements' }],
  ['-Nonsense', { kind: 'wrong', option: '-Nonsense' }],
  ['script.ps1', { kind: 'wrong', option: 'script.ps1' }],
])('pwsh %s', (line, request) => {
  expect(readPwshArguments(line.split(' '))).toEqual(request);
});
