import { describe, expect, it } from 'vitest';
import { makeFault } from '../../../../../src/remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../../../../src/remote/protocol/wsman/fault-codes.ts';
import { failureOfFault } from '../../../../../src/remote/transport/winrm/failure-of-fault.ts';

const failure = (code: number, mayHaveRun: boolean) => failureOfFault(makeFault(code, 'why'), 'pc1', mayHaveRun);

describe('a fault', () => {
  it.each([
    ['accessDenied', 'forbidden'],
    ['invalidSelectors', 'unreachable'],
    ['unknownUri', 'unreachable'],
    ['versionRefused', 'protocol-error'],
    ['tooManyCommands', 'unreachable'],
    ['commandIdTaken', 'protocol-error'],
  ] as const)('(%s) means %s if nothing was begun before; else the call is dropped, and that is why', (name, code) => {
    const facts = { faultCode: faultCodes[name] };
    expect(failure(faultCodes[name], false)).toMatchObject({ code, facts });
    expect(failure(faultCodes[name], true)).toMatchObject({ code: 'dropped', facts, cause: { code, facts } });
  });
});
