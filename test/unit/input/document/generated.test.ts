import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultDocument } from '../../../../scripts/fault-document.ts';
import { formatDocument } from '../../../../scripts/format-document.ts';
import { hostSetupDocument } from '../../../../scripts/host-setup-document.ts';
import { labCommandsModule } from '../../../../scripts/lab-commands.ts';
import { labDocument } from '../../../../scripts/lab-document.ts';
import { lintDocument } from '../../../../scripts/lint-document.ts';
import { generatedTypes, typesOf } from '../../../../scripts/schema-types.ts';
import { windowsCommandsModule } from '../../../../scripts/windows-commands.ts';
import { lintRules } from '../../../../src/lint/rules.ts';

const root = new URL('../../../../', import.meta.url);

test.each(generatedTypes)('$file is what the schema gives (npm run generate)', (types) => {
  expect(readFileSync(new URL(types.file, root), 'utf8')).toBe(typesOf(types));
});

test('docs/playbook-format.md is what the schemas give (npm run generate)', () => {
  expect(readFileSync(new URL('docs/playbook-format.md', root), 'utf8')).toBe(formatDocument());
});

test('docs/host-setup.md holds the scripts as they are (npm run generate)', () => {
  expect(readFileSync(new URL('docs/host-setup.md', root), 'utf8')).toBe(hostSetupDocument());
});

test('docs/lab-windows.md tells what the lab simulates (npm run generate)', () => {
  const text = labDocument();
  expect(text.split('\n').length).toBeGreaterThan(250);
  expect(readFileSync(new URL('docs/lab-windows.md', root), 'utf8')).toBe(text);
});

test('lab-commands.generated.ts names what the lab simulates (npm run generate)', () => {
  const text = labCommandsModule();
  expect(text).toContain("'Stop-Service'");
  expect(text).toContain("'Dism'");
  expect(readFileSync(new URL('src/input/lab/lab-commands.generated.ts', root), 'utf8')).toBe(text);
});

test('windows-commands.generated.ts names what Windows has, as far as the lab knows it (npm run generate)', () => {
  const text = windowsCommandsModule();
  expect(text).toMatch(/ stop-service /);
  expect(text).toMatch(/ sfc\.exe /);
  expect(readFileSync(new URL('src/lint/windows-commands.generated.ts', root), 'utf8')).toBe(text);
});

test('docs/lint.md has every rule with its examples, and what lint prints (npm run generate)', async () => {
  const text = await lintDocument();
  expect(text.match(/^### /gm)?.length).toBe(lintRules.length);
  expect(readFileSync(new URL('docs/lint.md', root), 'utf8')).toBe(text);
});

test('every reference in the format document leads to a heading', () => {
  const text = formatDocument();
  const anchors = new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map((match) => (match[1] ?? '').toLowerCase().replaceAll(' ', '-')),
  );
  const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1] ?? '');
  expect(links.length).toBeGreaterThan(30);
  expect(links.filter((link) => !anchors.has(link))).toEqual([]);
});

test('docs/lab-faults.md tells every fault of the lab and what is wrong with it (npm run generate)', () => {
  const text = faultDocument();
  expect(readFileSync(new URL('docs/lab-faults.md', root), 'utf8')).toBe(text);
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.length).toBeGreaterThan(80);
  expect(rows.filter((row) => /^\| `[^`]+` \| {2}\|/.test(row))).toEqual([]);
});
