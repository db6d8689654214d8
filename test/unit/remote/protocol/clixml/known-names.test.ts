import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KnownNames } from '../../../../../src/remote/protocol/clixml/known-names.ts';
import { parseClixml } from '../../../../../src/remote/protocol/clixml/parse-clixml.ts';
import {
  isPsObject,
  type PsObject,
  psCustomObject,
  psList,
  psObject,
} from '../../../../../src/remote/protocol/clixml/values.ts';
import { writeClixml } from '../../../../../src/remote/protocol/clixml/write-clixml.ts';

/** Names that are easily taken for one another. */
const name = fc.constantFrom('a', 'ab', 'A', 'a&b', 'a&amp;b', '_x0041_', '_X0041_', 'x_y', '"', '', 'long name', '<');
const object: fc.Arbitrary<PsObject> = fc
  .record({
    names: fc.uniqueArray(name, { maxLength: 6 }),
    types: fc.array(fc.constantFrom('A', 'A.B', 'A<B>', ''), { maxLength: 3 }),
  })
  .map(({ names, types }) =>
    psObject({ typeNames: types, extended: Object.fromEntries(names.map((each, place) => [each, place])) }),
  );

const asObject = (text: string, names: KnownNames): PsObject => {
  const value = parseClixml(text, { names });
  if (!isPsObject(value)) throw new Error('no object');
  return value;
};

describe('KnownNames', () => {
  test('change nothing of what is read, whatever was read before', () => {
    fc.assert(
      fc.property(fc.array(fc.array(object, { maxLength: 5 }), { maxLength: 6 }), (texts) => {
        const names = new KnownNames();
        for (const objects of texts) {
          const list = psList(objects, []);
          expect(parseClixml(writeClixml(list), { names })).toStrictEqual(list);
        }
      }),
    );
  });

  test('are shared by objects of all texts', () => {
    const names = new KnownNames();
    const text = writeClixml(psCustomObject({ Name: 'n', 'A longer name than that': 1 }));
    const [one, other] = [asObject(text, names), asObject(text.replace('>n<', '>m<'), names)];
    expect(other.typeNames).toBe(one.typeNames);
    expect([...other.extended.keys()]).toEqual(['Name', 'A longer name than that']);
    one.extended.set('More', 1);
    expect(other.extended.size).toBe(2);
  });

  test('do not take the letters of a name for its meaning', () => {
    const names = new KnownNames();
    const read = (attribute: string): string[] => [
      ...asObject(`<Obj><MS><Nil N="${attribute}" /></MS></Obj>`, names).extended.keys(),
    ];
    expect(read('_x005F_x0041_')).toEqual(['_x0041_']);
    expect(read('_x0041_')).toEqual(['A']);
    expect(read('a&amp;amp;b')).toEqual(['a&amp;b']);
    expect(read('a&amp;b')).toEqual(['a&b']);
  });

  test('keep the later of two values of one name, at the first one’s place', () => {
    const twice = '<Obj><MS><I32 N="a">1</I32><I32 N="b">2</I32><I32 N="a">3</I32></MS></Obj>';
    const many = Array.from({ length: 60 }, (_, turn) => `<I32 N="p${turn % 40}">${turn}</I32>`).join('');
    const names = new KnownNames();
    for (const _ of [1, 2]) {
      expect([...asObject(twice, names).extended]).toEqual([
        ['a', 3],
        ['b', 2],
      ]);
      const { extended } = asObject(`<Obj><MS>${many}</MS></Obj>`, names);
      expect([extended.size, extended.get('p0'), extended.get('p39')]).toEqual([40, 40, 39]);
    }
  });

  test('take a type list only for one of the same letters', () => {
    const names = new KnownNames();
    const read = (types: string): readonly string[] =>
      asObject(`<Obj><TN RefId="0">${types}</TN></Obj>`, names).typeNames;
    expect(read('<T>A</T>')).toEqual(['A']);
    expect(read('<T>A</T><T>B</T>')).toEqual(['A', 'B']);
    expect(read('<T>A</T>')).toEqual(['A']);
    expect(() => read('<T>A</T>x')).toThrow('character');
  });
});
