import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { EventKind } from '../../../src/journal/event.ts';
import { endCauses } from '../../../src/journal/event-data.ts';
import { scenarios } from '../hostrun/scenarios.ts';
import { tellStory } from '../hostrun/simulate.ts';

const schema: {
  readonly properties: { readonly kind: { readonly enum: readonly string[] } };
  readonly $defs: { readonly end: { readonly properties: { readonly cause: { readonly enum: readonly string[] } } } };
} = JSON.parse(readFileSync(new URL('../../../schemas/journal-event.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);

/** Every kind of the union; the compiler holds it whole. */
const kinds: { readonly [kind in EventKind]: true } = {
  runLaunched: true,
  batchStarted: true,
  budgetExhausted: true,
  orderGiven: true,
  runEnded: true,
  workRefused: true,
  attemptStarted: true,
  hostConnected: true,
  connectionFailed: true,
  waitBegun: true,
  waitEnded: true,
  hostChecked: true,
  commandFailed: true,
  goalChecked: true,
  stepSurveyed: true,
  stepDetected: true,
  claimSought: true,
  machineBusy: true,
  claimTaken: true,
  claimRefused: true,
  kitFolderTampered: true,
  ledgerRead: true,
  formerAttemptSeen: true,
  formerAttemptEnded: true,
  protectionMade: true,
  protectionRunning: true,
  protectionImpossible: true,
  protectionProven: true,
  userChosen: true,
  userMissed: true,
  hostCaptured: true,
  stepSkipped: true,
  stepBegun: true,
  stepStillRunning: true,
  stepApplied: true,
  stepFailed: true,
  stepInterrupted: true,
  stepVerified: true,
  rebootRequested: true,
  rebootBegun: true,
  hostRebooted: true,
  cancelOrdered: true,
  startWithheld: true,
  rollbackOrdered: true,
  commitOrdered: true,
  undoBegun: true,
  changesUndone: true,
  undoFailed: true,
  factsCompared: true,
  evidenceCollected: true,
  hostReleased: true,
  changesCommitted: true,
  hostRunEnded: true,
};

describe('the schema of journal events', () => {
  it('names exactly the kinds of the closed union', () => {
    expect([...schema.properties.kind.enum].toSorted()).toEqual(Object.keys(kinds).toSorted());
  });

  it('names exactly the causes of ends', () => {
    expect(schema.$defs.end.properties.cause.enum).toEqual(endCauses);
  });

  it.each(scenarios)('accepts every event of: $name', async (scenario) => {
    const undisturbed = await tellStory({ ...scenario, world: scenario.world() });
    const disturbed = await tellStory({
      ...scenario,
      world: scenario.world(),
      mishaps: [
        { at: 60, kind: 'kill' },
        { at: 90, kind: 'drop' },
      ],
    });
    for (const event of [...undisturbed.events, ...disturbed.events]) {
      validate(event);
      expect(validate.errors, JSON.stringify(event)).toBeNull();
    }
  });

  it('refuses an unknown member, a wrong type and an unknown kind', async () => {
    const [scenario] = scenarios;
    if (scenario === undefined) throw new Error('a scenario is expected');
    const { events } = await tellStory({ ...scenario, world: scenario.world() });
    const begun = events.find(({ kind }) => kind === 'stepBegun');
    expect(validate({ ...begun, extra: 1 })).toBe(false);
    expect(validate({ ...begun, data: { step: 1, attempt: 1 } })).toBe(false);
    expect(validate({ ...begun, kind: 'stepMused' })).toBe(false);
  });
});
