import { sha256 } from '../../kernel/canonical-json.ts';
import { camelCase } from '../../kernel/ids.ts';
import type { Action, ActionScripts } from '../action/action.ts';
import type { ActionLibrary } from '../action/action-library.ts';
import { checkParameters, describedBy } from '../action/read-action.ts';
import { checkDocument } from '../document/check-document.ts';
import type { InputFault } from '../document/fault.ts';
import { readDocument } from '../document/read-document.ts';
import { readDocumentFile } from '../document/read-file.ts';
import type { Rest } from '../document/sound-rest.ts';
import type { SourceDocument } from '../document/source-document.ts';
import { checkConditions, type PlacedStep } from './check-conditions.ts';
import { checkUse, type UseChecks } from './check-uses.ts';
import type { PlaybookFile } from './find-playbook.ts';
import type { PlaybookDocument, Step } from './playbook.generated.ts';
import type { Playbook, PlaybookStep } from './playbook.ts';

/** A playbook with the actions that it uses, by id. */
export type LoadedPlaybook = { readonly playbook: Playbook; readonly actions: ReadonlyMap<string, Action> };

const everyCause = ['failure', 'cancel', 'window-closing', 'goal-not-reached'] as const;
const everyTarget = { os: { client: '>=10240', server: '>=14393' } } as const;
/** Ids that a plan uses for the goal and for preflight checks. */
const reservedIds = ['goal', 'preflight'];

/** What reading a playbook gives; the scripts of its actions also where it is faulty, as far as they are known. */
export type PlaybookReading =
  | { readonly ok: true; readonly value: LoadedPlaybook }
  | { readonly ok: false; readonly faults: readonly InputFault[]; readonly scripts: readonly ActionScripts[] };

/** Reads and checks a playbook and all actions that it uses; every fault at once. */
export function readPlaybook(found: PlaybookFile, library: ActionLibrary): PlaybookReading {
  const read = readDocumentFile(found.file);
  return read.ok ? checkSource(read.value, found, library) : { ...read, scripts: [] };
}

/** As `readPlaybook`, for content that is already read. */
export function checkPlaybook(
  content: Uint8Array | string,
  found: Pick<PlaybookFile, 'id' | 'file'>,
  library: ActionLibrary,
): PlaybookReading {
  const read = readDocument(content, found.file);
  return read.ok ? checkSource(read.value, found, library) : { ...read, scripts: [] };
}

function checkSource(
  source: SourceDocument,
  found: Pick<PlaybookFile, 'id' | 'file'>,
  library: ActionLibrary,
): PlaybookReading {
  const checked = checkDocument<PlaybookDocument>(source, 'playbook');
  const faults: InputFault[] = checked.ok ? [] : [...checked.faults];
  if (checked.rest === null) return { ok: false, faults, scripts: [] };
  const { rest } = checked;
  const parameters = rest.value.parameters ?? {};
  const checks: UseChecks = { ...rest, library, parameters, actions: new Map(), scripts: new Map(), faults };
  const steps = checkMeaning(rest, checks);
  if (faults.length > 0 || !checked.ok) return { ok: false, faults, scripts: [...checks.scripts.values()] };
  return { ok: true, value: { playbook: assemble(source, checked.value, found, steps), actions: checks.actions } };
}

/** Checks what the format alone does not tell. @returns the steps */
function checkMeaning(rest: Rest<PlaybookDocument>, checks: UseChecks): readonly PlacedStep[] {
  const { value: document, source, gaps } = rest;
  const { parameters, faults } = checks;
  checkParameters(source, parameters, faults);
  if (!gaps.isFilled(['goal'])) for (const { use, path } of goalUses(document)) checkUse(use, path, 'check', checks);
  for (const [index, check] of (document.preflight ?? []).entries())
    checkUse(check, ['preflight', index], 'check', checks);
  const steps = gaps.isFilled(['stages']) ? [] : placeSteps(document, checks);
  const looks = (document.preflight ?? []).map((use) => use.uses);
  checkConditions(rest, steps, looks, parameters, faults);
  if (!gaps.at(['protect'])) checkProtection(source, document, faults);
  return steps;
}

