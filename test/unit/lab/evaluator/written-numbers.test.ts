import { expect, test } from 'vitest';
import { runScript } from './run-script.ts';

test('a parameter for text gets a number argument as it is written, others get its value', async () => {
  const { output } = await runScript(`
    function G([string]$s) { $s }
    function S([string[]]$a) { $a }
    function D([version]$v) { "$v" }
    function I([int]$v) { $v }
    function U($v) { "$v" }
    G 1.0; G -s 0x10; G -0x10; S 1.50; D 1.10; I 1.6; U 0x10; G (1.0); S 0x10, 0x11`);
  expect(output).toEqual(['1.0', '0x10', '-0x10', '1.50', '1.10', 2, '16', '1', '16', '17']);
});
