import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ValidationResult, validateFiles } from '../../../src/operations/validate.ts';
import { places as library } from '../input/fixture-library.ts';
import { inventoryText } from '../planning/small-plan.ts';

let folder = '';
const file = (name: string, text: string): string => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kintsugi-validate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const kit = 'function Stop-KtService { }\nfunction Start-KtService { }\nfunction Invoke-KtScript { }';
const validate = (...names: string[]): readonly ValidationResult[] =>
  validateFiles(names, { projectDir: folder, shippedDir: library.shippedDir, tryHost: () => [] }, kit);
const one = (name: string): ValidationResult => {
  const [result] = validate(name);
  if (result === undefined) throw new Error('one result is expected');
  return result;
};

const playbook = `kintsugi: playbook/v1
title: { en: Mine }
targets: { os: { client: ">=19045" } }
goal: { uses: demo/look }
stages:
  - title: { en: One }
    steps: [{ uses: demo/set-value, with: { value: 7 } }]
`;

describe('good files', () => {
  it('a shipped playbook by its id, and by another name of it', () => {
    expect(one('demo/small')).toEqual({ file: 'demo/small', ok: true, faults: [], text: 'demo/small: ok' });
    expect(one('value-wrong').ok).toBe(true);
  });

  it('a playbook, an action (by folder or file) and an inventory by their paths', () => {
    const action = join(library.shippedDir, 'actions/demo/set-value');
    const names = [
      file('own.yaml', playbook),
      action,
      join(action, 'action.yaml'),
      file('inventory.yaml', inventoryText),
      file('quoted.yml', inventoryText.replace('inventory/v1', '"inventory/v1"')),
    ];
    expect(validate(...names).map(({ ok, text }) => (ok ? 'ok' : text))).toEqual(names.map(() => 'ok'));
  });

  it('a folder stands for all files of ours below it, each by its own name', () => {
    check('@{ ok = $true }');
    file('playbooks/own.yaml', playbook.replace('goal:', 'gaol:'));
    file('playbooks/demo/other.yml', playbook);
    file('.kintsugi/lab/inventory.yaml', 'hosts: 5');
    file('node_modules/x/action.yaml', 'a: 1');
    expect(validate('.').map(({ file: name, ok }) => [name, ok])).toEqual([
      [join('actions', 'own', 'check', 'action.yaml'), true],
      [join('playbooks', 'demo', 'other.yml'), true],
      [join('playbooks', 'own.yaml'), false],
    ]);
    expect(validate('playbooks').map(({ file: name }) => name)).toHaveLength(2);
    mkdirSync(join(folder, 'empty'));
    expect(one('empty').faults[0]).toMatchObject({ message: 'there is nothing to check in this folder' });
  });

  it('paths are relative to the project folder', () => {
    file('sub/own.yaml', playbook);
    expect(one('sub/own.yaml').ok).toBe(true);
  });
});

describe('faults', () => {
  it('of all files are told, each with its place, the line, what was expected and a suggestion', () => {
    const bad = file('bad.yaml', playbook.replace('goal:', 'gaol:'));
    const results = validate(bad, 'demo/small', 'demo/nothing');
    expect(results.map(({ ok }) => ok)).toEqual([false, true, false]);
    expect(results[0]?.text).toMatch(/bad\.yaml:4:1: unknown key `gaol`\n +4 \| gaol: \{ uses: demo\/look \}\n +\| \^/);
    expect(results[0]?.text).toContain('did you mean `goal`?');
    expect(results[0]?.text).toMatch(/2 faults; more may follow when mended$/);
    expect(results[2]?.faults[0]?.message).toContain('demo/nothing');
  });

  it('of an action that a playbook uses are its faults', () => {
    expect(
      one(
        file(
          'own.yaml',
          playbook.replace('[{ uses: demo/set-value, with: { value: 7 } }]', '[{ uses: broken/no-verify }]'),
        ),
      ).ok,
    ).toBe(false);
    expect(
      one(
        file(
          'own2.yaml',
          playbook.replace('[{ uses: demo/set-value, with: { value: 7 } }]', '[{ uses: demo/set-valeu }]'),
        ),
      ).text,
    ).toContain('demo/set-value');
  });

  it('of an action and of an inventory', () => {
    expect(one(join(library.shippedDir, 'actions/broken/no-verify')).text).toContain('verify.ps1');
    const { text, faults } = one(file('inventory.yaml', inventoryText.replace('address', 'adress')));
    expect(text).toContain('did you mean `address`?');
    expect(faults).toHaveLength(1);
  });

  it('of a file that is not there', () => expect(one('./none.yaml').text).toContain('none.yaml'));

  it('of a folder that is named like a file', () => {
    mkdirSync(join(folder, 'dir.yaml'));
    expect(one('dir.yaml').text).toContain('this is a folder');
  });

  it('a file that is no YAML is no crash', () => {
    expect(one(file('odd.yaml', '\u0000{{{')).ok).toBe(false);
    expect(one(file('empty.yaml', '')).ok).toBe(false);
  });
});

