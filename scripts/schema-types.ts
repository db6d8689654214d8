import { spawnSync } from 'node:child_process';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSchema, type SchemaName } from '../src/input/document/schemas.ts';

/** The keywords that our schemas use. */
export type Schema = {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
};

/** Which schema becomes which file, and the name of its top type (null: only its parts have types). */
export const generatedTypes: readonly {
  readonly schema: SchemaName;
  readonly file: string;
  readonly top: string | null;
}[] = [
  { schema: 'words', file: 'src/input/document/words.generated.ts', top: null },
  { schema: 'playbook', file: 'src/input/playbook/playbook.generated.ts', top: 'PlaybookDocument' },
  { schema: 'action', file: 'src/input/action/action.generated.ts', top: 'ActionDocument' },
  { schema: 'inventory', file: 'src/input/inventory/inventory.generated.ts', top: 'InventoryDocument' },
  { schema: 'plan', file: 'test/unit/planning/plan.generated.ts', top: 'PlanDocument' },
  { schema: 'config', file: 'src/input/config/config.generated.ts', top: 'ConfigDocument' },
];

/** The text of a file with the types of a schema, formatted. @throws Error where the schema uses what the generator does not know */
export function typesOf(schema: SchemaName, file: string, top: string | null): string {
  const root = readSchema(schema) as Schema;
  const imported = new Set<string>();
  const bodies: string[] = [];
  const parts = Object.entries(root.$defs ?? {});
  for (const [name, part] of parts) bodies.push(declaration(typeName(name), part, imported));
  if (top !== null) bodies.push(declaration(top, root, imported));
  const body = bodies.join('\n');
  const lines = [
    `// Made from schemas/${schema}.schema.json by scripts/generate.ts; change that, then run \`npm run generate\`.`,
  ];
  if (/\bJson\b/.test(body)) lines.push(`import type { Json } from '${pathFrom(file, 'src/kernel/words.ts')}';`);
  if (imported.size > 0)
    lines.push(
      `import type { ${[...imported].sort().join(', ')} } from '${pathFrom(file, 'src/input/document/words.generated.ts')}';`,
    );
  return formatTypeScript(`${lines.join('\n')}\n\n${body}`, file);
}

function declaration(name: string, part: Schema, imported: Set<string>): string {
  return `${comment(part)}export type ${name} = ${typeText(part, imported)};\n`;
}

function comment(part: Schema): string {
  const text = part.description ?? part.title;
  return text === undefined ? '' : `/** ${text.replaceAll('*/', '* /')} */\n`;
}

function typeText(part: Schema, imported: Set<string>): string {
  if (part.$ref !== undefined) {
    const name = typeName(part.$ref.split('/').at(-1) ?? '');
    if (part.$ref.startsWith('words.')) imported.add(name);
    return name;
  }
  if (part.const !== undefined) return JSON.stringify(part.const);
  if (part.enum !== undefined) return part.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (part.type === undefined) return 'Json';
  return [part.type]
    .flat()
    .map((type) => singleType(type, part, imported))
    .join(' | ');
}

function singleType(type: string, part: Schema, imported: Set<string>): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'number':
    case 'null':
      return type;
    case 'integer':
      return 'number';
    case 'array':
      return `readonly (${typeText(part.items ?? {}, imported)})[]`;
    case 'object':
      return objectType(part, imported);
    default:
      throw new Error(`the generator knows no type \`${type}\``);
  }
}

function objectType(part: Schema, imported: Set<string>): string {
  const required = new Set(part.required ?? []);
  const members = Object.entries(part.properties ?? {}).map(
    ([name, each]) =>
      `${comment(each)}readonly ${JSON.stringify(name)}${required.has(name) ? '' : '?'}: ${typeText(each, imported)};`,
  );
  if (part.additionalProperties !== false && part.additionalProperties !== undefined) {
    const values = part.additionalProperties === true ? {} : part.additionalProperties;
    members.push(`readonly [name: string]: ${typeText(values, imported)};`);
  }
  return `{\n${members.join('\n')}\n}`;
}

/** The path of an import from one file of the repository to another. */
function pathFrom(file: string, target: string): string {
  const path = posix.relative(posix.dirname(file), target);
  return path.startsWith('.') ? path : `./${path}`;
}

const typeName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Formats TypeScript as the repository does. @throws Error where the formatter refuses the text */
function formatTypeScript(text: string, file: string): string {
  const biome = fileURLToPath(new URL('../node_modules/.bin/biome', import.meta.url));
  const root = fileURLToPath(new URL('..', import.meta.url));
  const result = spawnSync(biome, ['check', '--write', `--stdin-file-path=${file}`], {
    input: text,
    encoding: 'utf8',
    cwd: root,
  });
  if (result.status !== 0) throw new Error(`the formatter refused ${file}: ${result.stderr}`);
  return result.stdout;
}
