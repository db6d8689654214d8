import { pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decryptCts, encryptCts } from '../../../../../src/remote/protocol/kerberos/aes-cts.ts';
import {
  checksumOf,
  decryptMessage,
  deriveByCipher,
  deriveChecksumKey,
  deriveMessageKeys,
  encryptMessage,
  enctypeOf,
} from '../../../../../src/remote/protocol/kerberos/enctypes.ts';
import { nFold } from '../../../../../src/remote/protocol/kerberos/n-fold.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const unhex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('the n-fold of RFC 3961 A.1', () => {
  it.each([
    ['012345', 64, 'be072631276b1955'],
    ['password', 56, '78a07b6caf85fa'],
    ['Rough Consensus, and Running Code', 64, 'bb6ed30870b7f0e0'],
    ['password', 168, '59e4a8ca7c0385c3c37b3f6d2000247cb6e6bd5b3e'],
    ['MASSACHVSETTS INSTITVTE OF TECHNOLOGY', 192, 'db3b0d8f0b061e603282b308a50841229ad798fab9540c1b'],
    ['Q', 168, '518a54a215a8452a518a54a215a8452a518a54a215'],
    ['ba', 168, 'fb25d531ae8974499f52fd92ea9857c4ba24cf297e'],
    ['kerberos', 64, '6b65726265726f73'],
    ['kerberos', 128, '6b65726265726f737b9b5b2b93132b93'],
    ['kerberos', 168, '8372c236344e5f1550cd0747e15d62ca7a5a3bcea4'],
    ['kerberos', 256, '6b65726265726f737b9b5b2b93132b935c9bdcdad95c9899c4cae4dee6d6cae4'],
  ])('%s to %i bits', (text, bits, expected) => {
    expect(hex(nFold(Buffer.from(text, 'latin1'), bits / 8))).toBe(expected);
  });
});

describe('ciphertext stealing of RFC 3962 B', () => {
  const key = Buffer.from('chicken teriyaki');
  const text = "I would like the General Gau's Chicken, please, and wonton soup.";
  it.each([
    [17, 'c6353568f2bf8cb4d8a580362da7ff7f97'],
    [31, 'fc00783e0efdb2c1d445d4c8eff7ed2297687268d6ecccc0c07b25e25ecfe5'],
    [32, '39312523a78662d5be7fcbcc98ebf5a897687268d6ecccc0c07b25e25ecfe584'],
    [47, '97687268d6ecccc0c07b25e25ecfe584b3fffd940c16a18c1b5549d2f838029e39312523a78662d5be7fcbcc98ebf5'],
    [48, '97687268d6ecccc0c07b25e25ecfe5849dad8bbb96c4cdc03bc103e1a194bbd839312523a78662d5be7fcbcc98ebf5a8'],
    [
      64,
      '97687268d6ecccc0c07b25e25ecfe58439312523a78662d5be7fcbcc98ebf5a84807efe836ee89a526730dbc2f7bc8409dad8bbb96c4cdc03bc103e1a194bbd8',
    ],
  ])('%i bytes', (length, expected) => {
    const plain = Buffer.from(text.slice(0, length));
    expect(hex(encryptCts(key, plain))).toBe(expected);
    expect(decryptCts(key, unhex(expected))).toEqual(plain);
  });

  it('refuses less than a block', () => {
    expect(() => decryptCts(key, Buffer.alloc(15))).toThrow(expect.objectContaining({ code: 'protocol-error' }));
  });
});

describe('the keys of RFC 3962 B', () => {
  it.each([
    [1, 16, '42263c6e89f4fc28b8df68ee09799f15'],
    [1, 32, 'fe697b52bc0d3ce14432ba036a92e65bbb52280990a2fa27883998d72af30161'],
    [1200, 16, '4c01cd46d632d01e6dbe230a01ed642a'],
    [1200, 32, '55a6ac740ad17b4846941051e1e8b0a7548d93b0ab30a8bc3ff16280382b8c2a'],
  ])('after %i rounds, %i bytes', (rounds, length, expected) => {
    const base = pbkdf2Sync('password', 'ATHENA.MIT.EDUraeburn', rounds, length, 'sha1');
    expect(hex(deriveByCipher(base, Buffer.from('kerberos'), length))).toBe(expected);
  });
});

