import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { impureCalls, impureExceptions, impureNames, layers, packageHomes, pureLayers, pureModules } from './layers.ts';
import { type Import, importsOf, isBelow, readSources } from './scan-imports.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = readSources(`${root}src`);
const imports = sources.flatMap(importsOf);

const layerOf = (path: string) =>
  layers.filter(({ name }) => isBelow(path, name)).toSorted((a, b) => b.name.length - a.name.length)[0];

/** Why an import breaks the table; null where it does not. */
function fault(each: Import): string | null {
  const layer = layerOf(each.file);
  if (layer === undefined) return `${each.file} lies in a folder that the table does not know`;
  if (each.kind === 'node') return null;
  if (each.kind === 'package') {
    const homes = packageHomes[each.name] ?? [];
    return homes.some((home) => isBelow(each.file, home))
      ? null
      : `${each.file} imports the package ${each.name}, which is at home in ${homes.join(', ') || 'no layer'}`;
  }
  if (each.target.startsWith('..')) return `${each.file} imports ${each.target}, which is not below src`;
  const target = layerOf(each.target);
  const allowed = [layer.name, 'kernel', ...layer.imports];
  if (target !== undefined && allowed.some((name) => isBelow(each.target, name))) return null;
  return `${each.file} (${layer.name}) imports ${each.target}, but may import only ${allowed.join(', ')}`;
}

const faultsOf = (list: readonly Import[]): readonly string[] => list.map(fault).filter((each) => each !== null);

test('the scan saw the sources and their imports', () => {
  expect(sources.length).toBeGreaterThan(20);
  expect(imports.length).toBeGreaterThan(sources.length);
  expect(imports).toContainEqual({ kind: 'own', file: 'planning/signature.ts', target: 'kernel/canonical-json.ts' });
  expect(imports).toContainEqual({ kind: 'package', file: 'kernel/canonical-json.ts', name: 'canonicalize' });
});

test('every file lies in a folder of the table', () => {
  expect(sources.map(({ file }) => file).filter((file) => layerOf(file) === undefined)).toEqual([]);
});

test('every import is one that the table allows', () => {
  expect(faultsOf(imports)).toEqual([]);
});

test('every imported file exists', () => {
  const missing = imports.filter((each) => each.kind === 'own' && !existsSync(`${root}src/${each.target}`));
  expect(missing).toEqual([]);
});

test('every dependency of the package has a home in the table', () => {
  const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { dependencies: object };
  expect(Object.keys(dependencies).filter((name) => packageHomes[name] === undefined)).toEqual([]);
});

test('layers that replay take time, randomness and everything outside as arguments', () => {
  const pure = sources.filter(({ file }) => pureLayers.some((layer) => isBelow(file, layer)));
  expect(pure.length).toBeGreaterThan(10);
  const impure = pure.flatMap(({ file, text }) => {
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
    const found = impureCalls.exec(code)?.[0] ?? impureNames.exec(code)?.[1];
    return found === undefined || file in impureExceptions ? [] : [`${file}: ${found}`];
  });
  const modules = pure
    .flatMap(importsOf)
    .filter((each) => each.kind === 'node' && !(pureModules as readonly string[]).includes(each.name));
  expect([...impure, ...modules]).toEqual([]);
});

test('every exception to purity is still needed', () => {
  const needless = Object.keys(impureExceptions).filter((file) => {
    const text = sources.find((source) => source.file === file)?.text ?? '';
    return !impureCalls.test(text) && !impureNames.test(text);
  });
  expect(needless).toEqual([]);
});

test('a forbidden import, a stray package and an unknown folder are told', () => {
  const seen = faultsOf([
    { kind: 'own', file: 'kernel/ids.ts', target: 'planning/plan.ts' },
    { kind: 'own', file: 'hostrun/machine.ts', target: 'input/playbook/playbook.ts' },
    { kind: 'own', file: 'hostrun/machine.ts', target: 'remote/transport/winrm.ts' },
    { kind: 'package', file: 'planning/plan-run.ts', name: 'yaml' },
    { kind: 'package', file: 'kernel/ids.ts', name: 'left-pad' },
    { kind: 'own', file: 'helpers/misc.ts', target: 'kernel/ids.ts' },
  ]);
  expect(seen).toHaveLength(6);
});

test('imports of every form are seen', () => {
  const text = [
    "import type { A } from './a.ts';",
    'import {\n  b,\n} from "../planning/b.ts";',
    "export { c } from './c.ts';",
    "import './d.ts';",
    "const e = await import('yaml');",
    "// import { no } from './no.ts';",
    "/* import { no } from './no.ts'; */",
  ].join('\n');
  expect(
    importsOf({ file: 'input/x.ts', text }).map((each) => (each.kind === 'own' ? each.target : each.name)),
  ).toEqual(['input/a.ts', 'planning/b.ts', 'input/c.ts', 'input/d.ts', 'yaml']);
});
