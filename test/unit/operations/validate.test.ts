import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { places as library } from '../input/fixture-library.ts';
import { inventoryText } from '../planning/small-plan.ts';
import { check, file, inFolder, one, playbook, validate } from './validated-folder.ts';

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
    mkdirSync(inFolder('empty'));
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
    mkdirSync(inFolder('dir.yaml'));
    expect(one('dir.yaml').text).toContain('this is a folder');
  });

  it('a file that is no YAML is no crash', () => {
    expect(one(file('odd.yaml', '\u0000{{{')).ok).toBe(false);
    expect(one(file('empty.yaml', '')).ok).toBe(false);
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
