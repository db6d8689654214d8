import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../../src/kernel/secret.ts';
import { toPlain } from '../../../../../src/remote/protocol/clixml/to-plain.ts';
import { isPsTagged, psProperty } from '../../../../../src/remote/protocol/clixml/values.ts';
import { buildErrorRecord, readErrorRecord } from '../../../../../src/remote/protocol/psrp/error-record.ts';
import { inputToPs, toScriptError } from '../../../../../src/remote/transport/pool/ps-values.ts';

describe('parameters', () => {
  it('keep their types at any depth', () => {
    const value = {
      text: 'a',
      list: [1, 2.5, null, { deep: true }],
      big: 2n ** 40n,
      at: new Date('2026-11-21T00:00:00Z'),
    };
    expect(toPlain(inputToPs(value))).toEqual({ ...value, big: 2 ** 40, at: '2026-11-21T00:00:00.000Z' });
  });

  it('turn secrets into secure text wherever they stand', () => {
    const sent = inputToPs(new Secret('hidden'));
    expect(isPsTagged(sent) && sent.kind).toBe('secureText');
    expect(JSON.stringify(toPlain(inputToPs({ list: [new Secret('hidden')] })))).toBe('{"list":["(secret)"]}');
    expect(psProperty(sent, 'reveal')).toBeUndefined();
  });

  it('refuse what has no counterpart', () => {
    expect(() => inputToPs({ made: 10n ** 40n })).toThrow(/too large/);
  });
});

describe('an error record', () => {
  it('shows its HRESULT unsigned, as codes are written, and its place', () => {
    const record = readErrorRecord(
      buildErrorRecord({
        exceptionMessage: 'not found',
        fullyQualifiedErrorId: 'Id,Cmd',
        category: 'ObjectNotFound',
        exceptionTypes: ['System.IO.FileNotFoundException'],
        hResult: -2147024894,
        invocation: { scriptLineNumber: 3, offsetInLine: 7, line: 'Get-It', scriptName: 'C:\\x.ps1' },
      }),
    );
    expect(toScriptError(record)).toEqual({
      message: 'not found',
      fqid: 'Id,Cmd',
      category: 'ObjectNotFound',
      reason: 'FileNotFoundException',
      exceptionType: 'System.IO.FileNotFoundException',
      hresult: 0x80070002,
      position: { line: 3, offset: 7, text: 'Get-It', scriptName: 'C:\\x.ps1' },
    });
  });

  it('without a place has none', () => {
    const record = readErrorRecord(buildErrorRecord({ exceptionMessage: 'm', fullyQualifiedErrorId: 'i' }));
    expect(toScriptError(record).position).toBeUndefined();
  });
});
