import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseScript } from '../../../../src/powershell/parse-script.ts';
import { readPowerShellData } from '../../../../src/powershell/read-data.ts';
import { type HostKitText, loadHostKitText } from '../../../../src/remote/powershell/host-kit-text.ts';
import {
  type JeaEndpoint,
  type JeaEndpointParts,
  type JeaTemplates,
  jeaCommands,
  jeaContentHash,
  loadJeaTemplates,
  makeJeaEndpoint,
} from '../../../../src/remote/powershell/jea-endpoint.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('an endpoint', () => {
  let kit: HostKitText;
  let templates: JeaTemplates;
  let parts: JeaEndpointParts;
  let endpoint: JeaEndpoint;
  beforeAll(async () => {
    kit = await loadHostKitText();
    templates = await loadJeaTemplates();
    parts = {
      name: 'Own-Name',
      version: '1.2.3',
      group: "EXAMPLE\\O'Neil's team",
      transcripts: 'C:\\Transcripts',
      kit: kit.text,
      actions: [
        {
          id: 'b/two',
          declared: '{"touches":{"services":["it\'s"]}}',
          settled: '{}',
          scripts: { verify: '# umlaut: ä\n@{ ok = $true }' },
        },
        {
          id: 'b/one',
          declared: '{}',
          settled: '{}',
          scripts: { verify: '@{ ok = $true } # no line feed', apply: 'param()\n@{}\n' },
        },
      ],
    };
    endpoint = makeJeaEndpoint(parts, templates);
  });
  const file = (path: string): string => endpoint.files.get(path) ?? '';

  it('is a module, its role capability, a session configuration and the script that installs them, each with a byte order mark', () => {
    expect([...endpoint.files.keys()]).toEqual([
      'Own-Name/Own-Name.psd1',
      'Own-Name/Own-Name.psm1',
      'Own-Name/RoleCapabilities/Own-Name.psrc',
      'Own-Name.pssc',
      'jea.ps1',
    ]);
    for (const text of endpoint.files.values()) expect(text.startsWith('\uFEFF')).toBe(true);
  });

  it('shows four commands, by manifest and role, and has the group as its only role', () => {
    const manifest = readPowerShellData(file('Own-Name/Own-Name.psd1'));
    const role = readPowerShellData(file('Own-Name/RoleCapabilities/Own-Name.psrc'));
    const session = readPowerShellData(file('Own-Name.pssc'));
    expect(manifest).toMatchObject({
      RootModule: 'Own-Name.psm1',
      ModuleVersion: '1.2.3',
      FunctionsToExport: Object.values(jeaCommands),
      CmdletsToExport: [],
      PrivateData: { Kintsugi: { Content: endpoint.content, Actions: ['b/one', 'b/two'] } },
    });
    expect(role).toMatchObject({ ModulesToImport: 'Own-Name', VisibleFunctions: Object.values(jeaCommands) });
    expect(Object.keys(role)).not.toContain('VisibleCmdlets');
    expect(session).toMatchObject({
      SessionType: 'RestrictedRemoteServer',
      LanguageMode: 'NoLanguage',
      RunAsVirtualAccount: true,
      TranscriptDirectory: 'C:\\Transcripts',
      RoleDefinitions: { "EXAMPLE\\O'Neil's team": { RoleCapabilities: 'Own-Name' } },
    });
    for (const table of [manifest, role, session])
      expect(table['GUID']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseScript(file('jea.ps1')).body.finish?.statements.length).toBeGreaterThan(5);
  });

  it('holds the kit and exactly the scripts of its actions, each as a function with its text to the letter', () => {
    const module = parseScript(file('Own-Name/Own-Name.psm1'));
    const held = (module.body.finish?.statements ?? []).flatMap((statement) =>
      statement.kind === 'function' && /^(KtKit$|KtScript\.)/.test(statement.name)
        ? [[statement.name, module.source.text.slice(statement.body.start, statement.body.end)] as const]
        : [],
    );
    const [one, two] = [parts.actions[1]?.scripts, parts.actions[0]?.scripts];
    expect(Object.fromEntries(held)).toEqual({
      KtKit: `{\n${kit.text}\n}`,
      'KtScript.b.one.apply': `{\n${one?.apply}\n}`,
      'KtScript.b.one.verify': `{\n${one?.verify}\n}`,
      'KtScript.b.two.verify': `{\n${two?.verify}\n}`,
    });
  });

  it('has one hash over all that is run, which changes with any of it and with nothing else', () => {
    const scripts = new Map([
      ['b/two/verify', sha256(parts.actions[0]?.scripts.verify ?? '')],
      ['b/one/verify', sha256(parts.actions[1]?.scripts.verify ?? '')],
      ['b/one/apply', sha256(parts.actions[1]?.scripts.apply ?? '')],
      ['b/two/declared', sha256(parts.actions[0]?.declared ?? '')],
      ['b/one/declared', sha256(parts.actions[1]?.declared ?? '')],
    ]);
    expect(jeaContentHash(kit.sha256, scripts)).toBe(endpoint.content);
    const content = (changes: Partial<JeaEndpointParts>): string =>
      makeJeaEndpoint({ ...parts, ...changes }, templates).content;
    expect(content({ group: 'S-1-5-32-544', name: 'Other', actions: parts.actions.toReversed() })).toBe(
      endpoint.content,
    );
    expect(content({ kit: `${kit.text}#` })).not.toBe(endpoint.content);
    expect(content({ actions: parts.actions.slice(1) })).not.toBe(endpoint.content);
  });

  it('is the same, to the letter, for the same parts in another order', () => {
    const again = makeJeaEndpoint({ ...parts, actions: parts.actions.toReversed() }, templates);
    expect(again).toEqual(endpoint);
  });

  it('has a rule for every door of the kit and for every parameter of it, but for the text of a script and for users: nobody works in their sessions from there', () => {
    const tables = readPowerShellData(
      /\$script:KtDoorKeys = (@\{[\s\S]*?\n\})/.exec(templates['limits.ps1'])?.[1] ?? '',
    );
    const shapes = new Set(
      Array.from(
        /\$script:KtShapes = @\{([\s\S]*?)\n\}/.exec(templates['limits.ps1'])?.[1]?.matchAll(/^ {4}(\w+) = @/gm) ?? [],
        ([, name]) => name,
      ),
    );
    const doors = /\$doors = @\{([\s\S]*?)\n {4}\}/.exec(kit.text)?.[1] ?? '';
    const commands = Array.from(doors.matchAll(/(\w+) = '([\w-]+)'/g), ([, door = '', command = '']) => [
      door,
      command,
    ]).filter(([door]) => door !== 'user');
    expect(commands.length).toBeGreaterThan(15);
    expect(new Set(Object.keys(tables))).toEqual(new Set(commands.map(([door]) => door)));
    for (const [door = '', command = ''] of commands) {
      const head = new RegExp(`function ${command} \\{[\\s\\S]*?param\\(([\\s\\S]*?)\\)\\n`).exec(kit.text)?.[1] ?? '';
      const parameters = Array.from(head.matchAll(/\]\$(\w+)/g), ([, name]) => name).filter(
        (name) => name !== 'Text' && name !== 'User',
      );
      const keys = tables[door] as Readonly<Record<string, string>>;
      expect(new Set(Object.keys(keys)), door).toEqual(new Set(parameters));
      for (const shape of Object.values(keys)) expect(shapes, `${door}: ${shape}`).toContain(shape);
    }
  });
});
