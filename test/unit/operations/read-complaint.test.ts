import { describe, expect, it } from 'vitest';
import { readComplaint } from '../../../src/operations/diagnose/read-complaint.ts';

describe('what people say of a fault', () => {
  it('is read as explain reads it: codes in any form, and what it is about', () => {
    expect(
      readComplaint({
        codes: ['0x80070002'],
        symptoms: ['Windows Update のエラー -2147024891', 'the Microsoft Store'],
      }),
    ).toEqual({
      codes: ['0x80070002', '0x80070005'],
      areas: ['wu', 'store'],
    });
  });

  it('may be nothing', () => {
    expect(readComplaint({ codes: [], symptoms: [] })).toEqual({ codes: [], areas: [] });
  });

  it('that says nothing is told, with what would', () => {
    expect(() => readComplaint({ codes: [], symptoms: ['it is slow'] })).toThrow(
      /--symptom: "it is slow" names no error code and nothing that is known. Expected: .*Outlook/,
    );
    expect(() => readComplaint({ codes: ['80070002'], symptoms: [] })).toThrow(/--code: "80070002" is no error code/);
  });
});