function assemble(
  source: SourceDocument,
  document: PlaybookDocument,
  found: Pick<PlaybookFile, 'id' | 'file'>,
  steps: readonly PlacedStep[],
): Playbook {
  return {
    id: found.id,
    file: found.file,
    text: source.text,
    sha256: sha256(source.text),
    title: document.title,
    description: describedBy(document.description),
    handles: document.handles ?? [],
    targets: document.targets ?? everyTarget,
    parameters: document.parameters ?? {},
    goal: goalUses(document).map(({ id, use }) => ({
      id,
      uses: use.uses,
      with: use.with ?? {},
      ifFails: 'ifFails' in use ? use.ifFails : 'fail',
    })),
    preflight: (document.preflight ?? []).map((check, index) => ({
      id: `preflight.${index + 1}`,
      uses: check.uses,
      with: check.with ?? {},
      ifFails: check.ifFails ?? 'block',
    })),
    protect: {
      level: document.protect?.level ?? 'L3',
      systemProtectionOff: document.protect?.systemProtectionOff ?? 'shadow-copy',
      reason: document.protect?.reason ?? null,
    },
    stages: (document.stages ?? []).map((stage, index) => ({
      title: stage.title,
      steps: steps.filter(({ path }) => path[1] === index).map(({ step }) => step),
    })),
    waitFor: document.waitFor ?? null,
    rollback: { after: document.rollback?.after ?? everyCause },
    evidence: document.evidence ?? [],
  };
}

/** The checks of the goal, one or a list, with their ids. */
function goalUses({ goal }: PlaybookDocument) {
  if (!Array.isArray(goal)) return [{ id: 'goal', use: goal, path: ['goal'] }];
  return goal.map((use, index) => ({ id: `goal.${index + 1}`, use, path: ['goal', index] }));
}

/** The steps in order, with ids given to those that have none. */
function placeSteps(document: PlaybookDocument, checks: UseChecks): PlacedStep[] {
  const { source, actions, faults } = checks;
  const taken = new Set(reservedIds);
  const written = (document.stages ?? []).flatMap((stage, stageIndex) =>
    stage.steps.map((step, index) => ({ step, path: ['stages', stageIndex, 'steps', index] as const })),
  );
  for (const { step, path } of written) {
    if (step.id === undefined) continue;
    if (taken.has(step.id)) {
      const message = reservedIds.includes(step.id)
        ? `the id \`${step.id}\` is reserved`
        : `the id \`${step.id}\` is there twice`;
      faults.push(source.fault([...path, 'id'], { message, expected: 'an id of its own for each step' }));
    }
    taken.add(step.id);
  }
  return written.map(({ step, path }) => {
    checkUse(step, path, 'change', checks);
    const title = step.title ?? actions.get(step.uses)?.title ?? { en: step.uses };
    return { step: stepOf(step, title, taken), path };
  });
}

function stepOf(step: Step, title: PlaybookStep['title'], taken: Set<string>): PlaybookStep {
  let id = step.id;
  if (id === undefined) {
    const name = camelCase(step.uses.split('/')[1] ?? step.uses);
    id = name;
    for (let count = 2; taken.has(id); count++) id = `${name}${count}`;
    taken.add(id);
  }
  return { id, uses: step.uses, with: step.with ?? {}, when: step.when ?? null, title };
}

/** Less than a restore point needs a reason, which the plan shows to whoever approves it. */
function checkProtection(source: SourceDocument, document: PlaybookDocument, faults: InputFault[]): void {
  const level = document.protect?.level ?? 'L3';
  if ((level !== 'L1' && level !== 'L2') || document.protect?.reason !== undefined) return;
  faults.push(
    source.fault(['protect', 'level'], {
      message: `this playbook changes hosts; ${level} is less than L3 and no reason is given`,
      expected: 'L3 or L4, or `reason: { en: … }`',
      suggestion: 'leave `level` out for L3',
    }),
  );
}
