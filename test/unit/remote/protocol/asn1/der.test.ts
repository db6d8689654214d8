import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expectElement,
  readElement,
  readElements,
  readFields,
  readInteger,
  readObjectId,
} from '../../../../../src/remote/protocol/asn1/read-der.ts';
import {
  context,
  element,
  integer,
  objectId,
  octetString,
  sequence,
} from '../../../../../src/remote/protocol/asn1/write-der.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const unhex = (text: string) => Buffer.from(text, 'hex');
const isProtocolError = expect.objectContaining({ name: 'Failure', code: 'protocol-error' });

describe('DER', () => {
  it.each([
    [0, '020100'],
    [127, '02017f'],
    [128, '02020080'],
    [255, '020200ff'],
    [256, '02020100'],
    [-1, '0201ff'],
    [-128, '020180'],
    [-129, '0202ff7f'],
    [999_999, '02030f423f'],
    [0x3fffffff, '02043fffffff'],
    [0xffffffff, '020500ffffffff'],
    [-138, '0202ff76'],
  ])('writes and reads the integer %i', (value, expected) => {
    expect(hex(integer(value))).toBe(expected);
    expect(readInteger(readElement(unhex(expected)), 'a number')).toBe(value);
  });

  it.each([
    ['1.2.840.113554.1.2.2', '06092a864886f712010202'],
    ['1.3.6.1.4.1.311.2.2.10', '060a2b06010401823702020a'],
    ['1.2.840.48018.1.2.2', '06092a864882f712010202'],
    ['2.16.840.1.101.3.4.2.1', '0609608648016503040201'],
  ])('writes and reads the object identifier %s', (dotted, expected) => {
    expect(hex(objectId(dotted))).toBe(expected);
    expect(readObjectId(readElement(unhex(expected)), 'a name')).toBe(dotted);
  });

  it.each([0, 127, 128, 255, 256, 65_536])('writes the length of %i bytes in its shortest form', (length) => {
    const whole = octetString(Buffer.alloc(length, 1));
    expect(readElement(whole)).toMatchObject({ tag: 4, content: Buffer.alloc(length, 1), whole });
    expect(whole.length).toBe(length + (length < 128 ? 2 : length < 256 ? 3 : length < 65_536 ? 4 : 5));
  });

  it('finds members by their tags and leaves out what it does not know', () => {
    const read = readElement(sequence(context(0, integer(5)), octetString(Buffer.from('x')), context(3, integer(7))));
    const fields = readFields(read, 'a thing');
    expect([...fields.keys()]).toEqual([0, 3]);
    expect(readInteger(fields.get(3)!, 'a number')).toBe(7);
  });

  it.each(['', '30', '3005', '300500', '30800000', '1f8101', '3084ffffffff', '308500000000ff00'])(
    'refuses %s',
    (text) => {
      expect(() => readElement(unhex(text))).toThrow(isProtocolError);
    },
  );

  it('names what it expected and what came', () => {
    expect(() => expectElement(integer(1), 0x30, 'a list')).toThrow(/Expected a list \(tag 0x30\).*tag 0x02/u);
    expect(() => readInteger(readElement(element(2, Buffer.alloc(9))), 'a number')).toThrow(/a number.*9 bytes/u);
    expect(() => readObjectId(readElement(unhex('060180')), 'a name')).toThrow(isProtocolError);
  });

  it('reads any bytes to an end or a protocol error', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 5 }).map((parts) => sequence(...parts.map(octetString))),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        try {
          const found = readElements(given);
          expect(Buffer.concat(found.map(({ whole }) => whole))).toEqual(Buffer.from(given));
        } catch (error) {
          expect(error).toEqual(isProtocolError);
        }
      }),
    );
  });
});
