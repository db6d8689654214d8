import { readFileSync, writeFileSync } from 'node:fs';
import { builtInExtensions } from '../src/lab/evaluator/built-in.ts';
import { createRegistry } from '../src/lab/evaluator/registry.ts';
import { windowsExtension } from '../src/lab/windows/runtime/extension.ts';

/**
 * Takes the facts of the simulated commands, and of no others, out of a list of a real Windows PowerShell 5.1 (a JSON file: module →
 * command → what `Get-Command -Syntax` shows) into test/fixtures/lab/windows-commands.json. Facts of commands that the list has not, and
 * `bindings`, stay as they are. Run it when a command was added: `node scripts/lab-facts.ts <list.json>`.
 */
type Fact = { module: string; shouldProcess: boolean; bindings?: Record<string, string>; sets: string[] };

const [list] = process.argv.slice(2);
if (list === undefined) throw new Error('usage: node scripts/lab-facts.ts <list.json>');
const modules = JSON.parse(readFileSync(list, 'utf8')) as Record<string, Record<string, string | string[]>>;
const fixture = new URL('../test/fixtures/lab/windows-commands.json', import.meta.url);
const before = JSON.parse(readFileSync(fixture, 'utf8')) as Record<string, Fact>;

const piece =
  /\[\[-(?<optional>\w+)\] <(?<a>[^>]+)>\]|\[-(?<mandatory>\w+)\] <(?<b>[^>]+)>|\[-(?<named>\w+)(?: <(?<c>[^>]+)>)?\]|-(?<needed>\w+)(?: <(?<d>[^>]+)>)?/g;

/** One parameter set of a syntax text: `Name`, `!` where mandatory, `@n` where positional, and the type of each parameter. */
const readSet = (text: string): string => {
  let position = 0;
  const words: string[] = [];
  for (const { groups = {} } of text.matchAll(piece)) {
    const { optional, mandatory, named, needed } = groups;
    const name = optional ?? mandatory ?? named ?? needed ?? '';
    if (name === 'WhatIf' || name === 'Confirm') continue;
    const type = groups['a'] ?? groups['b'] ?? groups['c'] ?? groups['d'] ?? 'switch';
    const place = (optional ?? mandatory) ? `@${position++}` : '';
    words.push(`${name}${(mandatory ?? needed) ? '!' : ''}${place}:${type}`);
  }
  return words.join(' ');
};

const lines: string[] = [];
for (const { name } of createRegistry([...builtInExtensions, windowsExtension]).cmdlets.values()) {
  const found = Object.entries(modules).find(([, commands]) => commands[name] !== undefined);
  // Some are listed as one text per set.
  const listed = found?.[1][name];
  const syntax = Array.isArray(listed) ? listed.join(' ') : listed;
  const old = before[name];
  const fact: Fact | undefined =
    found && syntax !== undefined
      ? {
          module: found[0],
          shouldProcess: syntax.includes('-WhatIf'),
          ...(old?.bindings ? { bindings: old.bindings } : {}),
          sets: syntax.split('[<CommonParameters>]').slice(0, -1).map(readSet),
        }
      : old;
  if (fact) {
    const { sets, ...head } = fact;
    const start = JSON.stringify(head).slice(0, -1);
    lines.push(
      `${JSON.stringify(name)}: ${start},"sets":[\n${sets.map((set) => `  ${JSON.stringify(set)}`).join(',\n')}]}`,
    );
  }
}
writeFileSync(fixture, `{\n${lines.toSorted().join(',\n')}\n}\n`);
process.stdout.write(`${lines.length} commands\n`);
