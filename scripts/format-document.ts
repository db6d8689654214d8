import { readSchema, type SchemaName } from '../src/input/document/schemas.ts';
import { flowText } from '../src/input/document/value-words.ts';
import type { Schema } from './schema-types.ts';

/** The formats that the document explains, in reading order, with the anchor of their shared parts last. */
const chapters: readonly SchemaName[] = [
  'playbook',
  'playbook-test',
  'action',
  'inventory',
  'config',
  'aliases',
  'words',
];

/** `docs/playbook-format.md`: all formats, made from the schemas. */
export function formatDocument(): string {
  const lines = [
    '# The file formats',
    '',
    'Made from `schemas/` by `npm run generate`; the schemas decide. Editors complete and check a file that begins with',
    '`# yaml-language-server: $schema=<path to>/schemas/playbook.schema.json`.',
    '',
    'Every file is YAML 1.2 in UTF-8: one document, each key once, no tabs to indent. All faults are told at once; where one keeps others from being looked for (as a bracket that is not closed), the last line says so.',
  ];
  for (const name of chapters) lines.push('', ...chapter(name, readSchema(name) as Schema));
  return `${lines.join('\n').replaceAll(/\n{3,}/g, '\n\n')}\n`;
}

function chapter(name: SchemaName, schema: Schema): string[] {
  const lines = [`## ${schema.title ?? name}`, '', schema.description ?? ''];
  if (schema.properties !== undefined || schema.additionalProperties !== undefined)
    lines.push('', ...keys(name, schema));
  for (const [part, each] of Object.entries(schema.$defs ?? {})) {
    lines.push(
      '',
      `### ${anchorTitle(name, part)}`,
      '',
      `**${each.title ?? part}.** ${each.description ?? ''}`,
      '',
      ...partLines(name, each),
    );
  }
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

function partLines(name: SchemaName, part: Schema): string[] {
  const lines: string[] = [];
  if (part.properties !== undefined) lines.push(...keys(name, part), '');
  else lines.push(`Type: ${typeWords(name, part)}.`, '');
  const examples = part.examples ?? [];
  if (examples.length > 0) lines.push(`For example: ${examples.map((each) => `\`${flowText(each)}\``).join(', ')}`, '');
  return lines;
}

function keys(name: SchemaName, schema: Schema): string[] {
  const rows = Object.entries(schema.properties ?? {}).map(([key, part]) => {
    const needed = schema.required?.includes(key) === true ? 'yes' : '';
    const fallback = part.default === undefined ? '' : ` Default: \`${flowText(part.default)}\`.`;
    const text = `${part.description ?? referred(name, part)?.description ?? part.title ?? ''}${fallback}`.replaceAll(
      '|',
      '\\|',
    );
    return `| \`${key}\` | ${typeWords(name, part)} | ${needed} | ${text} |`;
  });
  if (rows.length === 0) return [`Keys: any. Values: ${typeWords(name, schema.additionalProperties as Schema)}.`];
  return ['| key | type | needed | meaning |', '|---|---|---|---|', ...rows];
}

function typeWords(name: SchemaName, part: Schema): string {
  if (part.$ref !== undefined) return reference(name, part.$ref);
  if (part.const !== undefined) return `\`${flowText(part.const)}\``;
  if (part.enum !== undefined) return part.enum.map((each) => `\`${flowText(each)}\``).join(', ');
  if (part.type === 'array') return `list of ${typeWords(name, part.items ?? {})}`;
  if (part.type === undefined) return 'any value';
  if (Array.isArray(part.type) && part.items !== undefined) {
    const each = typeWords(name, part.items);
    return `${each} or list of ${each}`;
  }
  if (part.type === 'object' && typeof part.additionalProperties === 'object') {
    return `map to ${typeWords(name, part.additionalProperties)}`;
  }
  const form = part.pattern === undefined ? '' : ` \`${part.pattern.replaceAll('|', '\\|')}\``;
  return [part.type].flat().join(' or ') + form;
}

function referred(name: SchemaName, part: Schema): Schema | undefined {
  if (part.$ref === undefined) return undefined;
  if (part.$ref.startsWith('lab.'))
    return (readSchema('lab') as Schema).$defs?.['host']?.properties?.[part.$ref.split('/').at(-1) ?? ''];
  const schema = readSchema(part.$ref.startsWith('words.') ? 'words' : name) as Schema;
  return schema.$defs?.[part.$ref.split('/').at(-1) ?? ''];
}

function reference(name: SchemaName, target: string): string {
  const part = target.split('/').at(-1) ?? '';
  if (target.startsWith('lab.')) return `as \`${part}\` of a lab file`;
  const title = anchorTitle(target.startsWith('words.') ? 'words' : name, part);
  return `[${part}](#${title.toLowerCase().replaceAll(' ', '-')})`;
}

const anchorTitle = (name: SchemaName, part: string): string => (name === 'words' ? part : `${name} ${part}`);
