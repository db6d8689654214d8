import { describe, expect, test } from 'vitest';
import { parseClixml, parseClixmlDocument } from '../../../../../src/remote/protocol/clixml/parse-clixml.ts';
import { toPlain } from '../../../../../src/remote/protocol/clixml/to-plain.ts';
import { psList, psObject, psProperty } from '../../../../../src/remote/protocol/clixml/values.ts';
import { writeClixml } from '../../../../../src/remote/protocol/clixml/write-clixml.ts';

describe('parseClixml', () => {
  test('takes empty text for null', () => {
    expect(parseClixml('')).toBeNull();
    expect(parseClixml(' \r\n')).toBeNull();
  });

  test('keeps blanks at the ends of a string and reads nothing but them', () => {
    expect(parseClixml('<S>  a\n </S>')).toBe('  a\n ');
    expect(parseClixml('<S> </S>')).toBe(' ');
    expect(parseClixml('<S />')).toBe('');
  });

  test('resolves entities, character references and CDATA', () => {
    expect(parseClixml('<S>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;<![CDATA[<b>&amp;]]></S>')).toBe('<&>"\'A😀<b>&amp;');
  });

  test('undoes escapes once, from left to right', () => {
    expect(parseClixml('<S>_x005F_x0041_ _x000a__X000D_ _x00g1_ __x0041_</S>')).toBe('_x0041_ \n\r _x00g1_ _A');
  });

  test('reads lone surrogates and pairs of escapes', () => {
    expect(parseClixml('<S>_xD83D__xDE00_ _xD83D_</S>')).toBe('😀 \ud83d');
  });

  test('accepts members in any order, single quotes, comments, prefixes and unknown members', () => {
    const text = `<?xml version='1.0'?><!-- x --><p:Obj RefId='3'><!-- y --><MS><I32 N='A'>1</I32><MemberSet N='PSStandard'><a b="&lt;"/>t</MemberSet></MS>
      <I32>7</I32><TN RefId="0"><T>X</T></TN><ToString>seven</ToString></p:Obj>`;
    const value = parseClixml(text);
    expect(value).toEqual(
      psObject({ typeNames: ['X'], text: 'seven', base: { kind: 'primitive', value: 7 }, extended: { A: 1 } }),
    );
  });

  test('gives the same object for a reference, also to an object that is still open', () => {
    const value = parseClixml('<Obj RefId="0"><MS><Ref N="Self" RefId="0" /><S N="a">x</S></MS></Obj>');
    expect(psProperty(value, 'self')).toBe(value);
  });

  test('reads an object wrapped in another, as items of the WSMan: drive come, and writes it again', () => {
    const text =
      '<Obj RefId="0"><Obj RefId="1"><TN RefId="0"><T>Item</T></TN><MS><S N="Name">a</S></MS></Obj><MS><S N="PSPath">p</S></MS></Obj>';
    const value = parseClixml(text);
    expect(psProperty(value, 'Name')).toBe('a');
    expect(psProperty(value, 'PSPath')).toBe('p');
    expect(writeClixml(value)).toBe(text);
  });

  test('reads member sets, and what is referred to in them, and writes them again', () => {
    const text =
      '<Obj RefId="0"><MS><MS N="PSStandardMembers" /><MS N="M"><Obj N="q" RefId="1"><MS><I32 N="z">1</I32></MS></Obj>' +
      '<MS N="inner"><S N="r">x</S></MS></MS><Ref N="again" RefId="1" /></MS></Obj>';
    const value = parseClixml(text);
    expect(psProperty(psProperty(value, 'M') ?? null, 'q')).toBe(psProperty(value, 'again'));
    expect(writeClixml(value)).toBe(text);
    expect(toPlain(value)).toEqual({ again: { z: 1 } });
    expect(() => writeClixml(psProperty(value, 'M') ?? null)).toThrow('among the properties');
  });

  test.each([
    '<Obj RefId="0"><Props /></Obj>',
    '<Obj RefId="0"><MS /></Obj>',
    '<Obj RefId="0"><TN RefId="0"><T>X</T></TN></Obj>',
    '<BA />',
  ])('keeps the form of %s', (text) => {
    expect(writeClixml(parseClixml(text))).toBe(text);
  });

  test('undoes an escape whose underscore came as a character reference', () => {
    expect(parseClixml('<S>&#95;x0041&#x5f;</S>')).toBe('A');
    expect(parseClixml('<Obj><LST><S>a&lt;</S><S>b</S><S>_x0042_</S></LST></Obj>')).toEqual(
      psList(['a<', 'b', 'B'], []),
    );
  });

  test('reads a document of several entries with their streams', () => {
    const text =
      '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="x"><S S="Error">a</S><Nil S="Output"/><I64>5</I64></Objs>';
    expect(parseClixmlDocument(text)).toEqual([
      { stream: 'Error', value: 'a' },
      { stream: 'Output', value: null },
      { stream: null, value: 5n },
    ]);
    expect(() => parseClixml(text)).toThrow('3');
  });

  test.each([
    ['an end that is missing', '<S>abc'],
    ['an end of another element', '<Obj RefId="0"><LST></Obj></LST>'],
    ['an unknown entity', '<S>&nbsp;</S>'],
    ['a lone ampersand', '<S>a & b</S>'],
    ['a document type', '<!DOCTYPE S [<!ENTITY a "b">]><S>&a;</S>'],
    ['a number out of range', '<I32>2147483648</I32>'],
    ['a byte out of range', '<By>256</By>'],
    ['text for a number', '<I64>ten</I64>'],
    ['a day that does not exist', '<DT>2023-02-29T00:00:00</DT>'],
    ['wrong base64', '<BA>AAA</BA>'],
    ['base64 of URLs', '<BA>AA-_</BA>'],
    ['base64 with padding inside', '<BA>AA==AAAA</BA>'],
    ['a duration with parts out of order', '<TS>PT1S1H</TS>'],
    ['a number in hexadecimal', '<Db>0x10</Db>'],
    ['no number at all', '<Db> </Db>'],
    ['a decimal with an exponent', '<D>1E3</D>'],
    ['an hour that does not exist', '<DT>2023-01-01T24:00:00</DT>'],
    ['a fraction without digits', '<DT>2023-01-01T00:00:00.</DT>'],
    ['a wrong guid', '<G>123</G>'],
    ['a reference to nothing', '<Ref RefId="9" />'],
    ['a type reference to nothing', '<Obj RefId="0"><TNRef RefId="9" /></Obj>'],
    ['an unknown value', '<Obj RefId="0"><LST><XX>1</XX></LST></Obj>'],
    ['two contents', '<Obj RefId="0"><I32>1</I32><LST /></Obj>'],
    ['an entry without value', '<Obj RefId="0"><DCT><En><S N="Key">a</S></En></DCT></Obj>'],
    ['an entry with two keys', '<Obj RefId="0"><DCT><En><S N="Key">a</S><S N="Key">b</S></En></DCT></Obj>'],
    ['something else in a dictionary', '<Obj RefId="0"><DCT><S>a</S></DCT></Obj>'],
    ['an attribute that is not closed', '<S N="a>x</S>'],
    ['text beside elements', '<Obj RefId="0">text</Obj>'],
    ['an attribute without quotes', '<S N=a>x</S>'],
    ['an attribute with a tag in it', '<S N="a<b">x</S>'],
    ['a character reference beyond Unicode', '<S>&#x110000;</S>'],
    ['a comment that does not end', '<!-- <S>a</S>'],
    ['something that is no XML', 'hello'],
  ])('refuses %s and says where', (_, text) => {
    expect(() => parseClixml(text)).toThrow(
      expect.objectContaining({ code: 'protocol-error', message: expect.stringMatching(/character \d+/) }),
    );
  });

  test('refuses objects nested beyond the limit instead of running out of stack', () => {
    const deep = '<Obj RefId="0"><LST>'.repeat(100_000);
    expect(() => parseClixml(deep)).toThrow('nested');
  });

  test('passes over deeply nested elements that it does not know', () => {
    const deep = `${'<x>'.repeat(100_000)}<!-- </x> --><?p </x>?>text<![CDATA[</x>]]>${'</x>'.repeat(100_000)}`;
    expect(parseClixml(`<Obj><MS>${deep}<I32 N="A">1</I32></MS></Obj>`)).toEqual(psObject({ extended: { A: 1 } }));
  });

  test('refuses member sets and lists in dictionaries nested beyond the limit', () => {
    expect(() => parseClixml(`<Obj><MS>${'<MS N="m">'.repeat(100_000)}`)).toThrow('nested');
    expect(() => parseClixml('<Obj><DCT><En><Obj N="Key">'.repeat(100_000))).toThrow('nested');
  });

  test('reads a hundred thousand properties of one object, and as many entries', () => {
    const count = 100_000;
    const all = Array.from({ length: count }, (_, turn) => `<I32 N="p${turn}">${turn}</I32>`).join('');
    const value = parseClixml(`<Obj><MS>${all}</MS></Obj>`);
    expect([psProperty(value, 'p0'), psProperty(value, `p${count - 1}`)]).toEqual([0, count - 1]);
    expect(writeClixml(value)).toBe(`<Obj RefId="0"><MS>${all}</MS></Obj>`);
  });

  test('reads and writes five hundred nested lists, and not one more', () => {
    const nested = (levels: number): string => '<Obj><LST>'.repeat(levels) + '</LST></Obj>'.repeat(levels);
    expect(writeClixml(parseClixml(nested(500)))).toContain('RefId="499"');
    expect(() => parseClixml(nested(501))).toThrow('nested');
  });
});
