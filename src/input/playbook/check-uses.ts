import { closest } from '../../kernel/suggestion.ts';
import type { Json } from '../../kernel/words.ts';
import type { Action, ActionScripts } from '../action/action.ts';
import { type ActionLibrary, nearestAction } from '../action/action-library.ts';
import { hidingMore, type InputFault } from '../document/fault.ts';
import { checkValue, declaredText } from '../document/parameter-check.ts';
import type { Gaps } from '../document/sound-rest.ts';
import type { DocumentPath, SourceDocument } from '../document/source-document.ts';
import type { ParameterDeclaration, ParameterDeclarations } from '../document/words.generated.ts';
import type { Use } from './playbook.generated.ts';

/** What checking the uses of a playbook needs and fills. */
export type UseChecks = {
  readonly source: SourceDocument;
  /** What the playbook has not because it was faulty. */
  readonly gaps: Gaps;
  readonly library: ActionLibrary;
  /** The playbook's own parameters. */
  readonly parameters: ParameterDeclarations;
  readonly actions: Map<string, Action>;
  /** The scripts of all actions that are used, also of faulty ones, by id. */
  readonly scripts: Map<string, ActionScripts>;
  readonly faults: InputFault[];
};

/** Checks one use: the action exists, is of the right kind, and its values fit. Faults of the action's own files are told once. */
export function checkUse(use: Use, path: DocumentPath, kind: 'check' | 'change', checks: UseChecks): void {
  const { source, library, actions, scripts, faults } = checks;
  const at = [...path, 'uses'];
  if (!library.ids().includes(use.uses)) {
    const near = nearestAction(use.uses, library.ids());
    const fault = source.fault(at, {
      message: `there is no action \`${use.uses}\``,
      expected: 'an action of the project folder or a shipped one',
      suggestion: near === null ? null : `did you mean \`${near}\`?`,
    });
    // Its values fit an action that nobody knows.
    faults.push(...(use.with === undefined ? [fault] : hidingMore([fault])));
    return;
  }
  const loaded = library.get(use.uses);
  const read = loaded.ok ? loaded.value : loaded.scripts;
  if (read !== null) scripts.set(use.uses, read);
  if (!loaded.ok) {
    for (const fault of loaded.faults) if (!faults.includes(fault)) faults.push(fault);
    return;
  }
  const action = loaded.value;
  actions.set(action.id, action);
  if (action.kind !== kind) {
    const message =
      kind === 'check'
        ? `\`${action.id}\` changes the host; the goal and preflight only look`
        : `\`${action.id}\` is a check; a step changes the host`;
    const expected =
      kind === 'check' ? 'an action with verify.ps1 alone' : 'an action with detect.ps1, apply.ps1 and verify.ps1';
    const suggestion = kind === 'change' ? 'put it under `preflight`, or make it the goal' : null;
    faults.push(source.fault(at, { message, expected, suggestion }));
  }
  checkValues(use, path, action, checks);
}

function checkValues(use: Use, path: DocumentPath, action: Action, checks: UseChecks): void {
  const { source, gaps, faults } = checks;
  const values = use.with ?? {};
  const names = Object.keys(action.parameters);
  for (const [name, value] of Object.entries(values)) {
    const at = [...path, 'with', name];
    const declaration = action.parameters[name];
    if (declaration === undefined || !Object.hasOwn(action.parameters, name)) {
      const near =
        closest(
          name,
          names.filter((each) => !Object.hasOwn(values, each)),
        ) ?? closest(name, names);
      faults.push(
        source.fault(at, {
          message: `\`${action.id}\` has no parameter \`${name}\``,
          expected: names.length === 0 ? 'no parameters' : `one of ${names.join(', ')}`,
          suggestion: near === null ? null : `did you mean \`${near}\`?`,
          atKey: true,
        }),
      );
    } else checkOneValue(value, declaration, at, checks);
  }
  if (gaps.at([...path, 'with'])) return;
  for (const name of names) {
    const declaration = action.parameters[name];
    if (declaration === undefined || declaration.default !== undefined || Object.hasOwn(values, name)) continue;
    const message = `\`${action.id}\` needs the parameter \`${name}\``;
    const at = use.with === undefined ? path : [...path, 'with'];
    faults.push(
      source.fault(at, { message, expected: `with: { ${name}: … } – ${declaredText(declaration)}`, atKey: true }),
    );
  }
}

