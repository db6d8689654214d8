import { defineType, netError } from '../define.ts';
import { newObject } from '../make.ts';
import { outsideMember } from '../outside-member.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { creating, editing } from './xml-edit.ts';
import type { AnyNode, Manager } from './xml-nodes.ts';
import {
  callNode,
  childNamed,
  common,
  dynamic,
  listType,
  makeElement,
  methods,
  nodeTypes,
  nodeValue,
} from './xml-nodes.ts';
import type { XmlAttribute, XmlDocument, XmlElement, XmlText } from './xml-parse.ts';
import { localName, namespaceOf, parseXml, prefixOf } from './xml-parse.ts';

/** XmlDocument. */
export const documentType: TypeDefinition<XmlDocument> = defineType<XmlDocument>({
  name: 'System.Xml.XmlDocument',
  aliases: ['xml', 'xmldocument'],
  bases: ['System.Xml.XmlNode'],
  properties: {
    ...common,
    Name: { get: () => '#document', hidden: true },
    DocumentElement: {
      get: (document) => {
        const root = document.children.find((child) => child.kind === 'element');
        return root ? nodeValue(root) : null;
      },
    },
    NameTable: { get: () => 'NameTable', hidden: true },
    PreserveWhitespace: {
      get: (document) => document.preserveWhitespace,
      set: (document, value) => {
        document.preserveWhitespace = value === true;
      },
    },
  },
  dynamicProperties: dynamic,
  methods: {
    ...methods,
    ...editing,
    LoadXml: (document, [text], context) => {
      document.children = [];
      const parsed = parseXml(context.text(text), { preserveWhitespace: document.preserveWhitespace });
      document.children = parsed.children.map((child) => {
        child.parent = document;
        return child;
      });
      return undefined;
    },
    ...creating,
    CreateAttribute: (document, [name], context) =>
      nodeValue({ kind: 'attribute', name: context.text(name), value: '', owner: makeElement(document, '') }),
    ImportNode: (_document, [node, deep], context) => callNode(node, 'CloneNode', [deep], context),
    Save: outsideMember('XmlDocument.Save()'),
    Load: outsideMember('XmlDocument.Load()'),
  },
  getItem: (document, [name], context) => childNamed(document, context.text(name)),
  toText: () => 'System.Xml.XmlDocument',
  construct: () => nodeValue({ kind: 'document', children: [], preserveWhitespace: false }),
  convertFrom: (value, context) => {
    // An empty text makes an empty document.
    if (value === '') return nodeValue({ kind: 'document', children: [], preserveWhitespace: false });
    if (typeof value === 'string') return nodeValue(parseXml(value, { isFragment: true }));
    if (Array.isArray(value))
      return nodeValue(parseXml(value.map((line) => context.text(line)).join('\n'), { isFragment: true }));
    return undefined;
  },
});

/** XmlAttributeCollection. */
const attributesType: TypeDefinition<XmlElement> = defineType<XmlElement>({
  name: 'System.Xml.XmlAttributeCollection',
  properties: { Count: { get: ({ attributes }) => attributes.length } },
  methods: {
    Append: (element, [attribute]) => addAttribute(element, attribute),
    SetNamedItem: (element, [attribute]) => addAttribute(element, attribute),
    RemoveNamedItem: (element, [name], context) => {
      element.attributes = element.attributes.filter((one) => one.name !== context.text(name));
      return undefined;
    },
    GetNamedItem: (element, [name], context) => attributeAt(element, context.text(name)),
    Remove: (element, [attribute]) => {
      element.attributes = element.attributes.filter((one) => nodeValue(one) !== attribute);
      return attribute;
    },
    RemoveAll: (element) => {
      element.attributes = [];
      return undefined;
    },
  },
  enumerate: ({ attributes }) => attributes.map(nodeValue),
  getItem: (element, [at], context) =>
    typeof at === 'number' ? listed(element.attributes[at]) : attributeAt(element, context.text(at)),
  isTrue: () => true,
});

const listed = (attribute: XmlAttribute | undefined): Value => (attribute ? nodeValue(attribute) : null);
const attributeAt = (element: XmlElement, name: string): Value =>
  listed(element.attributes.find((one) => one.name === name));

const addAttribute = (element: XmlElement, attribute: Value): Value => {
  const state =
    isBoxed(attribute) && attribute.kind === 'instance' && attribute.type.name === 'System.Xml.XmlAttribute'
      ? (attribute.state as XmlAttribute)
      : undefined;
  if (!state) return null;
  element.attributes = [...element.attributes.filter((one) => one.name !== state.name), state];
  state.owner = element;
  return attribute;
};

