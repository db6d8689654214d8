import type { CodeKnowledge } from '../../knowledge/code-knowledge.ts';
import type { ErrorCode } from '../../knowledge/error-codes.generated.ts';

/** What the bits of a code say (HRESULT and NTSTATUS: [MS-ERREF] 2.1 and 2.3). */
export type CodeParts = {
  readonly scheme: 'hresult' | 'ntstatus' | 'win32';
  readonly severity: 'success' | 'informational' | 'warning' | 'error';
  /** Whether the code is somebody else's than Microsoft's. */
  readonly customer: boolean;
  readonly facility: { readonly number: number; readonly name: string | null };
  /** The lower 16 bits. */
  readonly code: number;
  /** The code as a signed number of 32 bits, as .NET and logs print it. */
  readonly signed: number;
  /** The Win32 error inside, if there is one. */
  readonly win32: number | null;
  /** The NTSTATUS inside (an HRESULT with the N bit) or itself, with its symbol where that is known. */
  readonly ntStatus: { readonly value: string; readonly name: string | null } | null;
  /** The HTTP status inside (facility 25). */
  readonly http: number | null;
};

/** What is known of a code, and the number under which it is known. */
export type Known = { readonly value: number; readonly entry: ErrorCode };

const win32Facility = 7;
const httpFacility = 25;
/** Bit 28 of an HRESULT: the rest is an NTSTATUS value. */
const ntBit = 0x1000_0000;

/** A code as people write it. */
export const hexOf = (value: number): string => `0x${(value >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;

/** A Win32 error as the HRESULT that Windows makes of it. */
export const ofWin32 = (error: number): number => (0x8007_0000 | error) >>> 0;

/** Takes a number of 32 bits apart; bits that nobody has named are told as numbers. */
export function takeApart(value: number, knowledge: CodeKnowledge): CodeParts {
  const bits = value >>> 0;
  const code = bits & 0xffff;
  const common = { code, signed: bits | 0 };
  if (bits !== 0 && bits <= 0xffff) {
    const facility = { number: win32Facility, name: knowledge.facilities.get(win32Facility) ?? null };
    return {
      ...common,
      scheme: 'win32',
      severity: 'error',
      customer: false,
      facility,
      win32: code,
      ntStatus: null,
      http: null,
    };
  }
  const customer = (bits & 0x2000_0000) !== 0;
  const inner = (bits & ntBit) === 0 ? bits : (bits & ~ntBit) >>> 0;
  if (bits >>> 30 === 3 || inner !== bits) {
    const number = (inner >>> 16) & 0xfff;
    const status = knowledge.ntStatuses.get(inner);
    const severity = (['success', 'informational', 'warning', 'error'] as const)[inner >>> 30] ?? 'error';
    return {
      ...common,
      scheme: inner === bits ? 'ntstatus' : 'hresult',
      severity,
      customer,
      facility: { number, name: knowledge.ntStatusFacilities.get(number) ?? null },
      win32: status?.win32 ?? null,
      ntStatus: { value: hexOf(inner), name: status?.name ?? null },
      http: null,
    };
  }
  const number = (bits >>> 16) & 0x7ff;
  const isFailure = bits >>> 31 === 1 && !customer;
  return {
    ...common,
    scheme: 'hresult',
    severity: bits >>> 31 === 1 ? 'error' : 'success',
    customer,
    facility: { number, name: customer ? null : (knowledge.facilities.get(number) ?? null) },
    win32: isFailure && number === win32Facility ? code : null,
    ntStatus: null,
    http: isFailure && number === httpFacility ? code : null,
  };
}

/** What is known of a code: of itself, else of the Win32 error inside it (bare number, HRESULT, NTSTATUS, NTSTATUS in an HRESULT). */
export function findKnown(value: number, knowledge: CodeKnowledge): Known | null {
  const bits = value >>> 0;
  const { win32, ntStatus } = takeApart(bits, knowledge);
  const candidates = [
    bits,
    ...(ntStatus === null ? [] : [Number(ntStatus.value)]),
    ...(win32 === null ? [] : [ofWin32(win32)]),
  ];
  for (const each of candidates) {
    const entry = knowledge.byValue.get(each);
    if (entry !== undefined) return { value: each, entry };
  }
  return null;
}
