import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from '../../../src/kernel/secret.ts';

test('a secret shows itself only when asked', () => {
  const secret = new Secret('hunter2-canary');
  const shown = [
    ['joined', secret].join(' '),
    String(secret),
    JSON.stringify({ secret }),
    inspect(secret, { showHidden: true, depth: 9 }),
    format('%s %o %O %j', secret, secret, secret, secret),
    Object.keys(secret).join(),
    JSON.stringify(Object.getOwnPropertyDescriptors(secret)),
  ].join('\n');
  expect(shown).not.toContain('canary');
  expect(shown).toContain('[secret]');
  expect(secret.reveal()).toBe('hunter2-canary');
});

test('a secret has nothing that could be copied into plain data', () => {
  expect(Object.assign({}, new Secret('canary'))).toEqual({});
});
