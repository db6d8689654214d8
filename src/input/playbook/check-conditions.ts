import { camelCase } from '../../kernel/ids.ts';
import { closest } from '../../kernel/suggestion.ts';
import type { InputFault } from '../document/fault.ts';
import type { Gaps, Rest } from '../document/sound-rest.ts';
import type { DocumentPath } from '../document/source-document.ts';
import type { ParameterDeclarations } from '../document/words.generated.ts';
import { type ConditionReference, compileCondition } from './condition.ts';
import { hostFactNames } from './host-fact-names.ts';
import type { PlaybookStep } from './playbook.ts';

const hostFields = ['id', 'rebootOwed'] as const;
const stepFields = ['needed', 'changed', 'facts'] as const;

/** The area under which the facts of an action are found: `component-store/restore-health` → `componentStore`. */
function factArea(actionId: string): string {
  return camelCase(actionId.split('/')[0] ?? actionId);
}

/** A step with its place in the document. */
export type PlacedStep = { readonly step: PlaybookStep; readonly path: DocumentPath };

/** Checks the conditions of all steps, in order: their syntax and types, and that all they speak of is known by then. */
export function checkConditions(
  { source, gaps }: Pick<Rest<unknown>, 'source' | 'gaps'>,
  steps: readonly PlacedStep[],
  checks: readonly string[],
  parameters: ParameterDeclarations,
  faults: InputFault[],
): void {
  const lost = lostNames(gaps);
  for (const [index, { step, path }] of steps.entries()) {
    if (step.when === null) continue;
    const at = [...path, 'when'];
    // In a folded text the characters do not stand where CEL counts them.
    const offsetOf = (offset: number) => (source.written(at) === null ? {} : { offset });
    const compiled = compileCondition(step.when);
    if (!compiled.ok) {
      const expected = 'a condition in CEL, as `facts.os.build < 22000`';
      faults.push(
        source.fault(at, {
          message: `the condition is wrong: ${compiled.message}`,
          expected,
          ...offsetOf(compiled.offset),
        }),
      );
      continue;
    }
    const scope = { earlier: steps.slice(0, index), later: steps.slice(index), checks, parameters };
    const isLost = ({ path: [, name = ''] }: ConditionReference): boolean => lost.has(name.replace(/\d+$/, ''));
    for (const reference of compiled.condition.references) {
      const words = isLost(reference) ? null : referenceFault(reference, scope);
      if (words !== null) faults.push(source.fault(at, { ...words, ...offsetOf(reference.offset) }));
    }
  }
}

/** Names that parts of the playbook may have given that were faulty and taken out: of parameters, steps and areas of facts. */
function lostNames({ words }: Gaps): ReadonlySet<string> {
  const names = [...words].flatMap((word) => [word, factArea(word), camelCase(word.split('/')[1] ?? word)]);
  return new Set(names.map((name) => name.replace(/\d+$/, '')));
}

type Scope = {
  readonly earlier: readonly PlacedStep[];
  readonly later: readonly PlacedStep[];
  readonly checks: readonly string[];
  readonly parameters: ParameterDeclarations;
};

type Words = { readonly message: string; readonly expected: string; readonly suggestion: string | null };

function referenceFault({ path }: ConditionReference, scope: Scope): Words | null {
  const [root, name, field] = path;
  if (name === undefined) return null;
  if (root === 'facts') return factsFault(name, field, scope);
  if (root === 'host') return unknownName('host', name, hostFields);
  if (root === 'params') return parameterFault(name, scope.parameters);
  return stepFault(name, field, scope);
}

function factsFault(area: string, field: string | undefined, scope: Scope): Words | null {
  const below = hostFactNames.get(area);
  if (below !== undefined) return field === undefined ? null : hostFactFault(area, field, below);
  const given = [...scope.checks, ...scope.earlier.map(({ step }) => step.uses)].map(factArea);
  // What scripts give below it, only a run can tell.
  if (given.includes(area)) return null;
  const later = scope.later.find(({ step }) => factArea(step.uses) === area)?.step;
  if (later !== undefined) {
    const message = `\`facts.${area}\` is not known yet: it comes from the step \`${later.id}\`, which is not before this one`;
    return { message, expected: 'facts of the host, of checks, or of earlier steps', suggestion: null };
  }
  return unknownName('facts', area, [...new Set([...hostFactNames.keys(), ...given])]);
}

function hostFactFault(area: string, name: string, below: readonly string[]): Words | null {
  if (below.length > 0) return unknownName(`facts.${area}`, name, below);
  const message = `there is no \`facts.${area}.${name}\`: \`facts.${area}\` holds no names`;
  return { message, expected: `\`facts.${area}\` alone`, suggestion: null };
}

function parameterFault(name: string, parameters: ParameterDeclarations): Words | null {
  if (parameters[name]?.type === 'secret') {
    const message = `\`params.${name}\` is a secret; no condition may look at it`;
    return { message, expected: 'another parameter', suggestion: null };
  }
  return unknownName('params', name, Object.keys(parameters));
}

function stepFault(id: string, field: string | undefined, scope: Scope): Words | null {
  const earlier = scope.earlier.map(({ step }) => step.id);
  if (earlier.includes(id)) return field === undefined ? null : unknownName(`steps.${id}`, field, stepFields);
  if (scope.later.some(({ step }) => step.id === id)) {
    const message = `\`steps.${id}\` is not known yet: that step is not before this one`;
    return { message, expected: 'an earlier step', suggestion: null };
  }
  return unknownName('steps', id, earlier);
}

function unknownName(root: string, name: string, known: readonly string[]): Words | null {
  if (known.includes(name)) return null;
  const near = closest(name, known);
  return {
    message: `there is no \`${root}.${name}\``,
    expected: known.length === 0 ? `nothing: there are no ${root} here` : `one of ${known.join(', ')}`,
    suggestion: near === null ? null : `did you mean \`${root}.${near}\`?`,
  };
}
