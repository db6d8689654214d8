import { globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { places, shippedActions, shippedScripts } from './shipped.ts';
import { commandNames, memberNames, nodesOfKind } from './walk-script.ts';

const actions = shippedActions();
const scripts = shippedScripts();

/** The type that a script declares for a parameter of each type of action.yaml. */
const scriptTypes: Readonly<Record<string, readonly string[]>> = {
  string: ['string'],
  integer: ['int', 'long'],
  number: ['double'],
  boolean: ['bool'],
  array: ['string[]', 'int[]', 'object[]'],
  object: ['hashtable'],
  secret: ['securestring'],
};

/** What each kind of script gives back. */
const results: Readonly<Record<string, readonly string[]>> = {
  detect: ['facts', 'needed', 'possible', 'reason'],
  apply: ['changed', 'facts', 'rebootRequired'],
  undo: ['changed', 'facts', 'rebootRequired'],
  verify: ['facts', 'ok', 'reason'],
};

test('actions and scripts are there to be checked', () => {
  const idsOnDisk = globSync('*/*/action.yaml', { cwd: join(places.shippedDir, 'actions') }).map(dirname);
  expect(actions.map((action) => action.id)).toEqual(idsOnDisk.toSorted());
  expect(scripts.flatMap(({ script }) => commandNames(script.body))).toContain('Rename-KtFolder');
  expect(scripts.flatMap(({ script }) => memberNames(script.body))).toContain('ExitCode');
});

describe.each(actions)('$id', (action) => {
  test('has exactly the scripts of its kind and no other file', () => {
    const wanted = action.kind === 'check' ? ['verify.ps1'] : ['apply.ps1', 'detect.ps1', 'verify.ps1'];
    expect(readdirSync(action.folder).toSorted()).toEqual(['action.yaml', ...wanted]);
  });

  test('has a title in English and Japanese, and its reason for being irreversible too', () => {
    for (const text of action.irreversible === null ? [action.title] : [action.title, action.irreversible]) {
      expect(text.en).toMatch(/^[ -~]+$/);
      expect(text.ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    }
  });

  test('says where its knowledge comes from', () => {
    expect(action.source).toMatch(/\S/);
  });

  test('is a check that changes nothing, or says what it touches or why it cannot be undone', () => {
    if (action.kind === 'check') {
      expect(action.touches).toEqual({});
      expect(action.irreversible).toBeNull();
    } else expect(Object.keys(action.touches).length > 0 || action.irreversible !== null).toBe(true);
  });
});

describe.each(scripts)('$name', ({ action, kind, name, text, script }) => {
  test('has help with a synopsis and the outputs of its kind', () => {
    const help = /^<#\n([\s\S]*?)\n#>/.exec(text)?.[1] ?? '';
    expect(/^\.SYNOPSIS\n\S/m.test(help)).toBe(true);
    const outputs = /^\.OUTPUTS\n(.+)$/m.exec(help)?.[1] ?? '';
    expect(outputs.split(', ').toSorted()).toEqual(results[kind]);
  });

  test('is ASCII with LF, so that no host reads it in another encoding', () => {
    const bytes = readFileSync(join(action.folder, `${kind}.ps1`));
    expect(bytes.every((byte) => byte === 0x0a || (byte >= 0x20 && byte < 0x7f))).toBe(true);
  });

  test('declares the parameters of action.yaml, all of them, with their types', () => {
    expect(script.body.attributes.map((attribute) => attribute.name)).toEqual(['CmdletBinding']);
    const declared = (script.body.parameters ?? []).map((parameter) => [
      parameter.name.toLowerCase(),
      parameter.types.map((type) => type.name + '[]'.repeat(type.ranks.length)).join(' '),
    ]);
    expect(declared.map((each) => `${each[0]}`).toSorted()).toEqual(
      Object.keys(action.parameters)
        .map((each) => each.toLowerCase())
        .toSorted(),
    );
    for (const [parameter, declaration] of Object.entries(action.parameters)) {
      const type = declared.find(([each]) => each === parameter.toLowerCase())?.[1];
      expect(scriptTypes[declaration.type]).toContain(type?.toLowerCase());
    }
  });

  test('ends with one table that has the fields of its kind', () => {
    const last = script.body.finish?.statements.at(-1);
    const element = last?.kind === 'pipeline' ? last.elements[0] : undefined;
    const table = element?.kind === 'expressionCommand' ? element.expression : undefined;
    const keys =
      table?.kind === 'hash' ? table.entries.map((entry) => (entry.key.kind === 'string' ? entry.key.value : '?')) : [];
    expect(keys.toSorted()).toEqual(results[kind]);
  });

  test('takes time-outs from a Stopwatch, runs no text as code and calls no program but through the kit', () => {
    const names = commandNames(script.body).map((each) => each.toLowerCase());
    expect(names).not.toContain('get-date');
    expect(names).not.toContain('invoke-expression');
    expect(names).not.toContain('iex');
    expect(names).not.toContain('add-type');
    expect(names.filter((each) => each.endsWith('.exe'))).toEqual([]);
    expect(nodesOfKind(script.body, 'command').filter((node) => node['invocation'] !== '')).toEqual([]);
    expect(/\[datetime\]::(utc)?now\.addseconds|\[scriptblock\]::create/i.test(text)).toBe(false);
  });

  test('decides nothing by the text that a program prints or by a message', () => {
    const members = memberNames(script.body);
    const names = commandNames(script.body);
    // what a text gave that ran as the user is data, not what a program printed
    const given = names.includes('Invoke-KtAsUser') && !names.includes('Invoke-KtProgram') ? [] : ['Output'];
    for (const translated of [...given, 'ErrorOutput', 'Message', 'FormatDescription', 'StandardOutput'])
      expect(members, name).not.toContain(translated);
  });

  test('changes the host only in apply, and there only through the kit', () => {
    const changing =
      /^(set|new|remove|rename|move|copy|clear|start|stop|restart|register|unregister|enable|disable|add|out|step|save|install|uninstall|repair)-/i;
    const harmless = new Set(['start-sleep', 'new-object', 'out-null']);
    const names = commandNames(script.body).map((each) => each.toLowerCase());
    const kit = names.filter((each) => changing.test(each) && each.split('-')[1]?.startsWith('kt'));
    const plain = names.filter(
      (each) => changing.test(each) && !each.split('-')[1]?.startsWith('kt') && !harmless.has(each),
    );
    // Repair-WindowsImage with -CheckHealth or -ScanHealth only reads.
    expect(plain.filter((each) => each !== 'repair-windowsimage')).toEqual([]);
    expect(text).not.toMatch(/Repair-WindowsImage[^\n]*-RestoreHealth/i);
    if (kind === 'detect' || kind === 'verify')
      expect([...kit, ...names.filter((each) => each === 'invoke-ktprogram')]).toEqual([]);
  });
});

test('every function of the kit that a script calls is in the list of kit functions', () => {
  const listed = readFileSync(join(places.shippedDir, '../docs/host-kit.md'), 'utf8');
  const called = new Set(
    scripts.flatMap(({ script }) => commandNames(script.body)).filter((each) => /-Kt[A-Z]/.test(each)),
  );
  expect(called.size).toBeGreaterThan(10);
  for (const name of called) expect(listed).toContain(`\`${name}`);
});

test('scripts of one rule carry the same text of it', () => {
  const regions = new Map<string, { text: string; names: string[] }[]>();
  for (const { name, text } of scripts)
    for (const match of text.matchAll(/^# region ([^(\n]+?) \(.*\)\n[\s\S]*?^# endregion$/gm)) {
      const title = match[1] ?? '';
      const versions = regions.get(title) ?? [];
      const same = versions.find((each) => each.text === match[0]);
      if (same === undefined) versions.push({ text: match[0], names: [name] });
      else same.names.push(name);
      regions.set(title, versions);
    }
  expect(regions.size).toBeGreaterThan(2);
  for (const versions of regions.values()) {
    expect(versions.map((each) => each.names.length)).toHaveLength(1);
    expect(versions[0]?.names.length).toBeGreaterThan(1);
  }
});
