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
  readonly oneOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
};

/** One file of types: the types that others import, by the part of the schema that they are made from (null: the whole). */
export type GeneratedTypes = {
  readonly schema: SchemaName;
  readonly file: string;
  readonly exported: Readonly<Record<string, string | null>>;
};

const folder = 'src/input';

/** Which schema becomes which file. Of the parts, those come along that an exported type is made of. */
export const generatedTypes: readonly GeneratedTypes[] = [
  {
    schema: 'words',
    file: `${folder}/document/words.generated.ts`,
    exported: Object.fromEntries(
      [
        'actionId',
        'description',
        'duration',
        'evidenceKind',
        'localText',
        'osTargets',
        'parameterDeclaration',
        'parameterDeclarations',
        'targets',
        'touches',
        'values',
      ].map((part) => [typeName(part), part]),
    ),
  },
  {
    schema: 'playbook',
    file: `${folder}/playbook/playbook.generated.ts`,
    exported: { Use: 'use', Step: 'step', PlaybookDocument: null },
  },
  {
    schema: 'playbook-test',
    file: `${folder}/playbook-test/playbook-test.generated.ts`,
    exported: {
      Case: 'case',
      Expectation: 'expectation',
      Finding: 'finding',
      Host: 'host',
      PlaybookTestDocument: null,
    },
  },
  {
    schema: 'lab',
    file: `${folder}/lab/lab.generated.ts`,
    exported: { Disturbance: 'disturbance', Fault: 'fault', Host: 'host', LabDocument: null },
  },
  { schema: 'action', file: `${folder}/action/action.generated.ts`, exported: { ActionDocument: null } },
  {
    schema: 'inventory',
    file: `${folder}/inventory/inventory.generated.ts`,
    exported: { Credential: 'credential', Settings: 'settings', InventoryDocument: null },
  },
  { schema: 'config', file: `${folder}/config/config.generated.ts`, exported: { ConfigDocument: null } },
  {
    schema: 'causes',
    file: `${folder}/causes/causes.generated.ts`,
    exported: { Cause: 'cause', Evidence: 'evidence', Probe: 'probe', CausesDocument: null },
  },
  {
    schema: 'error-codes',
    file: 'src/knowledge/error-codes.generated.ts',
    exported: { ErrorCode: 'errorCode', AreaName: 'areaName', ErrorCodesDocument: null },
  },
  {
    schema: 'code-parts',
    file: 'src/knowledge/code-parts.generated.ts',
    exported: { Area: 'area', CodePartsDocument: null },
  },
  { schema: 'plan', file: 'test/unit/planning/plan.generated.ts', exported: { PlanDocument: null } },
];

/** The text of a file with the types of a schema, formatted. @throws Error where the schema uses what the generator does not know */
export function typesOf({ schema, file, exported }: GeneratedTypes): string {
  const root = readSchema(schema) as Schema;
  const imported = new Set<string>();
  const parts = Object.entries(root.$defs ?? {}).map(([name, part]) => [typeName(name), part] as const);
  const top = Object.keys(exported).find((name) => exported[name] === null);
  const all = new Map(top === undefined ? parts : [...parts, [top, root] as const]);
  const used = usedTypes(Object.keys(exported), all);
  const bodies = [...all]
    .filter(([name]) => used.has(name))
    .map(([name, part]) => declaration(name, part, name in exported, imported));
  const body = bodies.join('\n');
  const lines = [
    `// Made from schemas/${schema}.schema.json by scripts/generate.ts; change that, then run \`npm run generate\`.`,
  ];
  if (/\bJson\b/.test(body)) lines.push(`import type { Json } from '${pathFrom(file, 'src/kernel/words.ts')}';`);
  if (/\bLabHost\b/.test(body))
    lines.push(`import type { Host as LabHost } from '${pathFrom(file, `${folder}/lab/lab.generated.ts`)}';`);
  if (imported.size > 0) {
    const words = pathFrom(file, `${folder}/document/words.generated.ts`);
    lines.push(`import type { ${[...imported].toSorted().join(', ')} } from '${words}';`);
  }
  return formatTypeScript(`${lines.join('\n')}\n\n${body}`, file);
}

/** The given types and all that they are made of. */
function usedTypes(names: readonly string[], all: ReadonlyMap<string, Schema>): ReadonlySet<string> {
  const used = new Set<string>();
  const visit = (name: string): void => {
    const part = all.get(name);
    if (part === undefined || used.has(name)) return;
    used.add(name);
    // The whole schema holds its parts, too; what it is made of are its keys.
    const { $defs: _, ...own } = part;
    const text = typeText(own, new Set());
    for (const other of all.keys()) if (new RegExp(`\\b${other}\\b`).test(text)) visit(other);
  };
  for (const name of names) visit(name);
  return used;
}

function declaration(name: string, part: Schema, exported: boolean, imported: Set<string>): string {
  return `${comment(part)}${exported ? 'export ' : ''}type ${name} = ${typeText(part, imported)};\n`;
}

function comment(part: Schema): string {
  const text = part.description ?? part.title;
  return text === undefined ? '' : `/** ${text.replaceAll('*/', '* /')} */\n`;
}

function typeText(part: Schema, imported: Set<string>): string {
  if (part.$ref !== undefined) {
    const ofLabHost = /^lab\..*\/host\/properties\/(\w+)$/.exec(part.$ref)?.[1];
    if (ofLabHost !== undefined) return `NonNullable<LabHost['${ofLabHost}']>`;
    const name = typeName(part.$ref.split('/').at(-1) ?? '');
    if (part.$ref.startsWith('words.')) imported.add(name);
    return name;
  }
  if (part.const !== undefined) return JSON.stringify(part.const);
  if (part.enum !== undefined) return part.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (part.oneOf !== undefined) {
    const { required = [] } = part;
    return part.oneOf
      .map((form) => objectType({ ...form, required: [...required, ...(form.required ?? [])] }, imported))
      .join(' | ');
  }
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

function typeName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

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
