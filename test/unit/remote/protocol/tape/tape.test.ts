import { describe, expect, it } from 'vitest';
import { outcomeOf, readTape } from '../../../../../src/remote/protocol/tape/tape.ts';

const fault = '<s:Envelope><s:Body>\n<s:Fault>…</s:Fault></s:Body></s:Envelope>';
const outcome = (fields: object) => outcomeOf(readTape({ messages: [{ request: '<r/>', ...fields }] }).messages[0]!);

describe('a tape', () => {
  it('says what came of each request', () => {
    expect(outcome({ response: '<ok/>' })).toEqual({ kind: 'reply', status: 200, body: '<ok/>' });
    expect(outcome({ response: fault })).toEqual({ kind: 'reply', status: 500, body: fault });
    expect(outcome({})).toEqual({ kind: 'cut' });
    expect(outcome({ response: null })).toEqual({ kind: 'cut' });
  });

  it('may come from another recorder, with its own words for what went wrong', () => {
    expect(outcome({ response: fault, transport_error: { protocol: 'http', code: 500 } })).toMatchObject({
      status: 500,
    });
    expect(outcome({ response: 'busy', transport_error: { code: 503 } })).toEqual({
      kind: 'reply',
      status: 503,
      body: 'busy',
    });
    expect(outcome({ response: null, http_error: true })).toEqual({ kind: 'cut' });
    expect(outcome({ response: 'half', http_error: 'broken pipe' })).toEqual({ kind: 'cut' });
    expect(outcome({ response: '', auth_error: true })).toEqual({ kind: 'refused-login' });
    expect(outcome({ response: '', transport_error: { code: 401 } })).toEqual({ kind: 'refused-login' });
    expect(outcome({ response: null, timeout: true })).toEqual({ kind: 'silent' });
    expect(outcome({ response: '<ok/>', overrides: [{ path: 's:Body' }], timeout: false })).toMatchObject({
      status: 200,
    });
  });

  it.each([
    [{}, 'a list of messages'],
    [null, 'a list of messages'],
    [{ messages: [{ response: '<ok/>' }] }, 'Message 1 has no request'],
    [{ messages: [{ request: '<r/>' }, { request: '<r/>', response: 7 }] }, 'response of message 2'],
  ])('is refused where it is none: %j', (value, reason) => {
    expect(() => readTape(value)).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(reason) }),
    );
  });
});
