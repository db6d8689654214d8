import { closest } from '../../kernel/suggestion.ts';
import type { Json } from '../../kernel/words.ts';
import { type InputFault, type Loaded, optionFault } from '../document/fault.ts';
import { checkValue, declaredText } from '../document/parameter-check.ts';
import { readDocument } from '../document/read-document.ts';
import { readDocumentFile } from '../document/read-file.ts';
import type { ParameterDeclaration, ParameterDeclarations } from '../document/words.generated.ts';

/** Values of a playbook's parameters given at the launch. */
export type LaunchParameters = { readonly [name: string]: Json };

/**
 * Reads `--params-file` (YAML or JSON, may be null) and every `--param name=value`, which wins. A value becomes what its
 * declaration says: texts stay texts, lists and maps are read as YAML's flow style or as a comma-separated list.
 */
export function readParameters(
  declarations: ParameterDeclarations,
  options: readonly string[],
  file: string | null,
): Loaded<LaunchParameters> {
  const faults: InputFault[] = [];
  const values: Record<string, Json> = file === null ? {} : readFile(declarations, file, faults);
  const given = new Set<string>();
  for (const option of options) {
    const at = option.indexOf('=');
    if (at < 1) {
      faults.push(optionFault('--param', 'a parameter has no value', { expected: 'name=value' }));
      continue;
    }
    const name = option.slice(0, at);
    const declaration = declarations[name];
    if (declaration === undefined || !Object.hasOwn(declarations, name))
      faults.push(unknownParameter('--param', name, declarations));
    else if (given.has(name)) faults.push(optionFault('--param', `\`${name}\` is given twice`, { path: name }));
    else values[name] = readValue(name, option.slice(at + 1), declaration, faults);
    given.add(name);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: values };
}

function readFile(declarations: ParameterDeclarations, file: string, faults: InputFault[]): Record<string, Json> {
  const read = readDocumentFile(file, { sensitive: true });
  if (!read.ok) {
    faults.push(...read.faults);
    return {};
  }
  const { value, fault } = read.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    faults.push(fault([], { message: 'expected names and values of parameters', expected: 'minFreeGB: 20' }));
    return {};
  }
  const values = value as Record<string, Json>;
  for (const [name, each] of Object.entries(values)) {
    const declaration = declarations[name];
    if (declaration === undefined || !Object.hasOwn(declarations, name)) {
      const { message, expected, suggestion } = unknownParameter(file, name, declarations);
      faults.push(fault([name], { message, expected, suggestion, atKey: true, hideText: true }));
      continue;
    }
    for (const { at, ...words } of checkValue(declaration, each)) {
      faults.push(fault([name, ...at], { ...words, hideText: declaration.type === 'secret' }));
    }
  }
  return { ...values };
}

function readValue(name: string, text: string, declaration: ParameterDeclaration, faults: InputFault[]): Json {
  const value = typedValue(text, declaration);
  const wrong =
    value === undefined
      ? [{ message: `\`${text}\` is not allowed`, expected: declaredText(declaration), suggestion: null }]
      : checkValue(declaration, value);
  for (const { message, expected, suggestion } of wrong)
    faults.push(optionFault('--param', `\`${name}\`: ${message}`, { expected, suggestion, path: name }));
  return value ?? null;
}

/** The text as a value of the declared type; undefined where it cannot be one. */
function typedValue(text: string, declaration: ParameterDeclaration): Json | undefined {
  switch (declaration.type) {
    case 'string':
    case 'secret':
      return text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
    case 'array':
      if (!text.trimStart().startsWith('[')) {
        const items: ParameterDeclaration = { type: declaration.items?.type ?? 'string' };
        const values = text === '' ? [] : text.split(',').map((each) => typedValue(each.trim(), items));
        return values.includes(undefined) ? undefined : (values as Json[]);
      }
      return flowValue(text);
    case 'object':
      return flowValue(text);
  }
}

function flowValue(text: string): Json | undefined {
  const read = readDocument(text, '--param', { sensitive: true });
  return read.ok ? read.value.value : undefined;
}

function unknownParameter(option: string, name: string, declarations: ParameterDeclarations): InputFault {
  const names = Object.keys(declarations);
  const near = closest(name, names);
  return optionFault(option, `the playbook has no parameter \`${name}\``, {
    expected: names.length === 0 ? 'no parameters' : `one of ${names.join(', ')}`,
    suggestion: near === null ? null : `did you mean \`${near}\`?`,
    path: name,
  });
}
