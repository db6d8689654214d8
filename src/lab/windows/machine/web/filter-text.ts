import { type ConfigNode, elementOf, settingOf, splitSection } from './config-engine.ts';

/** One step of a filter: an element name and what its attributes must be. */
export type Step = { readonly name: string; readonly tests: readonly (readonly [name: string, value: string])[] };

/** What a filter names: a section, and the way to an element inside it. */
export type Filter = { readonly section: string; readonly steps: readonly Step[] };

const readStep = (text: string): Step => {
  const name = /^[^[]*/.exec(text)?.[0] ?? text;
  const tests = [...text.matchAll(/@(\w+)\s*=\s*(?:'([^']*)'|"([^"]*)")/g)].map(
    ([, key = '', single, double]) => [key, single ?? double ?? ''] as const,
  );
  return { name: name.trim(), tests };
};

/** Cuts a filter at slashes outside of brackets. */
const cut = (filter: string): string[] => {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of filter) {
    if (char === '[') depth++;
    if (char === ']') depth--;
    if (char === '/' && depth === 0) {
      if (part !== '') parts.push(part);
      part = '';
    } else part += char;
  }
  if (part !== '') parts.push(part);
  return parts;
};

/** Reads an XPath filter as the cmdlets take it; `undefined` when it names no section that the lab knows. */
export const readFilter = (text: string): Filter | undefined => {
  const steps = cut(text.trim().replace(/^\/configuration\//i, '/')).map(readStep);
  const names = steps.map(({ name }) => name);
  let found = splitSection(names);
  // `//handlers` finds a section anywhere.
  for (const group of [
    'system.webServer',
    'system.applicationHost',
    'system.webServer/security',
    'system.webServer/security/authentication',
    'system.webServer/tracing',
  ])
    if (!found && text.trim().startsWith('//')) found = splitSection([...group.split('/'), ...names]);
  return found && { section: found.section, steps: steps.slice(steps.length - found.rest.length) };
};

/** Whether a node's attributes are what a step asks. */
export const passes = (node: ConfigNode, tests: Step['tests']): boolean =>
  tests.every(([name, value]) => settingOf(node, name).toLowerCase() === value.toLowerCase());

/** The nodes that steps lead to. */
export const walk = (node: ConfigNode, steps: readonly Step[]): ConfigNode[] => {
  const [step, ...rest] = steps;
  if (!step) return [node];
  const { entries } = node.schema;
  const isEntry = entries && (step.name === '*' || step.name.toLowerCase() === entries.name.toLowerCase());
  const found = isEntry
    ? node.entries.filter((one) => passes(one, step.tests))
    : Object.keys(node.schema.elements ?? {}).some((name) => name.toLowerCase() === step.name.toLowerCase())
      ? [elementOf(node, step.name)].filter((one) => passes(one, step.tests))
      : [];
  return found.flatMap((one) => walk(one, rest));
};
