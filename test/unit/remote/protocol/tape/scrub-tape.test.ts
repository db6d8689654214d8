import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fragmenter, Reassembler } from '../../../../../src/remote/protocol/psrp/fragments.ts';
import { decodeMessage, encodeMessage } from '../../../../../src/remote/protocol/psrp/message.ts';
import { scrubTape } from '../../../../../src/remote/protocol/tape/scrub-tape.ts';
import type { TapeExchange } from '../../../../../src/remote/protocol/tape/tape.ts';

const id = '11111111-2222-3333-4444-555555555555';
const messageOf = (data: string): Uint8Array =>
  encodeMessage({ destination: 'client', type: 'pipelineOutput', poolId: id, pipelineId: id, data, bom: true });

/** Answers that carry a message in fragments of a size, one or several to an answer. */
function answersOf(data: string, roomBytes: number, perAnswer: number): TapeExchange[] {
  const fragmenter = new Fragmenter(7n, messageOf(data));
  const answers: TapeExchange[] = [];
  while (!fragmenter.done) {
    const parts: Uint8Array[] = [];
    for (let n = 0; n < perAnswer && !fragmenter.done; n++) parts.push(fragmenter.next(roomBytes) ?? new Uint8Array());
    const text = Buffer.concat(parts).toString('base64');
    answers.push({ request: '<r/>', response: `<rsp:Stream Name="stdout" CommandId="${id}">${text}</rsp:Stream>` });
  }
  return answers;
}

function textsOf(messages: readonly TapeExchange[]): string[] {
  const reassembler = new Reassembler();
  return messages
    .flatMap(({ response }) =>
      Array.from((response ?? '').matchAll(/>([^<]+)<\/rsp:Stream>/g), ([, text]) => text ?? ''),
    )
    .flatMap((text) => reassembler.push(Buffer.from(text, 'base64')))
    .map(({ bytes }) => decodeMessage(bytes).data);
}

describe('scrubbing a tape', () => {
  it('overwrites names in the envelope in any case, with stand-ins of their length', () => {
    const { messages } = scrubTape(
      {
        messages: [
          { request: '<a:To>http://web01.corp.example:5985</a:To>', response: '<o>CORP\\Jörg</o><m>WEB01</m>' },
        ],
      },
      ['web01.corp.example', 'WEB01', 'CORP', 'jörg'],
    );
    expect(messages).toEqual([
      { request: '<a:To>http://x1xxxxxxxxxxxxxxxx:5985</a:To>', response: '<o>x3xx\\x4xxx</o><m>x2xxx</m>' },
    ]);
  });

  it('finds names across fragments and answers, and leaves the messages whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 22, max: 120 }), fc.integer({ min: 1, max: 4 }), (roomBytes, perAnswer) => {
        const tape = { messages: answersOf('<S>on Web01, by Jörg, on web01</S>', roomBytes, perAnswer) };
        expect(textsOf(scrubTape(tape, ['web01', 'jörg']).messages)).toEqual(['<S>on x1xxx, by x2xxx, on x1xxx</S>']);
      }),
    );
  });

  it('scrubs output and arguments of native commands, which are no PSRP', () => {
    const stream = (text: string) => `<rsp:Stream Name="stdout">${Buffer.from(text).toString('base64')}</rsp:Stream>`;
    const { messages } = scrubTape(
      { messages: [{ request: '<rsp:Arguments>WEB01</rsp:Arguments>', response: stream('WEB01\r\n') }] },
      ['web01'],
    );
    expect(messages).toEqual([{ request: '<rsp:Arguments>x1xxx</rsp:Arguments>', response: stream('x1xxx\r\n') }]);
  });

  it('leaves everything as it is where no name is given, and names that are too short alone', () => {
    const tape = { messages: answersOf('<S>pc</S>', 60, 2) };
    expect(scrubTape(tape, ['pc', ''])).toBe(tape);
  });
});
