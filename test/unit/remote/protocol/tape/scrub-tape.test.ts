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

  it('finds a name in every spelling that XML and CLIXML have for its characters', () => {
    const spelled = [
      'W&amp;B_01',
      'w&#38;b_01',
      '&#x57;&#x26;B_01',
      'W&amp;amp;B_01',
      '_x0057_&amp;B_x005F_01',
      'W&amp;B_x005f_01',
    ];
    const scrubbed = textsOf(scrubTape({ messages: answersOf(spelled.join(' '), 4_000, 1) }, ['w&b_01']).messages);
    expect(scrubbed).toEqual([spelled.map((text) => 'x1'.padEnd(text.length, 'x')).join(' ')]);
  });

  it('finds an account in JSON', () => {
    const [text] = textsOf(
      scrubTape({ messages: answersOf(String.raw`{"by":"DOM\\joe"}`, 4_000, 1) }, [String.raw`DOM\joe`]).messages,
    );
    expect(text).toBe('{"by":"x1xxxxxx"}');
  });

  it('finds a name beyond the basic plane, whose halves CLIXML escapes alone', () => {
    const [text] = textsOf(
      scrubTape({ messages: answersOf('on _xD83D__xDE00_web', 4_000, 1) }, ['\u{1F600}web']).messages,
    );
    expect(text).toBe('on x1xxxxxxxxxxxxxxx');
  });

  it('finds names inside base64: byte arrays and encoded commands', () => {
    const encoded = (text: string, encoding: 'utf8' | 'utf16le') => Buffer.from(text, encoding).toString('base64');
    const data = `<BA>${encoded('ab WEB01 ', 'utf8')}</BA><S>-e ${encoded('ping Jörg', 'utf16le')}</S>`;
    const [text = ''] = textsOf(scrubTape({ messages: answersOf(data, 4_000, 1) }, ['web01', 'jörg']).messages);
    const [bytes = '', command = ''] = Array.from(text.matchAll(/[>\s]([\w+/=]{8,})</g), ([, run]) => run ?? '');
    expect(Buffer.from(bytes, 'base64').toString()).toBe('ab x1xxx ');
    expect(Buffer.from(command, 'base64').toString('latin1')).toBe('p\0i\0n\0g\0 \0x2xxxxxx');
  });

  it('finds names that are not ASCII in bytes that are no UTF-8', () => {
    const stream = (text: Buffer) => `<rsp:Stream Name="stdout">${text.toString('base64')}</rsp:Stream>`;
    const scrubbed = (bytes: Buffer): string => {
      const { messages } = scrubTape({ messages: [{ request: '<r/>', response: stream(bytes) }] }, ['Jörg']);
      return Buffer.from(/>([^<]+)</.exec(messages[0]?.response ?? '')?.[1] ?? '', 'base64').toString('latin1');
    };
    expect(scrubbed(Buffer.from('by JÖRG \xff', 'latin1'))).toBe('by x1xx \xff');
    expect(scrubbed(Buffer.concat([Buffer.from([0xff]), Buffer.from('by jörg')]))).toBe('\xffby x1xxx');
    expect(scrubbed(Buffer.from('\ud800Jörg', 'utf16le'))).toBe('\x00\xd8x1xxxxxx');
  });

  it('leaves everything as it is where no name is given, and names that are too short alone', () => {
    const tape = { messages: answersOf('<S>pc</S>', 60, 2) };
    expect(scrubTape(tape, ['pc', ''])).toBe(tape);
  });
});
