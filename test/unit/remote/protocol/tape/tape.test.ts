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

  it('tells when it was, where it is told in order', () => {
    const times = (ms: unknown) => readTape({ messages: [{ request: '<r/>', ms }] }).messages[0]!.ms;
    expect(times([1.5, 2])).toEqual([1.5, 2]);
    for (const odd of [undefined, [3], [3, 2], ['a', 'b'], 7]) expect(times(odd)).toBeUndefined();
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
