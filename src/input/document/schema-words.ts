import { readSchema } from './schemas.ts';
import { flowText } from './value-words.ts';

/** The keywords of a schema that faults are told from. */
export type SchemaPart = {
  readonly title?: string;
  readonly description?: string;
  /** Where a long list of forms is told. */
  readonly $comment?: string;
  readonly const?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaPart>>;
  readonly $ref?: string;
  readonly oneOf?: readonly SchemaPart[];
  readonly items?: SchemaPart;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
};

/** What a part of a schema expects, in words: its title, and the values that a list may hold or an example, in YAML's flow style. */
export function expectedText(part: SchemaPart | undefined): string | null {
  if (part?.title === undefined) return null;
  if (part.minimum !== undefined || part.maximum !== undefined) return rangeText(part.title, part);
  const values = part.items?.enum;
  if (values !== undefined) return `${part.title}: a list of ${values.map(flowText).join(', ')}`;
  const item = part.items?.examples?.[0];
  const example = part.examples?.[0] ?? (item === undefined ? undefined : [item]);
  return example === undefined ? part.title : `${part.title}, as ${flowText(example)}`;
}

/** `a port, 1 to 65535` */
function rangeText(title: string, { minimum, maximum }: SchemaPart): string {
  const range =
    maximum === undefined ? `from ${minimum}` : minimum === undefined ? `up to ${maximum}` : `${minimum} to ${maximum}`;
  return `a ${title.charAt(0).toLowerCase()}${title.slice(1)}, ${range}`;
}

/** A missing key as it would be written, and what it means. */
export function missingText(key: string, part: SchemaPart | undefined): string | null {
  if (part === undefined) return null;
  if (part.const !== undefined) return `${key}: ${flowText(part.const)}`;
  const whole = part.$ref === undefined ? part : { ...referredPart(part.$ref), ...part };
  const example = whole.examples?.[0];
  const description = whole.description ?? whole.title ?? null;
  return example === undefined ? description : `${key}: ${flowText(example)} (${description})`;
}

/** The part that a `$ref` into the shared words means; empty for others. */
function referredPart(reference: string): SchemaPart {
  const name = /^words\.schema\.json#\/\$defs\/(\w+)$/.exec(reference)?.[1];
  const parts = readSchema('words')['$defs'] as Readonly<Record<string, SchemaPart>>;
  return (name === undefined ? undefined : parts[name]) ?? {};
}