const sha256Key = { enctype: 19, bytes: unhex('3705d96080c17728a0e800eab6e0d23c') };
const sha384Key = { enctype: 20, bytes: unhex('6d404d37faf79f9df0d33568d320669800eb4836472ea8a026d16b7182460c52') };

describe('RFC 8009 A', () => {
  it('derives keys', () => {
    const short = deriveMessageKeys(sha256Key, 2);
    expect(hex(short.encryption)).toBe('9b197dd1e8c5609d6e67c3e37c62c72e');
    expect(hex(short.integrity)).toBe('9fda0e56ab2d85e1569a688696c26a6c');
    expect(hex(deriveChecksumKey(sha256Key, 2).checksum)).toBe('b31a018a48f54776f403e9a396325dc3');
    const long = deriveMessageKeys(sha384Key, 2);
    expect(hex(long.encryption)).toBe('56ab22bee63d82d7bc5227f6773f8ea7a5eb1c825160c38312980c442e5c7e49');
    expect(hex(long.integrity)).toBe('69b16514e3cd8e56b82010d5c73012b622c4d00ffc23ed1f');
    expect(hex(deriveChecksumKey(sha384Key, 2).checksum)).toBe('ef5718be86cc84963d8bbb5031e9f5c4ba41f28faf69e73d');
  });

  it('makes checksums', () => {
    const plain = Buffer.from(Array.from({ length: 21 }, (_, n) => n));
    expect(hex(checksumOf(deriveChecksumKey(sha256Key, 2), plain))).toBe('d78367186643d67b411cba9139fc1dee');
    expect(hex(checksumOf(deriveChecksumKey(sha384Key, 2), plain))).toBe(
      '45ee791567eefca37f4ac1e0222de80d43c3bfa06699672a',
    );
  });

  it.each([
    [
      sha256Key,
      0,
      '7e5895eaf2672435bad817f545a37148',
      'ef85fb890bb8472f4dab20394dca781dad877eda39d50c870c0d5a0a8e48c718',
    ],
    [
      sha256Key,
      6,
      '7bca285e2fd4130fb55b1a5c83bc5b24',
      '84d7f30754ed987bab0bf3506beb09cfb55402cef7e6877ce99e247e52d16ed4421dfdf8976c',
    ],
    [
      sha256Key,
      16,
      '56ab21713ff62c0a1457200f6fa9948f',
      '3517d640f50ddc8ad3628722b3569d2ae07493fa8263254080ea65c1008e8fc295fb4852e7d83e1e7c48c37eebe6b0d3',
    ],
    [
      sha256Key,
      21,
      'a7a4e29a4728ce10664fb64e49ad3fac',
      '720f73b18d9859cd6ccb4346115cd336c70f58edc0c4437c5573544c31c813bce1e6d072c186b39a413c2f92ca9b8334a287ffcbfc',
    ],
    [
      sha384Key,
      0,
      'f764e9fa15c276478b2c7d0c4e5f58e4',
      '41f53fa5bfe7026d91faf9be959195a058707273a96a40f0a01960621ac612748b9bbfbe7eb4ce3c',
    ],
    [
      sha384Key,
      6,
      'b80d3251c1f6471494256ffe712d0b9a',
      '4ed7b37c2bcac8f74f23c1cf07e62bc7b75fb3f637b9f559c7f664f69eab7b6092237526ea0d1f61cb20d69d10f2',
    ],
    [
      sha384Key,
      16,
      '53bf8a0d105265d4e276428624ce5e63',
      'bc47ffec7998eb91e8115cf8d19dac4bbbe2e163e87dd37f49beca92027764f68cf51f14d798c2273f35df574d1f932e40c4ff255b36a266',
    ],
    [
      sha384Key,
      21,
      '763e65367e864f02f55153c7e3b58af1',
      '40013e2df58e8751957d2878bcd2d6fe101ccfd556cb1eae79db3c3ee86429f2b2a602ac86fef6ecb647d6295fae077a1feb517508d2c16b4192e01f62',
    ],
  ])('encrypts and decrypts with %o: %i bytes', (key, length, confounder, expected) => {
    const plain = Buffer.from(Array.from({ length }, (_, n) => n));
    const keys = deriveMessageKeys(key, 2);
    expect(hex(encryptMessage(keys, plain, unhex(confounder)))).toBe(expected);
    expect(decryptMessage(keys, unhex(expected))).toEqual(plain);
  });
});