/** XmlElement. */
export const elementType: TypeDefinition<XmlElement> = defineType<XmlElement>({
  name: 'System.Xml.XmlElement',
  aliases: ['xmlelement'],
  bases: ['System.Xml.XmlNode'],
  properties: {
    ...common,
    LocalName: { get: (element) => localName(element.name) },
    NamespaceURI: {
      get: (element) => namespaceOf(element, prefixOf(element.name)),
    },
    Attributes: { get: (element) => newObject(attributesType, element) },
    HasAttributes: { get: (element) => element.attributes.length > 0 },
    IsEmpty: { get: (element) => element.selfClosing && element.children.length === 0 },
    Prefix: { get: (element) => prefixOf(element.name) },
  },
  dynamicProperties: (element) => {
    const found = dynamic(element);
    // An attribute or child called Name hides the element's own name.
    const hasName = found.names().some((name) => name.toLowerCase() === 'name');
    return {
      names: () => (hasName ? found.names() : [...found.names(), 'Name']),
      get: (name) => (!hasName && name.toLowerCase() === 'name' ? element.name : found.get(name)),
      set: found.set,
    };
  },
  methods: {
    ...methods,
    ...editing,
    // The name where an attribute or child called Name hides it.
    get_Name: (element) => element.name,
    GetAttribute: (element, [name], context) =>
      element.attributes.find((one) => one.name === context.text(name))?.value ?? '',
    SetAttribute: (element, [name, value], context) => {
      const known = element.attributes.find((one) => one.name === context.text(name));
      if (known) known.value = context.text(value);
      else
        element.attributes.push({
          kind: 'attribute',
          name: context.text(name),
          value: context.text(value),
          owner: element,
        });
      return undefined;
    },
    HasAttribute: (element, [name], context) => element.attributes.some((one) => one.name === context.text(name)),
    RemoveAttribute: (element, [name], context) => {
      element.attributes = element.attributes.filter((one) => one.name !== context.text(name));
      return undefined;
    },
  },
  getItem: (element, [name], context) => childNamed(element, context.text(name)),
  toText: () => 'System.Xml.XmlElement',
});

/** XmlAttribute. */
export const attributeType: TypeDefinition<XmlAttribute> = defineType<XmlAttribute>({
  name: 'System.Xml.XmlAttribute',
  bases: ['System.Xml.XmlNode'],
  properties: {
    ...common,
    Name: { get: (attribute) => attribute.name },
    LocalName: { get: (attribute) => localName(attribute.name) },
    Prefix: { get: (attribute) => prefixOf(attribute.name) },
    Value: {
      get: (attribute) => attribute.value,
      set: (attribute, value, context) => {
        attribute.value = context.text(value);
      },
    },
    '#text': { get: (attribute) => attribute.value },
  },
  toText: (attribute) => attribute.value,
});

/** XmlText, XmlComment and their like. */
export const textType: TypeDefinition<XmlText> = defineType<XmlText>({
  name: 'System.Xml.XmlText',
  bases: ['System.Xml.XmlNode'],
  properties: {
    ...common,
    Name: { get: (text) => text.name },
    Value: {
      get: (text) => text.text,
      set: (text, value, context) => {
        text.text = context.text(value);
      },
    },
  },
  toText: (text) => text.text,
});

/** One part of `<?xml …?>`; empty if it is not said. */
const declared = (name: string) => ({
  get: ({ text }: XmlText): Value => new RegExp(`${name}="([^"]*)"`).exec(text)?.[1] ?? '',
});

/** The special types of what is no element. */
const specialTypes: readonly (readonly [XmlText['kind'], TypeDefinition<XmlText>])[] = [
  ['cdata', defineType({ ...textType, name: 'System.Xml.XmlCDataSection' })],
  ['comment', defineType({ ...textType, name: 'System.Xml.XmlComment' })],
  ['instruction', defineType({ ...textType, name: 'System.Xml.XmlProcessingInstruction' })],
  [
    'declaration',
    defineType({
      ...textType,
      name: 'System.Xml.XmlDeclaration',
      properties: {
        ...textType.properties,
        Version: declared('version'),
        Encoding: declared('encoding'),
        Standalone: declared('standalone'),
      },
    }),
  ],
];

/** XmlNamespaceManager. */
export const managerType: TypeDefinition<Manager> = defineType<Manager>({
  name: 'System.Xml.XmlNamespaceManager',
  methods: {
    AddNamespace: (manager, [prefix, uri], context) => {
      manager.set(context.text(prefix), context.text(uri));
      return undefined;
    },
    LookupNamespace: (manager, [prefix], context) => manager.get(context.text(prefix)) ?? null,
  },
  construct: (_context, args) => {
    if (args.length !== 1) throw netError('System.ArgumentException', 'XmlNamespaceManager takes a name table.');
    return newObject(managerType, new Map());
  },
});

/** A manager of prefixes as value. */
export const managerValue = (prefixes: Manager): Value => newObject(managerType, prefixes);

/** XML types. */
export const xmlTypes = [
  documentType,
  elementType,
  attributeType,
  textType,
  ...specialTypes.map(([, type]) => type),
  managerType,
  listType,
  attributesType,
] as readonly TypeDefinition[];

nodeTypes.set('document', documentType as TypeDefinition<AnyNode>);
nodeTypes.set('element', elementType as TypeDefinition<AnyNode>);
nodeTypes.set('attribute', attributeType as TypeDefinition<AnyNode>);
nodeTypes.set('text', textType as TypeDefinition<AnyNode>);
for (const [kind, type] of specialTypes) nodeTypes.set(kind, type as TypeDefinition<AnyNode>);