const check = (script: string, parameters = ''): ValidationResult => {
  const action = `kintsugi: action/v1\ntitle: { en: Own }\nduration: { typical: 1s, longest: 5s }\n${parameters}`;
  file('actions/own/check/action.yaml', action);
  file('actions/own/check/verify.ps1', script);
  return one('actions/own/check');
};
const toldOf = (script: string, parameters?: string) =>
  check(script, parameters).faults.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('scripts of actions', () => {
  it('are read as Windows PowerShell reads them; what only the lab cannot run is no fault', () => {
    expect(toldOf("Get-StorageJob\n@{ ok = $true; reason = ''; facts = @{} }")).toEqual([]);
    expect(toldOf('foreach -parallel ($a in 1) { }\n@{ ok = $true }')).toEqual([]);
    expect(toldOf('if ($true) {\n  1')).toEqual(["1:12 the closing '}' is missing"]);
    expect(toldOf('$a = 1\n$b = $a ?? 2\n@{ ok = $true }')).toEqual([
      expect.stringMatching(/^2:9 .* is PowerShell 7 syntax; Windows PowerShell 5\.1 does not know it$/),
    ]);
    expect(check('if (').text).toMatch(/actions\/own\/check\/verify\.ps1:1:\d+: .*\n +1 \| if \(/);
  });

  it('give what the host kit demands', () => {
    expect(toldOf('')).toEqual(['1:1 the script gives no result']);
    expect(toldOf("$x = 1\n[pscustomobject]@{ okay = $true; reason = '' }")).toEqual([
      '2:17 the result of verify.ps1 lacks `ok`',
    ]);
    expect(check('@{ }').faults[0]?.expected).toBe('one table with `ok` as the last statement');
    // Only a run can tell what these give.
    for (const open of ['Get-Result', '@{ $name = $true }', 'if ($a) { @{ ok = $true } }'])
      expect(toldOf(open)).toEqual([]);
  });

  it('take the parameters of action.yaml, and want no others', () => {
    const parameters = 'parameters: { name: { type: string, default: a } }\n';
    expect(toldOf('param([string]$Name)\n@{ ok = $true }', parameters)).toEqual([]);
    expect(toldOf('param([Parameter(Mandatory)][string]$Nam)\n@{ ok = $true }', parameters)).toEqual([
      '1:1 the script does not take the parameter `name` of action.yaml',
      '1:7 the parameter `$Nam` is mandatory, and action.yaml does not declare it',
    ]);
  });

  it('call functions that the host kit has', () => {
    const script =
      'function Get-KtOwn { 1 }\nGet-KtOwn\nstop-ktservice -Name a\nStop-KtServise -Name a\n@{ ok = $true }';
    expect(check(script).faults).toMatchObject([
      {
        line: 4,
        column: 1,
        message: 'the host kit has no function `Stop-KtServise`',
        suggestion: 'did you mean `Stop-KtService`, `Start-KtService`?',
      },
    ]);
  });

  it('are checked with the playbook and the test that use them', () => {
    check('if (');
    const own = playbook.replace('demo/look', 'own/check');
    file('playbooks/own.yaml', own);
    file(
      'playbooks/own.test.yaml',
      'kintsugi: playbook-test/v1\ncases: [{ name: a, hosts: { pc: { base: windows-11-24h2 } }, expect: { end: repaired } }]\n',
    );
    for (const name of ['own', 'playbooks/own.yaml', 'playbooks/own.test.yaml'])
      expect(one(name).text).toContain('verify.ps1:1:5');
  });
});

describe('every fault at once', () => {
  const toldBy = (name: string): readonly string[] => {
    const shown = one(name).faults.map(({ file: where, line, message }) => `${where.split('/').at(-1)}:${line} ${message}`);
    return shown.map((each) => each.replace(/ \(.*/, ''));
  };

  it('a fault of the format hides no action, value, condition or script', () => {
    check('$a = 1 ?? 2\n@{ ok = $true }');
    const text = playbook
      .replace('demo/look', 'own/check')
      .replace('goal:', 'handels: ["0x1"]\ngoal:')
      .replace('title: { en: One }', 'title: One')
      .replace(
        '[{ uses: demo/set-value, with: { value: 7 } }]',
        `
      - { uses: demo/set-value, wiht: { value: 7 } }
      - { uses: demo/set-value, with: { valeu: 7 }, when: facts.os.biuld > 3 }
      - { uses: 5, id: lost }
      - { uses: demo/set-value, with: { value: 700 }, when: steps.lost.changed || steps.lots.changed }
      - { uses: demo/sing-in, with: { password: x } }`,
      );
    file('own.yaml', text);
    expect(toldBy('own.yaml').toSorted()).toEqual(
      [
        'own.yaml:4 unknown key `handels`',
        'own.yaml:7 expected a map of keys and values, got a text',
        'own.yaml:9 unknown key `wiht`',
        'own.yaml:10 `demo/set-value` has no parameter `valeu`',
        'own.yaml:10 `demo/set-value` needs the parameter `value`',
        'own.yaml:10 there is no `facts.os.biuld`',
        'own.yaml:11 expected a text, got a number',
        'own.yaml:12 `700` is not allowed',
        'own.yaml:12 there is no `steps.lots`',
        'own.yaml:13 there is no action `demo/sing-in`',
        "verify.ps1:1 the null-coalescing operator '??' is PowerShell 7 syntax; Windows PowerShell 5.1 does not know it",
      ].toSorted(),
    );
    expect(one('own.yaml').text).toMatch(/11 faults; more may follow when mended$/);
  });

  it('a parameter that is faulty is not unknown besides', () => {
    const parameters = 'parameters: { count: { type: intger }, name: { type: string, minimun: 1 } }\n';
    const text = playbook.replace('goal:', `${parameters}goal:`).replace('value: 7', 'value: $count, note: $nmae');
    file('own.yaml', text);
    expect(toldBy('own.yaml').toSorted()).toEqual(
      [
        'own.yaml:4 `intger` is not allowed here',
        'own.yaml:4 unknown key `minimun`',
        'own.yaml:8 there is no parameter `nmae`',
      ].toSorted(),
    );
  });

  it('a fault of one part of a lab or a test hides no other', () => {
    const hosts = `hosts:
  pc:
    base: windows-11-24h2
    disturbances: [{ kind: command-hangs, command: dism, call: 0 }, { kind: command-hangs, command: Stop-Serivce }]
  other: { base: windows-11-24h3, disturbances: [{ kind: command-hangs, command: dims }] }
`;
    file('lab.yaml', `kintsugi: lab/v1\n${hosts}`);
    expect(toldBy('lab.yaml')).toEqual([
      'lab.yaml:5 `0` is too small',
      'lab.yaml:6 `windows-11-24h3` is not allowed here',
      'lab.yaml:5 the lab has no command `Stop-Serivce`',
      'lab.yaml:6 the lab has no command `dims`',
    ]);
    file('playbooks/own.yaml', playbook);
    const cases = `cases:
  - { name: a, hosts: { pc: { base: windows-11-24h2, rolls: [] } }, expect: { end: repared } }
  - { nam: b, hosts: { pc: { base: windows-11-24h2 } }, expect: { steps: { setVlaue: done } } }
  - { name: a, hosts: { pc: { base: windows-11-24h2 } }, expcet: { end: repaired } }
`;
    file('playbooks/own.test.yaml', `kintsugi: playbook-test/v1\n${cases}`);
    expect(toldBy('playbooks/own.test.yaml').toSorted()).toEqual(
      [
        'own.test.yaml:3 unknown key `rolls`',
        'own.test.yaml:3 `repared` is not allowed here',
        'own.test.yaml:4 the key `name` is missing',
        'own.test.yaml:4 unknown key `nam`',
        'own.test.yaml:4 the case does not say how the run ends, so it would pass whatever happens',
        'own.test.yaml:4 the playbook has no step `setVlaue`',
        'own.test.yaml:5 unknown key `expcet`',
        'own.test.yaml:5 there is a case of this name already',
      ].toSorted(),
    );
  });

  it('a fault of action.yaml hides none of its scripts', () => {
    const told = check('Test-Json $a\n@{ okay = $true }', 'lan: system\ntouches: { services: [$svc] }\n').faults;
    expect(told.map(({ message }) => message)).toEqual([
      'unknown key `lan`',
      'no parameter `svc` is declared',
      'the result of verify.ps1 lacks `ok`',
      '`Test-Json` is a command of PowerShell 7',
    ]);
  });

  it('faults of the syntax hide no command of PowerShell 7, and what they hide is said', () => {
    const script = '$a = $b ?? 1; 1 | ForEach-Object -Parallel { }\n$c = 1 +* 2\nTest-Json $a\n@{ okay = 1 }';
    expect(toldOf(script)).toEqual([
      expect.stringMatching(/^1:9 .*'\?\?' is PowerShell 7 syntax/),
      "2:9 an expression was expected, not '*'",
      '1:34 `-Parallel` of `ForEach-Object` is a parameter of PowerShell 7',
      '3:1 `Test-Json` is a command of PowerShell 7',
    ]);
    expect(check(script).text).toMatch(/4 faults; more may follow when mended$/);
    expect(toldOf('$a = $b?.c; $b?[0] && Test-Json\n@{ okay = 1 }')).toHaveLength(3);
  });
});

describe('other files that people write', () => {
  it('are known by their format, wherever they lie', () => {
    const lab =
      'kintsugi: lab/v1\nhosts: { pc: { base: windows-11-24h2, faults: [{ kind: clock-skew, minutes: 7 }] } }\n';
    const aliases = file('aliases.yaml', 'other: demo/small\n');
    const names = [file('hosts.yaml', lab), file('kintsugi.yaml', 'kintsugi: config/v1\nlanguage: ja\n'), aliases];
    expect(validate(...names).map(({ text }) => text)).toEqual(names.map((name) => `${name}: ok`));
    expect(one(file('lab.yaml', lab.replace('minutes', 'minuts'))).text).toContain('did you mean `minutes`?');
    expect(one(file('kintsugi.yaml', 'kintsugi: config/v1\nlanguge: ja\n')).text).toContain('did you mean `language`?');
    const test = 'kintsugi: playbook-test/v1\nplaybook: demo/small\ncases: []\n';
    expect(one(file('cases.yaml', test)).text).toContain('this is empty');
  });

  it('that name another format, or none, are told which there are', () => {
    const formats = 'kintsugi: playbook/v1, playbook-test/v1, action/v1, inventory/v1, lab/v1, config/v1';
    expect(one(file('a.yaml', 'kintsugi: playbok/v1\n')).faults).toMatchObject([
      { line: 1, expected: formats, suggestion: 'did you mean `playbook/v1`?' },
    ]);
    expect(one(file('b.yaml', 'kintsugi: report/v1\n')).faults).toMatchObject([
      {
        message: 'no file that people write is of the format `report/v1`',
        suggestion: expect.stringContaining('report'),
      },
    ]);
    expect(one(file('c.yaml', 'hosts: {}\n')).faults).toMatchObject([
      { message: 'the key `kintsugi` is missing, which tells what file this is', expected: formats },
    ]);
    expect(one(file('fix.yaml', 'kintsugi: action/v1\n')).text).toContain('called action.yaml');
  });

  it('of another version say so', () => {
    expect(one(file('lab.yaml', 'kintsugi: lab/v2\nhosts: {}\n')).text).toContain('take a newer Kintsugi');
  });
});

describe('several faults of a script', () => {
  it('are told at once, where the lines between them can be read', () => {
    const script = [
      "$a = $env:A ?? 'x'",
      '$b = $a ? 1 : 2',
      '$c = ${a}?.Length',
      'Get-Date && Get-Date',
      '$d = 1 +* 2',
      'if ($a ?? $b) { $b }',
      '@{ ok = $true }',
    ].join('\n');
    expect(toldOf(script).map((told) => told.replace(/ is PowerShell 7.*/, ''))).toEqual([
      "1:13 the null-coalescing operator '??'",
      "2:9 the ternary operator '?:'",
      "3:10 the null-conditional access '?.'",
      "4:10 the pipeline chain operator '&&'",
      expect.stringMatching(/^5:/),
      "6:8 the null-coalescing operator '??'",
    ]);
  });

  it('are told up to a line that opens what it does not close', () => {
    expect(toldOf('$a = 1 ?? 2\nif ($a ? 1 : 2) {\n$x = @(\n}\n@{ ok = $true }')).toHaveLength(2);
    expect(toldOf('foreach ($i in 1 {\n}\n@{ ok = $true }')).toHaveLength(1);
  });
});

describe('what only PowerShell 7 has', () => {
  it('is told: commands and parameters', () => {
    const script = [
      '1..3 | ForEach-Object -Parallel { $_ }',
      "ConvertFrom-Json '{}' -AsHashtable",
      "$x = Test-Json '{}'",
      '1 | % -ThrottleLimit 2 { $_ }',
      '@{ ok = $true }',
    ].join('\n');
    expect(toldOf(script)).toEqual([
      '1:23 `-Parallel` of `ForEach-Object` is a parameter of PowerShell 7',
      '2:23 `-AsHashtable` of `ConvertFrom-Json` is a parameter of PowerShell 7',
      '3:6 `Test-Json` is a command of PowerShell 7',
      '4:7 `-ThrottleLimit` of `%` is a parameter of PowerShell 7',
    ]);
  });

  it('may be the name of a function of the script itself', () => {
    expect(toldOf('function Test-Json { $true }\n@{ ok = (Test-Json) }')).toEqual([]);
  });
});