describe("MIT's messages for the SHA-1 family", () => {
  it.each([
    [17, '', 0, '5a5c0f0ba54f3828b2195e66ca24a289', '49ff8e11c173d9583a3254fbe7b1f1df36c538e8416784a1672e6676'],
    [17, '1', 1, '98450e3f3baa13f5c99beb936981b06f', 'f86742f537b35dc2174a4dbaa920faf9042090b065e1ebb1cad9a65394'],
    [
      17,
      '9 bytesss',
      2,
      '9062430c8cda3388922e6d6a509f5b7a',
      '68fb9679601f45c78857b2bf820fd6e53eca8d42fd4b1d7024a09205abb7cd2ec26c355d2f',
    ],
    [
      17,
      '30 bytes bytes bytes bytes byt',
      4,
      'dceeb70b3de76562e689226c76429148',
      'c96081032d5d8eeb7e32b4089f789d0faa481dea74c0f97cbf3146ddfcf8e800156ecb532fc203e30ff600b63b350939fece510f02d7ff1e7bac',
    ],
    [
      18,
      '',
      0,
      '17f275f2954f2ed1f90c377ba7f4d6a369aa0136e0bf0c927ad6133c693759a9',
      'e5094c55ee7b38262e2b044280b069379a95bf95bd8376fb3281b435',
    ],
    [
      18,
      '1',
      1,
      'b9477e1ff0329c0050e20ce6c72d2dff27e8fe541ab0954429a9cb5b4f7b1e2a',
      '406150b97aeb76d43b36b62cc1ecdfbe6f40e95755e0beb5c27825f3a4',
    ],
  ])('type %i: "%s"', (enctype, text, usage, key, cipherText) => {
    const keys = deriveMessageKeys({ enctype, bytes: unhex(key) }, usage);
    expect(decryptMessage(keys, unhex(cipherText)).toString()).toBe(text);
  });
});

describe('what is not right', () => {
  it.each([17, 18, 19, 20])('an altered message of type %i is refused, whatever bit was touched', (enctype) => {
    const bytes = Buffer.alloc(enctype === 17 || enctype === 19 ? 16 : 32, 7);
    const keys = deriveMessageKeys({ enctype, bytes }, 3);
    const sent = encryptMessage(keys, Buffer.from('twenty bytes of text'), Buffer.alloc(16, 1));
    for (let at = 0; at < sent.length; at++) {
      const altered = Buffer.from(sent);
      altered[at]! ^= 1 << (at % 8);
      expect(() => decryptMessage(keys, altered)).toThrow(expect.objectContaining({ code: 'protocol-error' }));
    }
    for (let length = 0; length < sent.length; length++)
      expect(() => decryptMessage(keys, sent.subarray(0, length))).toThrow(/does not match/u);
  });

  it.each([
    [23, 16],
    [3, 8],
    [18, 16],
  ])('a key of type %i with %i bytes is refused, with what to do', (enctype, length) => {
    expect(() => enctypeOf({ enctype, bytes: Buffer.alloc(length) })).toThrow(/msDS-SupportedEncryptionTypes/u);
  });
});
