import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { type ValidationResult, validateFiles } from '../../../src/operations/validate.ts';
import { places as library } from '../input/fixture-library.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kintsugi-validate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A path below the project folder of the test. */
export const inFolder = (name: string): string => join(folder, name);

/** Writes a file below the project folder. @returns its path */
export const file = (name: string, text: string): string => {
  mkdirSync(dirname(inFolder(name)), { recursive: true });
  writeFileSync(inFolder(name), text);
  return inFolder(name);
};

const kit = 'function Stop-KtService { }\nfunction Start-KtService { }\nfunction Invoke-KtScript { }';

/** What validating names in the project folder gives. */
export const validate = (...names: string[]): readonly ValidationResult[] =>
  validateFiles(names, { projectDir: folder, shippedDir: library.shippedDir, tryHost: () => [] }, kit);

/** As `validate`, of one name. */
export const one = (name: string): ValidationResult => {
  const [result] = validate(name);
  if (result === undefined) throw new Error('one result is expected');
  return result;
};

/** A playbook without a fault. */
export const playbook = `kintsugi: playbook/v1
title: { en: Mine }
targets: { os: { client: ">=19045" } }
goal: { uses: demo/look }
stages:
  - title: { en: One }
    steps: [{ uses: demo/set-value, with: { value: 7 } }]
`;

/** Validates a check (an action `own/check`) with this verify.ps1 and these further keys. */
export const check = (script: string, keys = ''): ValidationResult => {
  const action = `kintsugi: action/v1\ntitle: { en: Own }\nduration: { typical: 1s, longest: 5s }\n${keys}`;
  file('actions/own/check/action.yaml', action);
  file('actions/own/check/verify.ps1', script);
  return one('actions/own/check');
};

/** As `check`: the faults as `line:column message`. */
export const toldOf = (script: string, keys?: string): readonly string[] =>
  check(script, keys).faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
