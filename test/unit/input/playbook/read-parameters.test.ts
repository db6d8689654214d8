import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ParameterDeclarations } from '../../../../src/input/document/words.generated.ts';
import { readParameters } from '../../../../src/input/playbook/read-parameters.ts';
import { faultLines, valueOf } from '../fixture-library.ts';

const declarations: ParameterDeclarations = {
  count: { type: 'integer', minimum: 1 },
  ratio: { type: 'number' },
  name: { type: 'string' },
  on: { type: 'boolean' },
  servers: { type: 'array', items: { type: 'string' } },
  ports: { type: 'array', items: { type: 'integer' } },
  map: { type: 'object' },
  password: { type: 'secret' },
};

const folder = mkdtempSync(join(tmpdir(), 'kintsugi-parameters-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (text: string): string => {
  const path = join(folder, 'params.yaml');
  writeFileSync(path, text);
  return path;
};

test.each([
  ['count=5', { count: 5 }],
  ['ratio=-0.5', { ratio: -0.5 }],
  ['name=5', { name: '5' }],
  ['name=a=b', { name: 'a=b' }],
  ['name=', { name: '' }],
  ['on=false', { on: false }],
  ['servers=a.example,b.example', { servers: ['a.example', 'b.example'] }],
  ['servers=[a, "b,c"]', { servers: ['a', 'b,c'] }],
  ['ports=1, 2', { ports: [1, 2] }],
  ['servers=', { servers: [] }],
  ['map={ a: [1] }', { map: { a: [1] } }],
  ['password=env:KT', { password: 'env:KT' }],
])('--param %s', (option, expected) => expect(valueOf(readParameters(declarations, [option], null))).toEqual(expected));

test.each([
  ['count=five', '-:- `count`: `five` is not allowed'],
  ['count=0', '-:- `count`: `0` is not allowed'],
  ['count=1.5', '-:- `count`: `1.5` is not allowed'],
  ['on=yes', '-:- `on`: `yes` is not allowed'],
  ['ports=1,x', '-:- `ports`: `1,x` is not allowed'],
  ['map=x', '-:- `map`: this is a text'],
  ['cuont=5', '-:- the playbook has no parameter `cuont`'],
  ['count', '-:- a parameter has no value'],
  ['=5', '-:- a parameter has no value'],
  ['password=hunter2', '-:- `password`: this is not a reference to a secret (its value is not shown)'],
  ['constructor=1', '-:- the playbook has no parameter `constructor`'],
])('--param %s is refused', (option, expected) =>
  expect(faultLines(readParameters(declarations, [option], null))).toEqual([expected]),
);

test('the command line wins over the file, and all faults come at once', () => {
  const path = file('count: 3\nname: from file\n');
  expect(valueOf(readParameters(declarations, ['count=4'], path))).toEqual({ count: 4, name: 'from file' });
  expect(faultLines(readParameters(declarations, ['count=x', 'on=1', 'on=true'], file('nam: a\nratio: b\n')))).toEqual([
    '1:1 the playbook has no parameter `nam`',
    '2:8 this is a text',
    '-:- `count`: `x` is not allowed',
    '-:- `on`: `1` is not allowed',
    '-:- `on` is given twice',
  ]);
});

test('a clear password in the file is refused and not shown', () => {
  const read = readParameters(declarations, [], file('password: hunter2-canary\npasswort: hunter2-canary\n'));
  expect(faultLines(read)).toHaveLength(2);
  expect(JSON.stringify(read)).not.toContain('canary');
});

test.each([['- 1\n'], ['5\n'], ['null\n']])('a file with %j holds no parameters', (text) => {
  expect(readParameters(declarations, [], file(text)).ok).toBe(false);
});

test('a file that does not exist is told', () => {
  expect(faultLines(readParameters(declarations, [], join(folder, 'none.yaml')))).toEqual([
    '-:- there is no such file',
  ]);
});
