import { describe, expect, test } from 'vitest';
import { parseClixml } from '../../../../../src/remote/protocol/clixml/parse-clixml.ts';
import { SecureText } from '../../../../../src/remote/protocol/clixml/secure-text.ts';
import { toPlain } from '../../../../../src/remote/protocol/clixml/to-plain.ts';
import { toPs } from '../../../../../src/remote/protocol/clixml/to-ps.ts';
import {
  psChar,
  psCustomObject,
  psDateTime,
  psDictionary,
  psDouble,
  psEnum,
  psList,
  psNumber,
  psObject,
  psSecureString,
  psText,
  psTimeSpan,
  psUInt64,
} from '../../../../../src/remote/protocol/clixml/values.ts';
import { writeClixml } from '../../../../../src/remote/protocol/clixml/write-clixml.ts';

describe('toPs', () => {
  test.each([
    [undefined, null],
    [true, true],
    ['text', 'text'],
    [-2147483648, -2147483648],
    [2147483648, 2147483648n],
    [2 ** 53, psDouble(2 ** 53)],
    [1.5, psDouble(1.5)],
    [-0, psDouble(-0)],
    [Number.NaN, psDouble(Number.NaN)],
    [5n, 5n],
    [2n ** 63n, psUInt64(2n ** 63n)],
    [-(2n ** 64n), psText('decimal', '-18446744073709551616')],
    [new Date('2024-01-02T03:04:05.006Z'), psDateTime(638_397_614_450_060_000n, 'utc')],
    [[1, 'a'], psList([1, 'a'])],
    [{ a: { b: 1 } }, psDictionary([['a', psDictionary([['b', 1]])]])],
    [new Map([[1, 'x']]), psDictionary([[1, 'x']])],
    [psNumber('byte', 1), psNumber('byte', 1)],
    [[psNumber('byte', 1)], psList([psNumber('byte', 1)])],
  ])('makes of %s its PowerShell value', (value, expected) => {
    expect(toPs(value)).toStrictEqual(expected);
  });

  test('never takes data for a typed value because of its members', () => {
    expect(toPs({ kind: 'byte', value: 1 })).toEqual(
      psDictionary([
        ['kind', 'byte'],
        ['value', 1],
      ]),
    );
  });

  test('keeps shared and cyclic references', () => {
    const cyclic: Record<string, unknown> = { name: 'x' };
    cyclic['self'] = cyclic;
    expect(writeClixml(toPs(cyclic))).toContain('<Ref N="Value" RefId="0" />');
  });

  test('passes secrets through', () => {
    const secret = new SecureText('p');
    expect(toPs(secret)).toBe(secret);
  });

  test.each([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['an error', new Error('e')],
    ['too large an integer', 2n ** 96n],
  ])('refuses %s', (_, value) => {
    expect(() => toPs(value)).toThrow(expect.objectContaining({ code: 'protocol-error' }));
  });

  test('goes back to the same data through text and toPlain', () => {
    const data = {
      list: [1, 2.5, 'x', null, true, []],
      big: 2n ** 60n,
      safe: 2 ** 40,
      nested: { a: { b: 'c' } },
      __proto__x: 1,
    };
    expect(toPlain(parseClixml(writeClixml(toPs(data))))).toEqual(data);
  });
});

describe('toPlain', () => {
  test.each([
    [psUInt64(5n), 5],
    [9007199254740993n, 9007199254740993n],
    [psNumber('single', 1.5), 1.5],
    [psText('decimal', '1.10'), 1.1],
    [psText('decimal', '79228162514264337593543950335'), '79228162514264337593543950335'],
    [psChar(0x66f4), '更'],
    [psDateTime(638_397_614_450_060_000n, 'utc'), '2024-01-02T03:04:05.006Z'],
    [psDateTime(638_397_614_450_060_000n, 'unspecified'), '2024-01-02T03:04:05.006'],
    [psTimeSpan(100_000_000n), 'PT10S'],
    [psText('version', '10.0.1'), '10.0.1'],
    [Uint8Array.of(1, 2), 'AQI='],
    [psEnum('System.DayOfWeek', 'Monday', 1), 'Monday'],
    [
      psObject({
        typeNames: ['Deserialized.System.DayOfWeek', 'Deserialized.System.Enum'],
        text: 'Monday',
        base: { kind: 'primitive', value: 1 },
      }),
      'Monday',
    ],
    [psSecureString('abc'), '(secret)'],
    [new SecureText('abc'), '(secret)'],
    [psObject({ text: '#text' }), '#text'],
    [psObject({ base: { kind: 'primitive', value: 5 }, extended: { Unit: 'MB' } }), 5],
    [psCustomObject({}), {}],
  ])('makes plain data of %o', (value, expected) => {
    expect(toPlain(value)).toEqual(expected);
  });

  test('joins properties, extended ones winning', () => {
    expect(toPlain(psObject({ adapted: { A: 1, B: 2 }, extended: { B: 3, C: psList([1]) } }))).toEqual({
      A: 1,
      B: 3,
      C: [1],
    });
  });

  test('joins the properties of an object wrapped in another', () => {
    const inner = psObject({ adapted: { A: 1 } });
    expect(toPlain(psObject({ base: { kind: 'object', value: inner }, extended: { B: 2 } }))).toEqual({ A: 1, B: 2 });
  });

  test('marks where an object contains itself, but not where it only occurs twice', () => {
    const object = psCustomObject({ A: 1 });
    object.extended.set('Self', object);
    const shared = psList([1]);
    expect(toPlain(psList([object, shared, shared]))).toEqual([{ A: 1, Self: '(cycle)' }, [1], [1]]);
  });

  test('makes an own property of a key called __proto__', () => {
    const plain = toPlain(psDictionary([['__proto__', 'x']]));
    expect(Object.entries(plain ?? {})).toEqual([['__proto__', 'x']]);
  });

  test('makes text of keys that are none', () => {
    expect(
      toPlain(
        psDictionary([
          [1, 'a'],
          [psList([1n, 'x']), 'b'],
        ]),
      ),
    ).toEqual({ '1': 'a', '[1,"x"]': 'b' });
  });
});
