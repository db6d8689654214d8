import { defineCmdlet, defineType } from '../define.ts';
import { callNode } from '../dotnet/xml-nodes.ts';
import { managerValue } from '../dotnet/xml-types.ts';
import { newObject } from '../make.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

type Found = { readonly node: Value; readonly pattern: string };

/** SelectXmlInfo. */
export const selectXmlInfoType = defineType<Found>({
  name: 'Microsoft.PowerShell.Commands.SelectXmlInfo',
  properties: {
    Node: { get: ({ node }) => node },
    Path: { get: () => 'InputStream' },
    Pattern: { get: ({ pattern }) => pattern },
  },
});

/** Select-Xml on documents and text; files are read with Get-Content first. */
export const selectXml = defineCmdlet({
  name: 'Select-Xml',
  module: 'Microsoft.PowerShell.Utility',
  className: 'Microsoft.PowerShell.Commands.SelectXmlCommand',
  defaultParameterSet: 'Xml',
  parameters: {
    XPath: { type: 'string', position: 0, mandatory: true },
    Xml: { type: 'XmlNode[]', pipeline: 'value', sets: { Xml: { position: 1, mandatory: true } } },
    Content: { type: 'string[]', pipeline: 'value', sets: { Content: { mandatory: true } } },
    Path: { type: 'string[]', sets: { Path: { position: 1, mandatory: true } } },
    LiteralPath: { type: 'string[]', sets: { LiteralPath: { mandatory: true } } },
    Namespace: { type: 'hashtable' },
  },
  outside: ['Path', 'LiteralPath'],
  process(context, bound) {
    const pattern = bound.text('XPath') ?? '';
    const given = bound.get('Namespace');
    const prefixes =
      isBoxed(given) && given.kind === 'hashtable'
        ? given.entries().map(([prefix, uri]) => [context.text(prefix), context.text(uri)] as const)
        : [];
    const manager = managerValue(new Map(prefixes));
    const sources = bound.has('Content') ? bound.list('Content') : bound.list('Xml');
    for (const source of sources) {
      const document = typeof source === 'string' ? context.convert(source, 'xml') : source;
      for (const node of context.enumerate(callNode(document, 'SelectNodes', [pattern, manager], context)))
        context.write(newObject(selectXmlInfoType, { node, pattern }));
    }
  },
});
