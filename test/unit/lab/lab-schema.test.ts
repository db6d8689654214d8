import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { bases } from '../../../src/lab/faults/bases/editions.ts';
import { createMachine } from '../../../src/lab/faults/create-machine.ts';
import { clientFaultKinds, type FaultSpec, faultKinds, serverFaultKinds } from '../../../src/lab/faults/faults.ts';
import type { LabSpec } from '../../../src/lab/faults/lab-spec.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
type FaultSchema = {
  readonly properties: { readonly kind: { readonly const: FaultSpec['kind'] } };
  readonly examples: readonly FaultSpec[];
};
const schema = JSON.parse(read('schemas/lab.schema.json')) as {
  readonly $defs: {
    readonly host: { readonly properties: { readonly base: { readonly enum: readonly string[] } } };
    readonly fault: { readonly oneOf: readonly FaultSchema[] };
  };
};
const validate = new Ajv2020({ strict: false }).compile<LabSpec>(schema);
const demo: unknown = parse(read('src/lab/demo-lab.yaml'));

/** Of every kind of fault the example that its schema gives. */
const examples = schema.$defs.fault.oneOf.flatMap(({ examples }) => examples);

describe('lab.schema.json', () => {
  test('takes the lab of the demo', () => {
    validate(demo);
    expect(validate.errors).toBeNull();
    expect(Object.keys((demo as LabSpec).hosts)).toEqual([
      'w11-cache',
      'w11-clock',
      'srv-2022',
      'w11-healthy',
      'w11-full',
    ]);
  });

  test('takes disturbances with their moments, and no others', () => {
    const host = (disturbance: unknown): unknown => ({
      kintsugi: 'lab/v1',
      hosts: { h: { base: 'windows-11-24h2', disturbances: [disturbance] } },
    });
    for (const kind of ['connection-cut', 'restart', 'no-return', 'disk-filled'])
      for (const at of [{ change: 1 }, { request: 3 }, { minutes: 0.5 }])
        expect(validate(host({ kind, at }))).toBe(true);
    for (const good of [
      { kind: 'slow', ms: 5 },
      { kind: 'command-hangs', command: 'dism', call: 2 },
      { kind: 'session-refused', times: 1 },
    ])
      expect(validate(host(good))).toBe(true);
    for (const bad of [
      { kind: 'restart' },
      { kind: 'restart', at: { change: 0 } },
      { kind: 'slow' },
      { kind: 'command-hangs' },
      { kind: 'session-refused', times: 0 },
      { kind: 'restart', at: { minutes: 0 } },
      { kind: 'flood' },
    ])
      expect(validate(host(bad))).toBe(false);
    expect(validate(host({ kind: 'restart', at: { change: 1, request: 1 } }))).toBe(false);
  });

  test('names every base, and every kind of fault with an example', () => {
    expect(schema.$defs.host.properties.base.enum).toEqual(Object.keys(bases));
    expect(schema.$defs.fault.oneOf.map(({ properties }) => properties.kind.const).sort()).toEqual(
      [...faultKinds].sort(),
    );
    for (const { properties, examples } of schema.$defs.fault.oneOf)
      expect(examples.map(({ kind }) => kind)).toEqual([properties.kind.const]);
  });

  test('takes no-language endpoints: by name, the folder of an exported one or none', () => {
    const host = (jea: unknown): unknown => ({ kintsugi: 'lab/v1', hosts: { h: { base: 'windows-11-24h2', jea } } });
    expect(validate(host({ Kintsugi: 'endpoint', Bare: null }))).toBe(true);
    expect(validate(host({ 'no name': null }))).toBe(false);
    expect(validate(host({ Kintsugi: 5 }))).toBe(false);
  });

  for (const fault of examples) {
    test(`takes ${fault.kind} on every base, and machines of those that have the thing can be put into it`, () => {
      for (const base of Object.keys(bases) as (keyof typeof bases)[]) {
        const spec: LabSpec = { kintsugi: 'lab/v1', hosts: { h: { base, faults: [fault] } } };
        expect([validate(spec), validate.errors]).toEqual([true, null]);
        const make = (): string => createMachine('h', spec.hosts['h']!).name;
        if (serverFaultKinds.includes(fault.kind) && bases[base].edition.productType === 1)
          expect(make).toThrow(expect.objectContaining({ code: 'bad-input' }));
        else if (clientFaultKinds.includes(fault.kind) && bases[base].edition.productType !== 1)
          expect(make).toThrow(`the fault ${fault.kind} needs a client`);
        else expect(make()).toBe('H');
      }
    });
  }

  test('refuses an unknown base, an unknown fault and a misspelt parameter', () => {
    const withFault = (fault: object) => ({
      kintsugi: 'lab/v1',
      hosts: { h: { base: 'windows-11-24h2', faults: [fault] } },
    });
    expect(validate({ kintsugi: 'lab/v1', hosts: { h: { base: 'windows-95' } } })).toBe(false);
    expect(validate(withFault({ kind: 'gremlins' }))).toBe(false);
    expect(validate(withFault({ kind: 'clock-skew', minuts: 3 }))).toBe(false);
  });
});