function checkOneValue(value: Json, declaration: ParameterDeclaration, at: DocumentPath, checks: UseChecks): void {
  const { source, parameters, gaps, faults } = checks;
  const before = faults.length;
  const references = referencesIn(value, at);
  // A parameter that is there and faulty is of no known type.
  if (references.some(({ name }) => !Object.hasOwn(parameters, name) && gaps.words.has(name))) return;
  for (const reference of references)
    checkReference(reference.name, reference.path, checks, reference.path.length > at.length);
  if (faults.length > before) return;
  const whole = references.find((reference) => reference.path.length === at.length);
  if (whole !== undefined) {
    checkPassedOn(whole.name, parameters[whole.name] as ParameterDeclaration, declaration, at, checks);
    return;
  }
  const bound = withDefaults(value, parameters);
  if (bound === undefined) return;
  for (const { at: inside, ...words } of checkValue(declaration, bound)) {
    faults.push(source.fault([...at, ...inside], { ...words, hideText: declaration.type === 'secret' }));
  }
}

/** `$name` as a whole value: the playbook's parameter must be of a type that the action takes, and its default must fit. */
function checkPassedOn(
  name: string,
  given: ParameterDeclaration,
  wanted: ParameterDeclaration,
  at: DocumentPath,
  { source, faults }: UseChecks,
): void {
  const fits = given.type === wanted.type || (given.type === 'integer' && wanted.type === 'number');
  if (!fits) {
    const message = `\`$${name}\` is ${declaredText(given)}`;
    faults.push(source.fault(at, { message, expected: declaredText(wanted) }));
    return;
  }
  if (given.default === undefined) return;
  for (const { message, expected, suggestion } of checkValue(wanted, given.default)) {
    const told = `the default of \`$${name}\` does not fit: ${message}`;
    faults.push(source.fault(at, { message: told, expected, suggestion }));
  }
}

function checkReference(
  name: string,
  at: DocumentPath,
  { source, parameters, faults }: UseChecks,
  nested: boolean,
): void {
  const declaration = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (declaration === undefined) {
    const near = closest(name, Object.keys(parameters));
    faults.push(
      source.fault(at, {
        message: `there is no parameter \`${name}\``,
        expected: 'a parameter of this playbook, or $$ for a text that begins with $',
        suggestion: near === null ? null : `did you mean \`$${near}\`?`,
      }),
    );
  } else if (nested && declaration.type === 'secret') {
    faults.push(source.fault(at, { message: `the secret \`$${name}\` must stand alone, not inside another value` }));
  }
}

function referencesIn(value: Json, path: DocumentPath): { name: string; path: DocumentPath }[] {
  if (typeof value === 'string') {
    return value.startsWith('$') && !value.startsWith('$$') ? [{ name: value.slice(1), path }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const list = Array.isArray(value);
  return Object.entries(value as object).flatMap(([key, each]) =>
    referencesIn(each as Json, [...path, list ? Number(key) : key]),
  );
}

/** The value with every reference replaced by the parameter's default; undefined where one has none. */
function withDefaults(value: Json, parameters: ParameterDeclarations): Json | undefined {
  if (typeof value === 'string') {
    if (value.startsWith('$$')) return value.slice(1);
    return value.startsWith('$') ? parameters[value.slice(1)]?.default : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as object).map(
    ([key, each]) => [key, withDefaults(each as Json, parameters)] as const,
  );
  if (entries.some(([, each]) => each === undefined)) return undefined;
  if (Array.isArray(value)) return entries.map(([, each]) => each as Json);
  return Object.fromEntries(entries) as Json;
}
