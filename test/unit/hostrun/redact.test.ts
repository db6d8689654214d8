import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/hostrun/redact.ts';

const secret = 'pä$$wörd-42"x';

describe('a redactor (I6)', () => {
  const redactor = new Redactor();
  redactor.note(secret);

  it.each([
    ['as it is', secret],
    ['within JSON', JSON.stringify({ a: secret })],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 of UTF-16', Buffer.from(secret, 'utf16le').toString('base64')],
    ['in hexadecimal', Buffer.from(secret).toString('hex')],
    ['in hexadecimal of UTF-16', Buffer.from(secret, 'utf16le').toString('hex').toUpperCase()],
    ['in a URL', `https://x/?p=${encodeURIComponent(secret)}`],
  ])('masks a secret %s', (_, text) => {
    expect(redactor.text(`before ${text} after`)).toContain('[secret]');
    expect(redactor.text(`before ${text} after`)).not.toContain(text);
  });

  it('masks in names and values at any depth, and leaves all else alone', () => {
    expect(redactor.json({ list: [{ [secret]: `x${secret}` }], n: 1, no: null, ok: true })).toEqual({
      list: [{ '[secret]': 'x[secret]' }],
      n: 1,
      no: null,
      ok: true,
    });
  });
});
