import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromDate, toDate } from '../../../../../src/remote/protocol/clixml/date-time.ts';
import { formatFloat } from '../../../../../src/remote/protocol/clixml/number-text.ts';
import { parseClixml } from '../../../../../src/remote/protocol/clixml/parse-clixml.ts';
import { SecureText } from '../../../../../src/remote/protocol/clixml/secure-text.ts';
import {
  type PsValue,
  psChar,
  psDateTime,
  psDictionary,
  psDouble,
  psEnum,
  psList,
  psNumber,
  psObject,
  psProgress,
  psSecureString,
  psText,
  psTimeSpan,
  psUInt64,
} from '../../../../../src/remote/protocol/clixml/values.ts';
import { writeClixml } from '../../../../../src/remote/protocol/clixml/write-clixml.ts';

/** Any UTF-16 string, lone surrogates and all. */
const text = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
  .map((units) => String.fromCharCode(...units));
const words = fc.oneof(text, fc.constantFrom('_x0041_', ' a ', '_x', '_X000A', '&amp;', ']]>', '', '_x005F_'));
const maxTicks = 3_155_378_975_999_999_999n;

/** A decimal of up to 29 digits, its point before the last `scale` of them. */
function toDecimal(digits: bigint, scale: number): string {
  const sign = digits < 0n ? '-' : '';
  const all = String(digits)
    .replace('-', '')
    .padStart(scale + 1, '0');
  return scale === 0 ? `${sign}${all}` : `${sign}${all.slice(0, -scale)}.${all.slice(-scale)}`;
}

const primitive: fc.Arbitrary<PsValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  words,
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.uint8Array({ maxLength: 40 }),
  fc.double().map(psDouble),
  fc.float().map((value) => psNumber('single', value)),
  fc.integer({ min: 0, max: 255 }).map((value) => psNumber('byte', value)),
  fc.integer({ min: -128, max: 127 }).map((value) => psNumber('sbyte', value)),
  fc.integer({ min: -32768, max: 32767 }).map((value) => psNumber('int16', value)),
  fc.integer({ min: 0, max: 65535 }).map((value) => psNumber('uint16', value)),
  fc.integer({ min: 0, max: 4294967295 }).map((value) => psNumber('uint32', value)),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(psUInt64),
  fc.integer({ min: 0, max: 65535 }).map(psChar),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(psTimeSpan),
  fc
    .tuple(
      fc.bigInt({ min: 0n, max: maxTicks }),
      fc.oneof(fc.constantFrom('utc' as const, 'unspecified' as const), fc.integer({ min: -840, max: 840 })),
    )
    .map(([ticks, zone]) => psDateTime(ticks, zone)),
  fc.uuid().map((guid) => psText('guid', guid)),
  words.map((word) => psText('scriptBlock', word)),
  words.map((word) => psText('uri', word)),
  words.map((word) => psText('xml', word)),
  fc
    .tuple(fc.bigInt({ min: -(2n ** 96n) + 1n, max: 2n ** 96n - 1n }), fc.integer({ min: 0, max: 28 }))
    .map(([digits, scale]) => psText('decimal', toDecimal(digits, scale))),
  fc.array(fc.nat(2 ** 31 - 1), { minLength: 2, maxLength: 4 }).map((parts) => psText('version', parts.join('.'))),
  fc.base64String().map(psSecureString),
  words.map((word) =>
    psProgress({
      activity: word,
      activityId: 1,
      currentOperation: word === '' ? null : word,
      parentActivityId: -1,
      percentComplete: 40,
      type: 'Processing',
      secondsRemaining: -1,
      statusDescription: word,
    }),
  ),
);

const { value: anyValue } = fc.letrec<{ value: PsValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    primitive,
    fc.array(tie('value'), { maxLength: 4 }).map((items) => psList(items)),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map((entries) => psDictionary(entries)),
    fc
      .record({
        typeNames: fc.array(
          words.filter((word) => !word.includes('\0')),
          { maxLength: 2 },
        ),
        text: fc.option(words),
        kind: fc.constantFrom('list', 'enumerable', 'stack', 'queue'),
        items: fc.array(tie('value'), { maxLength: 2 }),
        adapted: fc.dictionary(words, tie('value'), { maxKeys: 3 }),
        extended: fc.dictionary(words, tie('value'), { maxKeys: 3 }),
      })
      .map(({ kind, items, ...rest }) => psObject({ ...rest, base: { kind, items } })),
  ),
}));

