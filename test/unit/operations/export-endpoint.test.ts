import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shippedPlaybooks } from '../../../src/compose/shipped.ts';
import { sha256 } from '../../../src/kernel/canonical-json.ts';
import {
  type EndpointPlaces,
  exportedHashes,
  makeEndpoint,
  writeEndpoint,
} from '../../../src/operations/export-endpoint.ts';
import { parseScript } from '../../../src/powershell/parse-script.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';
import { jeaContentHash, loadJeaTemplates } from '../../../src/remote/powershell/jea-endpoint.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/fleet', import.meta.url));
const options = { name: 'Kintsugi', group: 'S-1-5-32-544' };

describe('an endpoint for playbooks', () => {
  const projectDir = mkdtempSync(join(tmpdir(), 'kintsugi-export-'));
  let places: EndpointPlaces;
  beforeAll(async () => {
    cpSync(fixtures, projectDir, { recursive: true });
    const templates = await loadJeaTemplates();
    const kit = (await loadHostKitText()).text;
    places = { projectDir, shippedDir: shippedPlaybooks, kit, templates, version: '1.2.3-rc.1' };
  });
  afterAll(() => rmSync(projectDir, { recursive: true, force: true }));
  const exported = (...playbooks: string[]) => makeEndpoint({ ...options, playbooks }, places);
  /** A playbook `wide` that gives an action the parameter `where`. */
  const writeWide = (where: string, items: string, touches: string): void => {
    const action = join(projectDir, 'actions', 'wide', 'look');
    mkdirSync(action, { recursive: true });
    writeFileSync(
      join(action, 'action.yaml'),
      `kintsugi: action/v1
title: { en: Wide }
duration: { typical: 1s, longest: 1s }
parameters:
  where: { type: string${where} }
  many: { type: array, default: [], items: { type: string${items} } }
touches: ${touches}
`,
    );
    writeFileSync(join(action, 'verify.ps1'), 'param([string] $Where, [string[]] $Many)\n@{ ok = $true }\n');
    const values = readFileSync(join(projectDir, 'playbooks', 'values.yaml'), 'utf8');
    const given = where.includes('enum') ? 'a' : "'C:/Data/x'";
    const use = `preflight:\n  - { uses: wide/look, with: { where: ${given} } }\nstages:`;
    writeFileSync(join(projectDir, 'playbooks', 'wide.yaml'), values.replace('stages:', use));
  };

  it('allows exactly the actions that the playbooks use, each once', () => {
    expect(exported('values').actions).toEqual(['registry/holds', 'registry/values']);
    const both = exported('values', 'licence');
    expect(both.playbooks).toEqual(['values', 'licence']);
    expect(both.actions).toEqual(['licence/enter', 'licence/enter-as-system', 'registry/holds', 'registry/values']);
    const module = both.files.get('Kintsugi/Kintsugi.psm1') ?? '';
    const held = Array.from(module.matchAll(/^function KtScript\.(\S+) \{$/gm), ([, name]) => name);
    expect(held).toHaveLength(10);
    expect(module).toContain(
      `'licence/enter' = '{"interruptible":false,"lanes":{"apply":"inline","detect":"inline","verify":"inline"},"longestMs":60000,"parameters":{"betray":{"type":"boolean"},"licence":{"type":"secret"},"name":{"type":"string"}},"touches":{"registry":["HKLM\\\\SOFTWARE\\\\KintsugiTest"]}}'`,
    );
    expect(both.files.get('Kintsugi/Kintsugi.psd1')).toContain("ModuleVersion     = '1.2.3'");
  });

  it('is the same in whichever order the playbooks are named', () => {
    expect(exported('values', 'licence').files).toEqual(exported('licence', 'values').files);
  });

  it('of the shipped playbook is PowerShell in every file', () => {
    for (const [path, text] of exported('windows-update/file-not-found').files)
      expect(() => parseScript(text, path)).not.toThrow();
  });

  it('is written over an earlier one', () => {
    const folder = join(projectDir, 'out');
    writeEndpoint(folder, exported('values'));
    const made = exported('licence');
    writeEndpoint(folder, made);
    for (const [path, text] of made.files) expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
    expect(existsSync(join(folder, 'Kintsugi', 'RoleCapabilities', 'Kintsugi.psrc'))).toBe(true);
  });

  it('has the content that the hashes of its actions here give', () => {
    const { actions, content } = exported('values', 'licence');
    expect(jeaContentHash(sha256(places.kit), exportedHashes(actions, places))).toBe(content);
    expect(exportedHashes(['no/such'], places).size).toBe(0);
  });

  it.each([
    [
      'a file system without new folders',
      '/proc/x',
      /^--out \/proc\/x: expected a folder.*\/proc\/x.*ENOENT.*another folder/,
    ],
    ['a file', 'taken/x', /--out .*taken\/x: expected a folder.*a part of .* is a file/],
    ['a folder where a file is to stand', 'blocked', /--out .*blocked: expected a folder.*jea\.ps1 is a folder/],
  ])('written into %s is told with place, expectation and remedy', (_what, out, words) => {
    writeFileSync(join(projectDir, 'taken'), '');
    mkdirSync(join(projectDir, 'blocked', 'jea.ps1'), { recursive: true });
    expect(() => writeEndpoint(resolve(projectDir, out), exported('values'))).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringMatching(words) }),
    );
  });

  it.each([
    ['folders', '$where', '', false],
    ['files', '$where', ", pattern: '^C:|x$'", false],
    ['files', '$where', ", pattern: '^C:.Data.[a-z]+$'", true],
    ['registry', '$where', ', enum: [a]', true],
    ['tasks', '$many', '', false],
    ['services', '$many', '', true],
  ])('lets %s stand for %s only where the declaration%s says what it may be', (kind, name, more, fits) => {
    writeWide(more, '', `{ ${kind}: [${name}] }`);
    if (fits) expect(exported('wide').actions).toContain('wide/look');
    else expect(() => exported('wide')).toThrow(new RegExp(`touches\\.${kind} has [^]*enum[^]*pattern`));
  });

  it.each([
    [", pattern: '^\\p{Letter}:/Data/x$'", '', 'where has `\\p{Letter}`'],
    ['', ", pattern: '^[\\u{1F600}]$'", 'many has `\\u{1F600}`'],
  ])('is not made of a pattern (%s%s) that no host can judge by', (where, many, told) => {
    writeWide(where, many, '{ services: [$many] }');
    expect(() => exported('wide')).toThrow(told);
  });

  it('is not made of unknown playbooks, bad names and bad groups, which are all told at once', () => {
    const wrong = { playbooks: ['valeus', 'values'], name: '1', group: 'S-1-x' };
    expect(() => makeEndpoint(wrong, places)).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        message: expect.stringMatching(/--name[^]*--group[^]*valeus[^]*3 faults/),
      }),
    );
    for (const group of ['EXAMPLE\\Repair team', "O'Neil", 'S-1-5-21-1-2-3-500', 'リペア'])
      expect(makeEndpoint({ ...options, playbooks: ['values'], group }, places).group).toBe(group);
    for (const group of ['', 'a|b', 'a\nb', 's-1-5'])
      expect(() => makeEndpoint({ ...options, playbooks: ['values'], group }, places)).toThrow('--group');
  });

  it.each([
    ['#Requires', '#requires -Version 5\n@{ ok = $true }\n'],
    ['using', 'using namespace System.IO\n@{ ok = $true }\n'],
    ['a fault', '@{ ok = '],
  ])('is not made of a script with %s, which could not stand in a function', (_what, text) => {
    const action = join(projectDir, 'actions', 'odd', 'look');
    mkdirSync(action, { recursive: true });
    writeFileSync(
      join(action, 'action.yaml'),
      'kintsugi: action/v1\ntitle: { en: Odd }\nduration: { typical: 1s, longest: 1s }\n',
    );
    writeFileSync(join(action, 'verify.ps1'), text);
    const playbook = join(projectDir, 'playbooks', 'odd.yaml');
    const values = readFileSync(join(projectDir, 'playbooks', 'values.yaml'), 'utf8');
    writeFileSync(playbook, values.replace('stages:', 'preflight:\n  - { uses: odd/look }\nstages:'));
    expect(() => exported('odd')).toThrow(/verify\.ps1/);
  });
});
