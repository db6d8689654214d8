import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtInExtensions } from '../src/lab/evaluator/built-in.ts';
import { createRegistry } from '../src/lab/evaluator/registry.ts';
import { windowsExtension } from '../src/lab/windows/runtime/extension.ts';

/**
 * Takes the facts of the commands of server roles out of the public documentation of Windows PowerShell (a folder with one Markdown file
 * per command below one folder per module): sets and types from the syntax texts, pipeline binding and aliases from the tables of the
 * parameters. All commands go into src/lab/windows/cmdlets/role-command-syntax.json, the simulated ones into
 * test/fixtures/lab/role-commands.json. Run it when a command was added: `node scripts/lab-role-facts.ts <docset/winserver2022-ps>`.
 */
type Described = { module: string; sets: string[]; syntax: string; bindings: Record<string, string> };

const [docs] = process.argv.slice(2);
if (docs === undefined) throw new Error('usage: node scripts/lab-role-facts.ts <folder of the documentation>');
const modules = ['ServerManager', 'UpdateServices', 'WebAdministration', 'WindowsServerBackup'];

/** Names of types as `Get-Command -Syntax` writes them. */
const plain: Readonly<Record<string, string>> = {
  string: 'string',
  int32: 'int',
  int64: 'long',
  psobject: 'psobject',
  hashtable: 'hashtable',
};
const typeName = (text: string): string => {
  const [, name = '', array = ''] = /^(.*?)((?:\[\])?)$/.exec(text) ?? [];
  return `${plain[name.toLowerCase()] ?? name}${array}`;
};

const piece = /\[\[-\w+\] <[^>]+>\]|\[-\w+\] <[^>]+>|\[-\w+(?: <[^>]+>)?\]|-\w+(?: <[^>]+>)?/g;

const kindOf = (text: string): string => {
  const byValue = text.includes('ByValue');
  const byName = text.includes('ByPropertyName');
  return byValue ? (byName ? 'both' : 'value') : byName ? 'name' : '-';
};

/** Reads the page of one command. */
const readPage = (module: string, name: string): Described => {
  const text = readFileSync(`${docs}/${module}/${name}.md`, 'utf8').replaceAll('\r\n', '\n');
  const syntaxPart = /## SYNTAX\n([\s\S]*?)\n## /.exec(text)?.[1] ?? '';
  const sets: string[] = [];
  const texts: string[] = [];
  for (const [, title = '', body = ''] of syntaxPart.matchAll(/(?:### ([^\n]*)\n+)?```\w*\n([\s\S]*?)```/g)) {
    const pieces = body.replace(/\s+/g, ' ').trim().slice(name.length).match(piece) ?? [];
    sets.push(title.replace(/\s*\(Default\)$/, '').trim() || '__AllParameterSets');
    const written = pieces.map((one) => one.replace(/<([^>]+)>/, (_all, type: string) => `<${typeName(type)}>`));
    texts.push(`${written.join(' ')} [<CommonParameters>]`.trim());
  }
  const bindings: Record<string, string> = {};
  for (const [, parameter = '', yaml = ''] of text.matchAll(/### -(\w+)\n[\s\S]*?```yaml\n([\s\S]*?)```/g)) {
    if (parameter === 'WhatIf' || parameter === 'Confirm') continue;
    const aliases = (/^Aliases: *(.*)$/m.exec(yaml)?.[1] ?? '').split(/,\s*/).filter((one) => one.trim() !== '');
    const kind = kindOf(/^Accept pipeline input: *(.*)$/m.exec(yaml)?.[1] ?? '');
    if (kind !== '-' || aliases.length > 0) bindings[parameter] = [kind, ...aliases.map((one) => one.trim())].join(' ');
  }
  return { module, sets, syntax: texts.join(' '), bindings };
};

const described = new Map<string, Described>();
for (const module of modules)
  for (const file of readdirSync(`${docs}/${module}`)) {
    const name = file.replace(/\.md$/, '');
    if (name !== module) described.set(name, readPage(module, name));
  }
const names = [...described.keys()].toSorted();
writeFileSync(
  new URL('../src/lab/windows/cmdlets/role-command-syntax.json', import.meta.url),
  `{\n${names.map((name) => `${JSON.stringify(name)}: ${JSON.stringify(described.get(name))}`).join(',\n')}\n}\n`,
);

/** One parameter set of a syntax text: `Name`, `!` where mandatory, `@n` where positional, and the type of each parameter. */
const readSet = (text: string): string => {
  let position = 0;
  return (text.match(piece) ?? [])
    .flatMap((one) => {
      const name = /-(\w+)/.exec(one)?.[1] ?? '';
      if (name === 'WhatIf' || name === 'Confirm') return [];
      const isPositional = /\[-\w+\] </.test(one);
      const isMandatory = !(one.startsWith('[[') || (one.startsWith('[') && !isPositional));
      return [
        `${name}${isMandatory ? '!' : ''}${isPositional ? `@${position++}` : ''}:${/<([^>]+)>/.exec(one)?.[1] ?? 'switch'}`,
      ];
    })
    .join(' ');
};

const lines: string[] = [];
for (const { name } of createRegistry([...builtInExtensions, windowsExtension]).cmdlets.values()) {
  const page = described.get(name);
  if (!page) continue;
  const head = { module: page.module, shouldProcess: page.syntax.includes('-WhatIf'), bindings: page.bindings };
  const sets = page.syntax.split('[<CommonParameters>]').slice(0, -1).map(readSet);
  lines.push(
    `${JSON.stringify(name)}: ${JSON.stringify(head).slice(0, -1)},"sets":[\n${sets.map((set) => `  ${JSON.stringify(set)}`).join(',\n')}]}`,
  );
}
writeFileSync(
  new URL('../test/fixtures/lab/role-commands.json', import.meta.url),
  `{\n${lines.toSorted().join(',\n')}\n}\n`,
);
process.stdout.write(`${names.length} commands, ${lines.length} of them simulated\n`);