describe('writeClixml', () => {
  test('writes what parseClixml reads back as the same value', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(parseClixml(writeClixml(value))).toStrictEqual(value);
      }),
    );
  });

  test('keeps every reference in a graph of objects, cycles and all', () => {
    const links = fc.array(
      fc.record({ from: fc.nat(5), to: fc.nat(5), how: fc.constantFrom('extended', 'adapted', 'item') }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(links, (all) => {
        const objects = Array.from({ length: 6 }, (_, turn) =>
          psObject({ typeNames: [`T${turn % 2}`], text: `${turn}` }),
        );
        for (const [turn, object] of objects.entries()) if (turn > 3) object.base = { kind: 'list', items: [] };
        for (const [turn, { from, to, how }] of all.entries()) {
          const [object, target] = [objects[from]!, objects[to]!];
          if (how !== 'item') object[how].set(`link ${turn}`, target);
          else if (object.base !== null && 'items' in object.base) object.base.items.push(target);
        }
        const text = writeClixml(psList(objects));
        const read = parseClixml(text);
        expect(read).toStrictEqual(psList(objects));
        expect(writeClixml(read)).toBe(text);
      }),
    );
  });

  test('writes a shared object once', () => {
    const shared = psList([1]);
    expect(writeClixml(psList([shared, shared], ['L']))).toBe(
      '<Obj RefId="0"><TN RefId="0"><T>L</T></TN><LST><Obj RefId="1"><TN RefId="1"><T>System.Object[]</T><T>System.Array</T>' +
        '<T>System.Object</T></TN><LST><I32>1</I32></LST></Obj><Ref RefId="1" /></LST></Obj>',
    );
  });

  test('writes enums with names, number and text', () => {
    expect(writeClixml(psEnum('My.Kind', 'Two', 2))).toBe(
      '<Obj RefId="0"><TN RefId="0"><T>My.Kind</T><T>System.Enum</T><T>System.ValueType</T><T>System.Object</T></TN>' +
        '<ToString>Two</ToString><I32>2</I32></Obj>',
    );
  });

  test('escapes names of properties for attributes', () => {
    expect(writeClixml(psObject({ extended: { 'a"<\n': 1 } }))).toBe(
      '<Obj RefId="0"><MS><I32 N="a&quot;&lt;_x000A_">1</I32></MS></Obj>',
    );
  });

  test.each([1.5, 2 ** 31, 2n ** 63n, Number.NaN])(
    'refuses the plain number %s, which is of no plain type',
    (value) => {
      expect(() => writeClixml(value)).toThrow('out of the range');
    },
  );

  test('writes a secret only through a cipher', () => {
    const secret = new SecureText('p@ss');
    expect(() => writeClixml(secret)).toThrow('session key');
    expect(writeClixml(psList([secret], []), { encrypt: (clear) => clear.split('').toReversed().join('') })).toContain(
      '<SS>ss@p</SS>',
    );
  });
});

describe('numbers', () => {
  test.each([
    [0.0001, '0.0001'],
    [0.00001, '1E-05'],
    [123456789012345, '123456789012345'],
    [1e15, '1000000000000000'],
    [99503521420918320, '99503521420918320'],
    [1e17, '1E+17'],
    [1.2345678901234568e17, '1.2345678901234568E+17'],
    [5e-324, '5E-324'],
    [-1.1, '-1.1'],
    [-0, '-0'],
    [100, '100'],
    [Number.NEGATIVE_INFINITY, '-INF'],
  ])('the double %d is written %s', (value, expected) => {
    expect(formatFloat(value, 'double')).toBe(expected);
  });

  test.each([
    [1.1, '1.1'],
    [402748160, '402748160'],
    [1e9, '1E+09'],
    [-1499342.25, '-1499342.2'],
    [3.4028234663852886e38, '3.4028235E+38'],
    [0.1, '0.1'],
    [16777216, '16777216'],
  ])('the single %d is written %s', (value, expected) => {
    expect(formatFloat(Math.fround(value), 'single')).toBe(expected);
  });
});

describe('dates', () => {
  test('go from and to JavaScript without loss of milliseconds', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('0001-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59.999Z'),
          noInvalidDate: true,
        }),
        (date) => {
          expect(toDate(fromDate(date))).toEqual(date);
        },
      ),
    );
  });

  test('take the offset of a local time into account', () => {
    const local = parseClixml('<DT>2024-05-06T07:08:09.1234567+09:00</DT>');
    expect(local).toEqual(psDateTime(638_505_760_891_234_567n, 540));
    expect(toDate(psDateTime(638_505_760_891_234_567n, 540)).toISOString()).toBe('2024-05-05T22:08:09.123Z');
  });

  test.each([
    ['PT10S', 100_000_000n],
    ['P1DT2H3M4.005S', 937_840_050_000n],
    ['-P3D', -2_592_000_000_000n],
    ['P1Y2M', 425n * 864_000_000_000n],
    ['-PT0.0000001S', -1n],
  ])('the duration %s has its ticks', (duration, ticks) => {
    expect(parseClixml(`<TS>${duration}</TS>`)).toEqual(psTimeSpan(ticks));
  });

  test.each(['P', 'PT', 'P1DT', '10S', 'PT1.5M'])('%s is no duration', (duration) => {
    expect(() => parseClixml(`<TS>${duration}</TS>`)).toThrow('TS');
  });
});

test.each([
  ['no bytes', '<BA />'],
  ['an object whose type has no properties', '<Obj RefId="0"><ToString>x</ToString><Props /></Obj>'],
  ['an object with empty notes', '<Obj RefId="0"><MS /></Obj>'],
  ['an empty string', '<S></S>'],
])('%s is written again as PowerShell writes it', (_, text) => {
  expect(writeClixml(parseClixml(text))).toBe(text);
});

describe('SecureText', () => {
  test('shows its text to nobody who does not ask for it', () => {
    const secret = new SecureText('p@ss');
    for (const shown of [
      secret.toString(),
      JSON.stringify({ secret }),
      inspect({ deep: [secret] }),
      String(Object.values(secret)),
    ])
      expect(shown).not.toContain('p@ss');
    expect(secret.reveal()).toBe('p@ss');
  });
});
