import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { connectionCauses } from '../../../../src/remote/transport/connection-causes.ts';

test('docs/remoting.md tells every cause, and what to do, as the message does', () => {
  const page = readFileSync(new URL('../../../../docs/remoting.md', import.meta.url), 'utf8');
  const section = page.split('### Causes\n')[1]?.split('\n## ')[0] ?? '';
  const rows = Array.from(section.matchAll(/^\| `([a-z-]+)` \| [^|]+ \| ([^|]+) \|$/gm), ([, cause = '', remedy]) => [
    cause,
    { remedy },
  ]);
  expect(Object.fromEntries(rows)).toEqual(connectionCauses);
});
