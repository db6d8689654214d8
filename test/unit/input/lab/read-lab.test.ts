import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLab } from '../../../../src/input/lab/read-lab.ts';

const read = (disturbance: string) => {
  const file = join(mkdtempSync(join(tmpdir(), 'kintsugi-lab-')), 'lab.yaml');
  const lines = [
    'kintsugi: lab/v1',
    'hosts:',
    '  pc:',
    '    base: windows-11-24h2',
    `    disturbances: [${disturbance}]`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return readLab(file, () => []);
};

test('a command that hangs is a cmdlet by its whole name or a program, however that is written', () => {
  for (const command of ['Stop-Service', 'stop-service', 'dism', 'Dism.exe', "'C:\\Windows\\System32\\sfc.exe'"])
    expect(read(`{ kind: command-hangs, command: ${command} }`)).toMatchObject({ ok: true });
});

test('a command that the lab does not simulate would never hang: told with its place and the nearest names', () => {
  expect(read('{ kind: command-hangs, command: Stop-Servise }')).toMatchObject({
    faults: [
      {
        line: 5,
        column: 52,
        path: 'hosts.pc.disturbances[0].command',
        message: 'the lab has no command `Stop-Servise`',
        expected: expect.stringContaining('a cmdlet by its whole name'),
        suggestion: 'did you mean `Stop-Service`, `Set-Service`, `Start-Service`?',
      },
    ],
  });
  expect(read('{ kind: command-hangs, command: gsv }')).toMatchObject({ ok: false });
});

test('a misspelt key of a disturbance is a fault of the schema', () => {
  expect(read('{ kind: command-hangs, comand: dism }')).toMatchObject({
    faults: [{ message: 'the key `command` is missing' }, { message: 'unknown key `comand`' }],
  });
});

test('what a host cannot be or have is told at its place in the file, with the host', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'kintsugi-lab-')), 'lab.yaml');
  const lines = ['kintsugi: lab/v1', 'hosts:', '  pc:', '    base: windows-11-24h2', '    faults:'];
  const faults = ['      - { kind: reboot-pending }', '      - { kind: service-stuck, name: Spoler }'];
  writeFileSync(file, `${[...lines, ...faults].join('\n')}\n`);
  const flaw = { message: 'it has no service `Spoler`', expected: 'a service', suggestion: 'did you mean `Spooler`?' };
  const seen: string[] = [];
  const told = readLab(file, (name, { base }) => {
    seen.push(name, base);
    return [{ at: ['faults', 1, 'name'], ...flaw }];
  });
  expect(seen).toEqual(['pc', 'windows-11-24h2']);
  expect(told).toMatchObject({
    faults: [{ ...flaw, message: `host pc: ${flaw.message}`, line: 7, column: 38, path: 'hosts.pc.faults[1].name' }],
  });
});

test('the folder of a no-language endpoint is one that was exported, seen from the lab file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-lab-'));
  const file = join(folder, 'lab.yaml');
  const endpoints = '{ Kintsugi: endpoint, Bare: null, Lost: nowhere }';
  writeFileSync(file, `kintsugi: lab/v1\nhosts:\n  pc: { base: windows-server-2022, jea: ${endpoints} }\n`);
  mkdirSync(join(folder, 'endpoint'));
  writeFileSync(join(folder, 'endpoint', 'Kintsugi.pssc'), '@{}');
  expect(readLab(file, () => [])).toMatchObject({
    faults: [{ line: 3, path: 'hosts.pc.jea.Lost', message: 'host pc: there is no endpoint in `nowhere`' }],
  });
});
