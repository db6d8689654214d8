import { describe, expect, it } from 'vitest';
import { check, file, one, playbook, toldOf } from './validated-folder.ts';

describe('every fault at once', () => {
  const toldBy = (name: string): readonly string[] => {
    const shown = one(name).faults.map(
      ({ file: where, line, message }) => `${where.split('/').at(-1)}:${line} ${message}`,
    );
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
