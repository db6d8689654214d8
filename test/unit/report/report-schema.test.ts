import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { readRunReport } from '../../../src/operations/report.ts';
import type { RunReport } from '../../../src/report/run-report.ts';
import { scenarios } from '../hostrun/scenarios.ts';
import { tellStory } from '../hostrun/simulate.ts';
import { blockedReport, engineOf, hostOf, reportOf } from './report-of.ts';

const schemaOf = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), 'utf8'));

const compiler = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
compiler.addSchema([schemaOf('words'), schemaOf('journal-event')]);
const validate = compiler.compile(schemaOf('report'));

/** Faults of a report as its reader gets it. */
function faultsOf(report: unknown): readonly string[] {
  validate(JSON.parse(JSON.stringify(report)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('the schema of run reports', () => {
  it.each(scenarios)('accepts the report of: $name', async ({ name }) =>
    expect(faultsOf(await reportOf(name))).toEqual([]),
  );

  it('accepts the report of a host that was never touched', async () =>
    expect(faultsOf(await blockedReport())).toEqual([]));

  it.each(scenarios)('accepts the report at every moment of: $name', async (scenario) => {
    const { events } = await tellStory({ ...scenario, world: scenario.world() });
    for (let length = 0; length < events.length; length += 3) {
      const report = await readRunReport(engineOf(scenario.plan, events.slice(0, length)), 'run-1');
      expect(faultsOf(report)).toEqual([]);
      expect(report.state).toBe('running');
    }
  });

  it('wants every member, and knows no others', async () => {
    const report = await reportOf('a step fails in the middle of its changes');
    const host = hostOf(report);
    for (const name of Object.keys(report)) {
      const { [name as keyof RunReport]: _, ...rest } = report;
      expect(faultsOf(rest)).toContain(` must have required property '${name}'`);
    }
    for (const name of Object.keys(host)) {
      const { [name as keyof typeof host]: _, ...rest } = host;
      expect(faultsOf({ ...report, hosts: [rest] })).toContain(`/hosts/0 must have required property '${name}'`);
    }
    expect(faultsOf({ ...report, extra: 1 })).toEqual([' must NOT have additional properties']);
    expect(faultsOf({ ...report, hosts: [{ ...host, phase: 3 }] })).toEqual(['/hosts/0/phase must be string']);
  });
});
