import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { loadHostKitText } from '../../../../src/remote/powershell/host-kit-text.ts';
import { describeSurface, readSurface } from './kit-surface.ts';

const kit = await loadHostKitText();
const surface = readSurface(kit.text);
const doc = (name: string): Promise<string> => readFile(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');

it('docs/host-kit-surface.md lists exactly what the kit uses of Windows', async () => {
  const [, listed] = /<!-- surface -->\n([\s\S]*?)\n<!-- \/surface -->/.exec(await doc('host-kit-surface.md')) ?? [];
  expect(listed).toBe(describeSurface(surface));
});

it('every function that docs/host-kit.md tells authors of is defined by the kit', async () => {
  const named = [...(await doc('host-kit.md')).matchAll(/`((?:\w+)-Kt\w+)/g)].map(([, name]) => name ?? '');
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((name) => !surface.functions.has(name))).toEqual([]);
});

it('every kit function that the kit calls is defined by it', () => {
  const called = [...surface.commands.keys()].filter((name) => /-Kt/.test(name));
  expect(called.length).toBeGreaterThan(60);
  expect(called.filter((name) => !surface.functions.has(name))).toEqual([]);
});

it('the kit gives its own functions only parameters that they have', () => {
  const wrong: string[] = [];
  for (const [name, given] of surface.commands) {
    const head = new RegExp(`function ${name} \\{[\\s\\S]*?param\\(([\\s\\S]*?)\\n    (?!\\s)`).exec(kit.text)?.[1];
    if (!surface.functions.has(name) || head === undefined) continue;
    const known = new Set([...head.matchAll(/\$(\w+)/g)].map(([, parameter]) => parameter?.toLowerCase()));
    for (const parameter of given)
      if (!known.has(parameter.toLowerCase()) && parameter !== 'ErrorAction') wrong.push(`${name} -${parameter}`);
  }
  expect(wrong).toEqual([]);
});

it('nothing in the kit compiles code, evaluates text as a command, or runs a script file', () => {
  const forbidden = ['Add-Type', 'Invoke-Expression', 'iex', 'Invoke-Command', 'Start-Job', 'Set-ExecutionPolicy'];
  expect(forbidden.filter((name) => surface.commands.has(name))).toEqual([]);
  expect(kit.text).not.toMatch(/powershell\.exe[^\n]*-File/i);
});

it('docs/host-kit.md names every error id that the kit throws', async () => {
  const thrown = new Set([...kit.text.matchAll(/-Id '(Kt\w+)'/g)].map(([, id]) => id ?? ''));
  const text = await doc('host-kit.md');
  expect(thrown.size).toBeGreaterThan(15);
  expect([...thrown].filter((id) => !text.includes(`\`${id}\``))).toEqual([]);
});
