import type { ErrorObject } from 'ajv/dist/2020.js';
import { closest } from '../../kernel/suggestion.ts';
import type { Json } from '../../kernel/words.ts';
import { validatorFor } from './schemas.ts';
import { flowText, kindOf, typeText } from './value-words.ts';
import type { ParameterDeclaration } from './words.generated.ts';

/** What is wrong with a value, and what its declaration expects. `at` leads to the wrong part of a list. */
export type ValueFault = {
  readonly message: string;
  readonly expected: string;
  /** What was probably meant. */
  readonly suggestion: string | null;
  readonly at: readonly number[];
};

/** A reference to a secret: `env:NAME` or `file:path`. */
const secretReferenceShape = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/;

/** What a declaration expects, in words: `a whole number from 10`. */
export function declaredText(declaration: ParameterDeclaration): string {
  if (declaration.type === 'secret') return 'a reference to a secret: env:NAME or file:path';
  if (declaration.enum !== undefined) return `one of ${declaration.enum.map(flowText).join(', ')}`;
  const limits = [
    declaration.minimum === undefined ? '' : ` from ${declaration.minimum}`,
    declaration.maximum === undefined ? '' : ` up to ${declaration.maximum}`,
    declaration.pattern === undefined ? '' : ` that matches ${declaration.pattern}`,
  ].join('');
  if (declaration.type !== 'array' || declaration.items === undefined) return typeText(declaration.type) + limits;
  return `a list, each item ${declaredText(declaration.items)}`;
}

/** Checks a value against the declaration of its parameter; empty where it fits. Values of secrets are never part of a message. */
export function checkValue(declaration: ParameterDeclaration, value: Json): readonly ValueFault[] {
  const expected = declaredText(declaration);
  if (declaration.type === 'secret') {
    if (typeof value === 'string' && secretReferenceShape.test(value)) return [];
    const message = 'this is not a reference to a secret (its value is not shown)';
    return [{ message, expected, suggestion: null, at: [] }];
  }
  const validate = validatorFor(jsonSchemaOf(declaration));
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => ({
    message: messageOf(error),
    expected,
    suggestion: suggestionOf(error),
    at: indexes(error),
  }));
}

/** Why a declaration cannot be used: a pattern that is no regular expression, a default that does not fit, limits of another type. */
export function declarationFaults(
  declaration: ParameterDeclaration,
): readonly { readonly key: string; readonly message: string }[] {
  const faults: { key: string; message: string }[] = [];
  const numeric = ['integer', 'number'].includes(declaration.type);
  for (const key of ['minimum', 'maximum'] as const) {
    if (declaration[key] !== undefined && !numeric)
      faults.push({ key, message: `\`${key}\` is for numbers, this is ${typeText(declaration.type)}` });
  }
  if (declaration.pattern !== undefined && declaration.type !== 'string') {
    faults.push({ key: 'pattern', message: `\`pattern\` is for texts, this is ${typeText(declaration.type)}` });
  }
  if (declaration.items !== undefined && declaration.type !== 'array') {
    faults.push({ key: 'items', message: `\`items\` is for lists, this is ${typeText(declaration.type)}` });
  }
  if (declaration.type === 'secret' && declaration.default !== undefined) {
    faults.push({ key: 'default', message: 'a secret has no default' });
  }
  for (const [key, pattern] of [
    ['pattern', declaration.pattern],
    ['items', declaration.items?.pattern],
  ] as const) {
    const wrong = pattern === undefined ? null : patternFault(pattern);
    if (wrong !== null) faults.push({ key, message: `this is no regular expression: ${wrong}` });
  }
  if (faults.length > 0 || declaration.default === undefined) return faults;
  return checkValue(declaration, declaration.default).map(({ message, expected }) => ({
    key: 'default',
    message: `the default does not fit: ${message}, expected ${expected}`,
  }));
}

function patternFault(pattern: string): string | null {
  try {
    new RegExp(pattern, 'u');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function jsonSchemaOf(declaration: ParameterDeclaration): Record<string, unknown> {
  const { default: _default, description: _description, ...schema } = declaration;
  return schema;
}

function messageOf(error: ErrorObject): string {
  const shown = typeof error.data === 'object' ? kindOf(error.data) : `\`${JSON.stringify(error.data)}\``;
  return error.keyword === 'type' && typeof error.data !== 'number'
    ? `this is ${kindOf(error.data)}`
    : `${shown} is not allowed`;
}

/** The value of a closed list that was probably meant. */
function suggestionOf({ keyword, data, params }: ErrorObject): string | null {
  const allowed: readonly unknown[] = keyword === 'enum' ? params['allowedValues'] : [];
  const near = typeof data === 'string' ? closest(data, allowed.map(String)) : null;
  return near === null ? null : `did you mean \`${near}\`?`;
}

function indexes(error: ErrorObject): readonly number[] {
  return error.instancePath === '' ? [] : [Number(error.instancePath.split('/')[1])];
}
