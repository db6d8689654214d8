import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { openActionLibrary } from '../src/input/action/action-library.ts';
import { listPlaybooks } from '../src/input/playbook/find-playbook.ts';
import type { Playbook } from '../src/input/playbook/playbook.ts';
import { readPlaybook } from '../src/input/playbook/read-playbook.ts';
import type { Case, PlaybookTestDocument } from '../src/input/playbook-test/playbook-test.generated.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const places = { projectDir: join(root, 'test/fixtures/no-project'), shippedDir: join(root, 'playbooks') };

/** A measure of the field, and what proves it. */
export type Measure = {
  readonly number: number;
  readonly measure: string;
  /** The command or the part of the engine that does it; null where playbooks do. */
  readonly by: string | null;
  /** Test files that prove it, where no playbook does. */
  readonly tests: readonly string[];
  /** Cases of tests of playbooks that prove it. */
  readonly cases: readonly { readonly playbook: string; readonly actions: readonly string[]; readonly name: string }[];
};

type WrittenMeasure = { readonly measure: string; readonly by?: string; readonly tests?: readonly string[] };

/** All measures with what proves them, as the shipped playbooks and their tests say. */
export function measures(): readonly Measure[] {
  const written = parse(readFileSync(join(root, 'scripts/measures.yaml'), 'utf8')) as Record<string, WrittenMeasure>;
  const proofs = listPlaybooks(places).flatMap(({ id, file }) => {
    const testFile = file.replace(/\.yaml$/, '.test.yaml');
    if (!existsSync(testFile)) return [];
    const { cases } = parse(readFileSync(testFile, 'utf8')) as PlaybookTestDocument;
    const playbook = playbookOf(id);
    return cases.map((one) => ({
      playbook: id,
      covers: one.covers ?? [],
      actions: actionsOf(playbook, one),
      name: one.name,
    }));
  });
  return Object.entries(written).map(([number, { measure, by = null, tests = [] }]) => ({
    number: Number(number),
    measure,
    by,
    tests,
    cases: proofs.filter(({ covers }) => covers.includes(Number(number))),
  }));
}

function playbookOf(id: string): Playbook {
  const found = listPlaybooks(places).find((each) => each.id === id);
  const loaded = found && readPlaybook(found, openActionLibrary(places));
  if (!loaded?.ok) throw new Error(`the playbook ${id} has faults: kintsugi validate ${id}`);
  return loaded.value.playbook;
}

/** The actions that a case sees at work: of the steps that act in it, else of those (or of the goal) that must find something. */
function actionsOf({ goal, stages }: Playbook, { expect = {} }: Case): readonly string[] {
  const uses = new Map(stages.flatMap(({ steps }) => steps.map((step) => [step.id, step.uses] as const)));
  const done = Object.entries(expect.steps ?? {}).flatMap(([id, result]) => (result === 'done' ? [id] : []));
  const found = Object.entries(expect.findings ?? {}).flatMap(([id, { needed, ok }]) =>
    needed === true || ok === false ? [id] : [],
  );
  const acting = (done.length > 0 ? done : found).flatMap(
    (id) => uses.get(id) ?? goal.find((check) => check.id === id)?.uses ?? [],
  );
  return acting.length > 0 ? acting : goal.map((check) => check.uses);
}

/** docs/scenarios.md: each measure with the playbooks, steps and tests that prove it. */
export function scenarioDocument(): string {
  const rows = measures().map(({ number, measure, by, tests, cases }) => {
    const playbooks = [...new Set(cases.map(({ playbook }) => `[${playbook}](../playbooks/${playbook}.yaml)`))];
    const actions = [
      ...new Set(cases.flatMap((each) => each.actions.map((id) => `[${id}](../playbooks/actions/${id}/action.yaml)`))),
    ];
    const proofs = [
      ...cases.map(({ name }) => name),
      ...tests.map((file) => `[${file.split('/').at(-1)}](../${file})`),
    ];
    return `| ${number} | ${measure} | ${by ?? playbooks.join('<br>')} | ${actions.join('<br>')} | ${proofs.join('<br>')} |`;
  });
  return `<!-- Made by \`npm run generate\` from scripts/measures.yaml, the playbooks and their tests; don't edit. -->
# Measures of the field, and what Kintsugi does about each

The measures that people are told to try against 0x80070002 ("file not found") and 0x80070005 ("access denied"), and what proves that Kintsugi
can do them: cases of tests of playbooks, each a simulated host that has the cause. \`kintsugi test <playbook>\` runs them.

| # | measure | playbook or command | step | proof |
|---|---|---|---|---|
${rows.join('\n')}
`;
}
