import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const exported = /^export (?:async )?(?:function\*?|const|type|interface|class) (\w+)/;

/** Exports of a source text that no doc comment stands above. */
function undocumented(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const name = exported.exec(line)?.[1];
    if (name === undefined) return [];
    let above = index - 1;
    while (/^\s*(?:$|\/\/ (?:biome|oxlint))/.test(lines[above] ?? 'end')) above -= 1;
    return lines[above]?.trimEnd().endsWith('*/') ? [] : [name];
  });
}

it('every exported thing has a doc comment', () => {
  const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.generated.ts'));
  const texts = files.map((file) => [file, readFileSync(join(root, file), 'utf8')] as const);
  const count = texts.reduce((sum, [, text]) => sum + text.split('\n').filter((line) => exported.test(line)).length, 0);
  expect(count).toBeGreaterThan(1000);
  expect(texts.flatMap(([file, text]) => undocumented(text).map((name) => `${file}: ${name}`))).toEqual([]);
});

it('an export without a doc comment is told', () => {
  expect(undocumented('/** Said. */\nexport const a = 1;\n\nexport type B = string;')).toEqual(['B']);
});
