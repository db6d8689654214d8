import { describe, expect, it } from 'vitest';
import { makeFault } from '../../../../../src/remote/protocol/wsman/fault.ts';
import { failureOfFault } from '../../../../../src/remote/transport/winrm/failure-of-fault.ts';

describe('a fault', () => {
  it.each([
    ['no access', 5, 'forbidden'],
    ['aborted', 995, 'unreachable'],
    ['no such shell', 2150858843, 'unreachable'],
    ['no such resource', 2150858754, 'unreachable'],
    ['too many shells', 2150859173, 'unreachable'],
    ['too many commands', 2150859241, 'unreachable'],
    ['a shell in use', 2150859213, 'unreachable'],
    ['another endpoint', 2150859161, 'unreachable'],
    ['short of something', 2150858815, 'unreachable'],
    ['a version refused', 2152992672, 'protocol-error'],
    ['too large', 2150858790, 'protocol-error'],
    ['a wrong message', 2150858817, 'protocol-error'],
  ])(
    '(%s, %d) means %s if nothing was begun before; else the call is dropped, and that is why',
    (_, code, expected) => {
      const fault = makeFault(code, 'text of the host');
      const facts = { faultCode: code };
      const meaning = { code: expected, facts, message: expect.stringContaining('text of the host') };
      expect(failureOfFault(fault, 'pc1', false)).toMatchObject(meaning);
      expect(failureOfFault(fault, 'pc1', true)).toMatchObject({ ...meaning, code: 'dropped', cause: meaning });
    },
  );
});
