import { describe, expect, test } from 'vitest';
import { decodeMessage, encodeMessage } from '../../../../../src/remote/protocol/psrp/message.ts';
import { poolId } from './in-memory.ts';

const refusal = expect.objectContaining({ code: 'protocol-error' });

describe('decodeMessage', () => {
  const good = encodeMessage({
    destination: 'client',
    type: 'pipelineOutput',
    poolId,
    pipelineId: null,
    data: '<S>ä</S>',
    bom: true,
  });

  test.each([
    ['too short a message', good.subarray(0, 39)],
    ['an unknown destination', Uint8Array.from(good, (byte, index) => (index === 0 ? 3 : byte))],
    ['an unknown type', Uint8Array.from(good, (byte, index) => (index === 4 ? 0xee : byte))],
    ['text that is no UTF-8', good.subarray(0, -5)],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeMessage(bytes)).toThrow(refusal);
  });

  test('lays out ids as .NET does', () => {
    expect(Buffer.from(good.subarray(8, 24)).toString('hex')).toBe('1a2e5e0b3c6d0e4f9a523d1f0c9b8a77');
    expect(decodeMessage(good)).toMatchObject({ poolId, pipelineId: null, data: '<S>ä</S>', bom: true });
  });
});
