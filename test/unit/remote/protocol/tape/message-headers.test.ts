import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fragmenter, Reassembler } from '../../../../../src/remote/protocol/psrp/fragments.ts';
import { emptyGuid } from '../../../../../src/remote/protocol/psrp/guid.ts';
import { decodeMessage, encodeMessage, type Message } from '../../../../../src/remote/protocol/psrp/message.ts';
import { HeaderWriter, type NewIds, readHeaderIds } from '../../../../../src/remote/protocol/tape/message-headers.ts';

const [pool, pipeline, otherPool, otherPipeline] = ['a', 'b', 'c', 'd'].map((digit) =>
  emptyGuid.replace(/^0{8}/u, digit.repeat(8)),
) as [string, string, string, string];
const output: Message = {
  destination: 'client',
  type: 'pipelineOutput',
  poolId: pool,
  pipelineId: pipeline,
  data: '<S>x</S>',
  bom: true,
};
const state: Message = { ...output, type: 'runspacePoolState', pipelineId: null, data: '<S>state</S>' };
const ids: NewIds = { poolOf: () => otherPool, pipelineId: otherPipeline, sessionKey: () => undefined };

const cut = (messages: readonly Message[], room: number): Buffer =>
  Buffer.concat(
    messages.flatMap((message, index) => {
      const fragmenter = new Fragmenter(BigInt(index + 1), encodeMessage(message));
      const parts: Uint8Array[] = [];
      while (!fragmenter.done) parts.push(fragmenter.next(room) ?? new Uint8Array());
      return parts;
    }),
  );
const read = (bytes: Uint8Array): Message[] => new Reassembler().push(bytes).map((whole) => decodeMessage(whole.bytes));

describe('the headers of messages on a tape', () => {
  it('get other ids, whatever the messages are cut to and however the bytes come', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 22, max: 200 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        (room, sizes) => {
          const bytes = cut([output, state, output], room);
          const writer = new HeaderWriter();
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const end = at + (sizes[turn % sizes.length] ?? 1);
            writer.write(bytes.subarray(at, end), ids);
            at = end;
          }
          const got = read(bytes);
          expect(got.map(({ pipelineId }) => pipelineId)).toEqual([otherPipeline, null, otherPipeline]);
          expect(got.map(({ data }) => data)).toEqual([output.data, state.data, output.data]);
        },
      ),
    );
  });

  it('get the other id of their pool where it stands whole, and none where there was none', () => {
    const bytes = cut([output, { ...state, poolId: emptyGuid }], 500);
    new HeaderWriter().write(bytes, ids);
    expect(read(bytes).map(({ poolId }) => poolId)).toEqual([otherPool, emptyGuid]);
  });

  it('keep their pipeline where no other is given', () => {
    const bytes = cut([output], 500);
    new HeaderWriter().write(bytes, { ...ids, pipelineId: undefined });
    expect(read(bytes)).toEqual([{ ...output, poolId: otherPool }]);
  });

  it('can be read from the first fragment, if it holds them', () => {
    expect(readHeaderIds(cut([output], 500))).toEqual({ poolId: pool, pipelineId: pipeline });
    expect(readHeaderIds(cut([output], 30).subarray(0, 30))).toBeUndefined();
  });

  it('come with another session key of the same length, and never with one of another length', () => {
    const data = (key: string) => `<Obj RefId="0"><MS><S N="EncryptedSessionKey">${key}</S></MS></Obj>`;
    const message: Message = { ...state, type: 'encryptedSessionKey', data: data('AAAA') };
    const bytes = cut([message, message], 500);
    const keys = ['BBBB', 'longer'];
    new HeaderWriter().write(bytes, { ...ids, sessionKey: () => keys.shift() });
    expect(read(bytes).map((got) => got.data)).toEqual([data('BBBB'), data('AAAA')]);
  });
});
