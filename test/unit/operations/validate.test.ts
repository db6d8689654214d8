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

const validate = (...names: string[]): readonly ValidationResult[] =>
  validateFiles(names, { projectDir: folder, shippedDir: library.shippedDir });
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
    expect(results[0]?.text).toMatch(/2 faults$/);
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
