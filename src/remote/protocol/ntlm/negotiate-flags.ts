/** The NTLM NEGOTIATE flags that are used (MS-NLMP 2.2.2.5). */
export const negotiateFlags = {
  unicode: 0x00000001,
  oem: 0x00000002,
  requestTarget: 0x00000004,
  sign: 0x00000010,
  seal: 0x00000020,
  ntlm: 0x00000200,
  alwaysSign: 0x00008000,
  targetTypeDomain: 0x00010000,
  targetTypeServer: 0x00020000,
  extendedSessionSecurity: 0x00080000,
  targetInfo: 0x00800000,
  version: 0x02000000,
  key128: 0x20000000,
  keyExchange: 0x40000000,
  key56: 0x80000000,
} as const;

/** What our client asks for: sealing, signing, 128-bit keys, key exchange, extended session security, Unicode. */
export const clientFlags = 0xe2088237;

/** True if every bit of `wanted` is set. */
export function hasFlag(flags: number, wanted: number): boolean {
  return (flags & wanted) >>> 0 === wanted;
}
