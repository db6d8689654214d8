import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** The formats that have a schema. */
export type SchemaName =
  | 'playbook'
  | 'playbook-test'
  | 'action'
  | 'inventory'
  | 'config'
  | 'plan'
  | 'aliases'
  | 'causes'
  | 'lab'
  | 'words'
  | 'error-codes'
  | 'code-parts';

/** Schemas whose parts others refer to. */
const sharedSchemas = ['words', 'lab'] as const;

/** The folder of the schemas, beside `src` (or `dist`) in the package. */
const folder = new URL('../../../schemas/', import.meta.url);

let compiler: Ajv2020 | null = null;

/** The text of a schema as JSON. */
export function readSchema(name: SchemaName): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`${name}.schema.json`, folder), 'utf8')) as Record<string, unknown>;
}

/** The compiled validator of a format; compiled once. Its errors carry the part of the schema that failed. */
export function validatorOf(name: SchemaName): ValidateFunction {
  compiler ??= new Ajv2020({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    strictRequired: false,
    discriminator: true,
    logger: false,
  });
  const known = compiler.getSchema(`${name}.schema.json`);
  if (known !== undefined) return known;
  for (const shared of sharedSchemas)
    if (compiler.getSchema(`${shared}.schema.json`) === undefined) compiler.addSchema(readSchema(shared));
  return compiler.getSchema(`${name}.schema.json`) ?? compiler.compile(readSchema(name));
}

const made = new Map<string, ValidateFunction>();

/** A validator for a schema that was made at run time (the declaration of a parameter); compiled once. @throws Error where it is no schema */
export function validatorFor(schema: Record<string, unknown>): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = made.get(key);
  if (known !== undefined) return known;
  const validate = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true, logger: false }).compile(
    schema,
  );
  made.set(key, validate);
  return validate;
}
