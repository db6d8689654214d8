import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaults, durationVariables } from '../../src/input/config/defaults.ts';
import { readSchema } from '../../src/input/document/schemas.ts';

const page = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');
/** Rows of the table of settings: key, variable, default. */
const rows = Array.from(
  page.matchAll(/^\| `([a-zA-Z.]+)` \| `(KINTSUGI_[A-Z_]+)` \| (.+) \|$/gm),
  ([, key = '', variable = '', text = '']) => ({
    key,
    variable,
    text,
  }),
);

type Keys = { readonly [name: string]: { readonly properties?: Keys } };

/** Every key of the configuration that can be set, as `times.lease`. */
function keysOf(properties: Keys, above = ''): readonly string[] {
  return Object.entries(properties).flatMap(([name, part]) =>
    part.properties === undefined ? [`${above}${name}`] : keysOf(part.properties, `${above}${name}.`),
  );
}

test('the page names every setting of the configuration, and no other', () => {
  const keys = keysOf(readSchema('config')['properties'] as Keys).filter((key) => key !== 'kintsugi');
  expect(rows.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
});

test.each(Object.entries(durationVariables))(
  'the variable and the default of %s are those of the program',
  (name, variable) => {
    const row = rows.find((each) => each.variable === variable);
    expect(row?.key.split('.').at(-1)).toBe(name);
    expect(row?.text).toBe(defaults.durations[name as keyof typeof defaults.durations]);
  },
);

test('the other defaults are those of the program', () => {
  const text = (key: string) => rows.find((each) => each.key === key)?.text;
  expect(text('home')).toBe(`\`${defaults.home}\``);
  expect(text('inventory')).toBe(`\`${defaults.inventory}\``);
  expect(text('concurrency')).toBe(String(defaults.concurrency));
});
