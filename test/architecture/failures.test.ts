import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { failures } from '../../src/kernel/failure.ts';

const page = readFileSync(new URL('../../docs/failures.md', import.meta.url), 'utf8');

/** The paragraphs of a page by the code in their heading. */
function paragraphsOf(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^### /m).slice(1);
  return new Map(
    parts.map((part) => {
      const [heading = '', ...lines] = part.split('\n');
      const body = lines.join('\n').split(/^#/m)[0] ?? '';
      return [heading.replaceAll('`', '').trim(), body.trim()];
    }),
  );
}

const paragraphs = paragraphsOf(page);

test('the page has a paragraph for every failure of the table, and for no other', () => {
  expect([...paragraphs.keys()].toSorted()).toEqual(Object.keys(failures).toSorted());
  expect(page.match(/^### /gm)).toHaveLength(Object.keys(failures).length);
});

test.each(Object.entries(failures))(
  '%s: the paragraph names who acts and the exit code of the table',
  (code, { actor, exit }) => {
    expect(paragraphs.get(code)).toMatch(new RegExp(`^Acts: ${actor} · exit code ${exit}\\. `));
  },
);

test.each(Object.keys(failures))('%s: the paragraph says what happened and what to do', (code) => {
  const sentences = (paragraphs.get(code) ?? '')
    .replaceAll('\n', ' ')
    .split(/[.:?] /)
    .slice(1);
  expect(sentences.length).toBeGreaterThanOrEqual(2);
});

test('a paragraph that is missing, foreign or wrong would be seen', () => {
  const cut = paragraphsOf(page.replace('### `dropped`', '### `droped`'));
  expect(cut.has('dropped')).toBe(false);
  expect(paragraphsOf('### `a`\nActs: x\n\n## Next\n### `b`\nmore').get('a')).toBe('Acts: x');
});
