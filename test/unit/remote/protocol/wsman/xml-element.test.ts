import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseXml } from '../../../../../src/remote/protocol/wsman/xml-element.ts';
import { escapeXml, formatDuration, parseDuration } from '../../../../../src/remote/protocol/wsman/xml-text.ts';

describe('the XML reader', () => {
  it('resolves default and prefixed namespaces, inner declarations first', () => {
    const root = parseXml('<a xmlns="urn:1" xmlns:p="urn:2" p:k="v"><p:b/><b xmlns="urn:3"><c/></b><d/></a>');
    expect(root.children.map((child) => [child.namespace, child.name])).toEqual([
      ['urn:2', 'b'],
      ['urn:3', 'b'],
      ['urn:1', 'd'],
    ]);
    expect(root.children[1]?.children[0]?.namespace).toBe('urn:3');
    expect(root.attributes.get('{urn:2}k')).toBe('v');
  });

  it('keeps angle brackets in attributes and CDATA, and resolves entities once', () => {
    const root = parseXml('<a k="1 > 0"><![CDATA[<x>&amp;]]>&amp;lt;&#65;&#x1F600;</a>');
    expect(root.attributes.get('k')).toBe('1 > 0');
    expect(root.text).toBe('<x>&amp;&lt;A😀');
  });

  it.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a b=1/>',
    '<a b="1" b="2"/>',
    '<p:a/>',
    '<a>&unknown;</a>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<a><!-- </a>',
    '<'.repeat(10),
    '<a>'.repeat(100) + '</a>'.repeat(100),
  ])('refuses %j', (text) => {
    expect(() => parseXml(text)).toThrow(expect.objectContaining({ code: 'protocol-error' }));
  });

  it('reads any text back that was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, '\ufffd');
        expect(parseXml(`<a k="${escapeXml(text)}">${escapeXml(text)}</a>`).text).toBe(clean);
      }),
    );
  });

  it('never fails with anything but a protocol error', () => {
    const piece = fc.constantFrom(
      '<a',
      '>',
      '</a>',
      '/>',
      ' k="v"',
      '&lt;',
      '&',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      'x',
      '"',
      '<?',
      '?>',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          parseXml(pieces.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'protocol-error' });
        }
      }),
    );
  });
});

describe('durations', () => {
  it.each([
    ['PT20S', 20_000],
    ['PT60.000S', 60_000],
    ['P1DT2H3M4.5S', 93_784_500],
    ['PT2147483.647S', 2_147_483_647],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(parseDuration(formatDuration(ms))).toBe(ms);
  });

  it.each(['', 'P', 'PT', '20', 'PT-1S', 'P1Y'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
