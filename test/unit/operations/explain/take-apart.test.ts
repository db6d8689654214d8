import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeKnowledge } from '../../../../src/knowledge/code-knowledge.ts';
import { readExtendCode } from '../../../../src/operations/explain/extend-code.ts';
import { findKnown, hexOf, takeApart } from '../../../../src/operations/explain/take-apart.ts';

const knowledge = codeKnowledge();
const apart = (value: number) => takeApart(value, knowledge);

test('an HRESULT of a Win32 error', () => {
  expect(apart(0x80070002)).toEqual({
    scheme: 'hresult',
    severity: 'error',
    customer: false,
    facility: { number: 7, name: 'WIN32' },
    code: 2,
    signed: -2147024894,
    win32: 2,
    ntStatus: null,
    http: null,
  });
});

test('an NTSTATUS value, by itself and inside an HRESULT', () => {
  const status = { win32: 2, ntStatus: { value: '0xC0000034', name: 'STATUS_OBJECT_NAME_NOT_FOUND' } };
  expect(apart(0xc0000034)).toMatchObject({ scheme: 'ntstatus', severity: 'error', ...status });
  expect(apart(0xd0000034)).toMatchObject({ scheme: 'hresult', severity: 'error', ...status });
});

test.each([
  [0x80190194, { facility: { number: 25, name: 'HTTP' }, http: 404, win32: null }],
  [0x00240005, { severity: 'success', facility: { number: 36, name: 'WINDOWSUPDATE' } }],
  [0x00070002, { severity: 'success', win32: null }],
  [0xa0070002, { customer: true, win32: null, facility: { number: 7, name: null } }],
  [0x87ff1234, { facility: { number: 0x7ff, name: null }, code: 0x1234 }],
  [2, { scheme: 'win32', win32: 2 }],
  [0xc1900101, { scheme: 'ntstatus', facility: { number: 0x190, name: 'MOSETUP' } }],
] as const)('the parts of %i', (value, parts) => {
  expect(apart(value)).toMatchObject(parts);
});

test('what is known of a Win32 error is known of it in every wrapping', () => {
  for (const value of [2, 0x80070002, 0xc0000034, 0xd0000034, 0xc000000f]) {
    expect(findKnown(value, knowledge)?.entry.name, hexOf(value)).toBe('ERROR_FILE_NOT_FOUND');
  }
  expect(findKnown(0xc0000022, knowledge)?.entry.name).toBe('E_ACCESSDENIED');
  expect(findKnown(0x00070002, knowledge)).toBeNull();
  expect(findKnown(0x8a15ff3c, knowledge)).toBeNull();
});

test('any number of 32 bits is taken apart so that the parts make it again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0x1_0000, max: 0xffff_ffff }), (value) => {
      const { signed, code, facility, severity, scheme } = apart(value);
      expect(signed >>> 0).toBe(value);
      expect(code).toBe(value & 0xffff);
      expect((value >>> 16) & 0xfff & facility.number).toBe(facility.number);
      if (scheme === 'hresult' && (value & 0x1000_0000) === 0)
        expect(severity).toBe(value >= 0x8000_0000 ? 'error' : 'success');
    }),
  );
});

test('an extend code is phase and operation; what has no name is told as a number', () => {
  expect(readExtendCode(0x20007, knowledge)).toMatchObject({
    extend: '0x20007',
    phase: { number: 2, name: 'SAFE_OS' },
    operation: { number: 7, name: 'INSTALL_DRIVERS' },
    look: { en: expect.stringContaining('setupapi.dev.log') },
  });
  expect(readExtendCode(0x60000, knowledge).phase).toEqual({ number: 6, name: null, words: null });
});
