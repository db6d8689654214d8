import { Failure } from '../../../kernel/failure.ts';
import { hasFlag, negotiateFlags } from './negotiate-flags.ts';

const signature = Buffer.from('NTLMSSP\0', 'latin1');
/** 10.0 build 20348, NTLM revision 15. */
const version = Buffer.from('0a007c4f0000000f', 'hex');
const authenticateHeaderBytes = 88;
const challengeHeaderBytes = 56;

/** Offset of the MIC in an AUTHENTICATE message. */
export const micOffset = 72;

/** A decoded CHALLENGE message. */
export type ChallengeMessage = {
  readonly flags: number;
  /** 8 bytes. */
  readonly serverChallenge: Buffer;
  readonly targetName: string;
  /** Encoded AV pairs; empty if the server sent none. */
  readonly targetInfo: Buffer;
};

/** A decoded AUTHENTICATE message. */
export type AuthenticateMessage = {
  readonly flags: number;
  readonly lmResponse: Buffer;
  readonly ntResponse: Buffer;
  readonly domain: string;
  readonly user: string;
  readonly workstation: string;
  readonly encryptedSessionKey: Buffer;
};

/** True if the bytes begin like an NTLM token of this type (1 NEGOTIATE, 2 CHALLENGE, 3 AUTHENTICATE). */
export function isNtlmMessage(bytes: Uint8Array, type?: 1 | 2 | 3): boolean {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (data.length < 12 || !data.subarray(0, 8).equals(signature)) return false;
  return type === undefined || data.readUInt32LE(8) === type;
}

/** NEGOTIATE_MESSAGE without domain and workstation (MS-NLMP 2.2.1.1). */
export function encodeNegotiate(flags: number): Buffer {
  const message = Buffer.alloc(40);
  signature.copy(message);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(flags, 12);
  version.copy(message, 32);
  return message;
}

/** The flags of a NEGOTIATE message. */
export function decodeNegotiate(bytes: Uint8Array): { flags: number } {
  return { flags: openMessage(bytes, 1, 16).readUInt32LE(12) };
}

/** CHALLENGE_MESSAGE (MS-NLMP 2.2.1.2). */
export function encodeChallenge(challenge: ChallengeMessage): Buffer {
  const message = Buffer.alloc(challengeHeaderBytes);
  signature.copy(message);
  message.writeUInt32LE(2, 8);
  message.writeUInt32LE(challenge.flags, 20);
  challenge.serverChallenge.copy(message, 24);
  if (hasFlag(challenge.flags, negotiateFlags.version)) version.copy(message, 48);
  const payload = new Payload(message);
  payload.add(12, encodeText(challenge.targetName, challenge.flags));
  payload.add(40, challenge.targetInfo);
  return payload.toBuffer();
}

/** Reads a CHALLENGE message. @throws Failure `protocol-error` */
export function decodeChallenge(bytes: Uint8Array): ChallengeMessage {
  const data = openMessage(bytes, 2, 32);
  const flags = data.readUInt32LE(20);
  return {
    flags,
    serverChallenge: data.subarray(24, 32),
    targetName: decodeText(readField(data, 12), flags),
    targetInfo: hasFlag(flags, negotiateFlags.targetInfo) ? readField(data, 40) : Buffer.alloc(0),
  };
}

/** AUTHENTICATE_MESSAGE with a zeroed MIC (MS-NLMP 2.2.1.3). */
export function encodeAuthenticate(parts: AuthenticateMessage): Buffer {
  const message = Buffer.alloc(authenticateHeaderBytes);
  signature.copy(message);
  message.writeUInt32LE(3, 8);
  message.writeUInt32LE(parts.flags, 60);
  if (hasFlag(parts.flags, negotiateFlags.version)) version.copy(message, 64);
  const payload = new Payload(message);
  payload.add(28, encodeText(parts.domain, parts.flags));
  payload.add(36, encodeText(parts.user, parts.flags));
  payload.add(44, encodeText(parts.workstation, parts.flags));
  payload.add(12, parts.lmResponse);
  payload.add(20, parts.ntResponse);
  payload.add(52, parts.encryptedSessionKey);
  return payload.toBuffer();
}

/** Reads an AUTHENTICATE message; those of old clients end their header before version and MIC. @throws Failure `protocol-error` */
export function decodeAuthenticate(bytes: Uint8Array): AuthenticateMessage {
  const data = openMessage(bytes, 3, 64);
  const flags = data.readUInt32LE(60);
  return {
    flags,
    lmResponse: readField(data, 12),
    ntResponse: readField(data, 20),
    domain: decodeText(readField(data, 28), flags),
    user: decodeText(readField(data, 36), flags),
    workstation: decodeText(readField(data, 44), flags),
    encryptedSessionKey: readField(data, 52),
  };
}

class Payload {
  readonly #header: Buffer;
  readonly #parts: Buffer[] = [];
  #end: number;

  constructor(header: Buffer) {
    this.#header = header;
    this.#end = header.length;
  }

  /** Appends bytes and writes their field (length, maximum length, offset) at `fieldOffset`. */
  add(fieldOffset: number, bytes: Buffer): void {
    this.#header.writeUInt16LE(bytes.length, fieldOffset);
    this.#header.writeUInt16LE(bytes.length, fieldOffset + 2);
    this.#header.writeUInt32LE(this.#end, fieldOffset + 4);
    this.#parts.push(bytes);
    this.#end += bytes.length;
  }

  toBuffer(): Buffer {
    return Buffer.concat([this.#header, ...this.#parts]);
  }
}

function openMessage(bytes: Uint8Array, type: 1 | 2 | 3, minimumBytes: number): Buffer {
  if (bytes.length < minimumBytes || !isNtlmMessage(bytes, type)) {
    throw new Failure('protocol-error', `Expected an NTLM message of type ${type}, got ${bytes.length} other bytes.`);
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function readField(data: Buffer, at: number): Buffer {
  if (at + 8 > data.length) throw cutOff(at);
  const length = data.readUInt16LE(at);
  const offset = data.readUInt32LE(at + 4);
  if (length === 0) return Buffer.alloc(0);
  if (offset + length > data.length) throw cutOff(at);
  return data.subarray(offset, offset + length);
}

function cutOff(at: number): Failure {
  return new Failure('protocol-error', `The NTLM field at byte ${at} points outside of its message.`);
}

function encodeText(text: string, flags: number): Buffer {
  return Buffer.from(text, hasFlag(flags, negotiateFlags.unicode) ? 'utf16le' : 'latin1');
}

function decodeText(bytes: Buffer, flags: number): string {
  return bytes.toString(hasFlag(flags, negotiateFlags.unicode) ? 'utf16le' : 'latin1');
}
