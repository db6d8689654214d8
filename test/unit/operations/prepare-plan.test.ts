import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/kernel/canonical-json.ts';
import { Failure } from '../../../src/kernel/failure.ts';
import { type PlanInputs, type PlanningPlaces, preparePlan } from '../../../src/operations/prepare-plan.ts';
import { planDigest } from '../../../src/planning/signature.ts';
import { places as library } from '../input/fixture-library.ts';
import { inventoryText } from '../planning/small-plan.ts';

let folder = '';
let places: PlanningPlaces;
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kintsugi-plan-'));
  places = {
    projectDir: folder,
    shippedDir: library.shippedDir,
    defaultInventory: file('inventory.yaml', inventoryText),
    kit: '# kit',
    nowMs: Date.parse('2026-11-21T00:00:00Z'),
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

const given: PlanInputs = {
  playbook: 'demo/small',
  hosts: 'all',
  inventory: null,
  params: [],
  paramsFile: null,
  limit: null,
  batch: null,
  until: null,
  budgets: { failed: null, unreachable: null, rolledBack: null },
};
const prepare = (inputs: Partial<PlanInputs> = {}) => preparePlan({ ...given, ...inputs }, places);

/** The faults as `file: message`. */
function faultsOf(inputs: Partial<PlanInputs>): readonly string[] {
  try {
    prepare(inputs);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.code).toBe('bad-input');
    const faults = error.facts['faults'] as readonly { file: string; message: string }[];
    return faults.map(({ file: where, message }) => `${where.replace(`${folder}/`, '')}: ${message}`);
  }
  throw new Error('faults were expected');
}

describe('a prepared plan', () => {
  it('holds the hosts, their connections, and every text that it names', () => {
    const { plan, digest, blobs, connections, description } = prepare();
    expect(plan.hosts.map(({ id }) => id)).toEqual(['w1', 'w2', 'w3', 's1', 's2']);
    expect(connections.map(({ host, address }) => `${host} ${address}`)).toContain('w2 10.0.0.2');
    expect(digest).toBe(planDigest(plan));
    expect(description.digest).toBe(digest);
    const named = [plan.kit, ...Object.values(plan.actions).flatMap(({ scripts }) => Object.values(scripts))];
    for (const hash of named) expect(sha256(blobs.get(hash) ?? '')).toBe(hash);
  });

  it('takes what was typed: hosts, limit, batches, parameters, closing time, budgets', () => {
    const paramsFile = file('params.yaml', 'value: 3\nnames: [a, b]\n');
    const { plan } = prepare({
      hosts: 'w*,s1',
      limit: 'all:!w3',
      batch: '1,50%',
      params: ['value=4'],
      paramsFile,
      until: '2026-11-21T05:00:00Z',
      budgets: { failed: '0', unreachable: '2', rolledBack: null },
    });
    expect(plan.hosts.map(({ id }) => id)).toEqual(['w1', 'w2', 's1']);
    expect(plan.batches).toEqual([['w1'], ['w2', 's1']]);
    expect(plan.hosts[0]?.parameters).toMatchObject({ value: 4, names: ['a', 'b'] });
    expect(plan.window.until).toBe('2026-11-21T05:00:00Z');
    expect(plan.budgets).toEqual({ failed: 0, unreachable: 2, rolledBack: null });
  });

  it('grades each action by its scripts, and the whole by its worst step', () => {
    const { plan, description } = prepare();
    const grades = Object.values(plan.actions).map(({ grade }) => grade);
    expect(grades.every((grade) => grade !== undefined)).toBe(true);
    expect(description.grade).toBe(
      description.hosts[0]?.stages
        .flatMap(({ steps }) => steps.map(({ grade }) => grade ?? ''))
        .toSorted()
        .at(-1),
    );
  });

  it('reads another inventory where one is named', () => {
    const other = file('other.yaml', inventoryText.replace('10.0.0.1', '10.9.9.9'));
    expect(prepare({ inventory: other, hosts: 'w1' }).connections[0]?.address).toBe('10.9.9.9');
  });

  it('is the same plan for the same input', () => expect(prepare().digest).toBe(prepare().digest));

  it("takes the project's own playbook before a shipped one", () => {
    const own = join(folder, 'fix.yaml');
    file(
      'fix.yaml',
      'kintsugi: playbook/v1\ntitle: { en: Mine }\ntargets: { os: { client: ">=19045" } }\ngoal: { uses: demo/look }\nstages:\n  - title: { en: One }\n    steps: [{ uses: demo/set-value, with: { value: 7 } }]\n',
    );
    expect(prepare({ playbook: own, hosts: 'w1' }).plan.playbook.title).toEqual({ en: 'Mine' });
  });
});

describe('faults', () => {
  it('of every input are told at once', () => {
    const inventory = file('broken.yaml', 'kintsugi: inventory/v1\nhosts:\n  w1: { adress: 10.0.0.1 }\n');
    const found = faultsOf({
      inventory,
      params: ['value=many', 'valeu=1'],
      until: 'tomorrow',
      budgets: { failed: 'some', unreachable: '-1', rolledBack: '1.5' },
    });
    expect(found.map((fault) => fault.split(':')[0])).toEqual(
      expect.arrayContaining(['broken.yaml', '--until', '--max-failed', '--max-unreachable', '--max-rolled-back']),
    );
    expect(found.join('\n')).toContain('unknown key `adress`');
    expect(found.filter((fault) => /valeu|many/.test(fault))).toHaveLength(2);
  });

  it('of a playbook that does not exist come with the other ones', () => {
    const found = faultsOf({ playbook: 'demo/smal', hosts: 'w9', until: 'never' });
    expect(found).toHaveLength(3);
    expect(found.join('\n')).toMatch(/demo\/smal[^l]/);
    expect(found.join('\n')).toContain('w9');
  });

  it('no hosts: says what to write', () => expect(faultsOf({ hosts: null })).toEqual(['--hosts: no hosts are given']));

  it('hosts that cannot be reached for want of a credential are told one by one', () => {
    const text = inventoryText.replace('credential: admin, ', '');
    const found = faultsOf({ inventory: file('bare.yaml', text) });
    expect(found).toHaveLength(4);
    expect(found.every((fault) => /credential/.test(fault))).toBe(true);
  });

  it('that only planning can see come as bad input, too', () => {
    expect(faultsOf({ batch: '0' }).join()).toContain('--batch');
    expect(faultsOf({ params: ['value=60'] }).join()).toMatch(/value|60/);
  });

  it('an inventory that is missing is told with its path', () => {
    const missing = join(folder, 'none.yaml');
    expect(faultsOf({ inventory: missing })[0]).toMatch(/^none\.yaml: /);
  });
});

describe('waivers', () => {
  it('take their reason from the launch, and are in the plan and in what is shown to who approves it', () => {
    const { plan, description } = prepare({ waive: ['signIn'], reason: ' CHG-7 ' });
    expect(plan.waivers).toEqual([{ step: 'signIn', reason: 'CHG-7' }]);
    expect(description.waivers).toEqual([{ step: 'signIn', level: 'L4', reason: 'CHG-7' }]);
  });

  it('need a reason, of a length that can be shown, and a reason needs a waiver', () => {
    expect(faultsOf({ waive: ['signIn'] })).toEqual(['--reason: a waiver needs a reason']);
    expect(faultsOf({ waive: ['signIn'], reason: ' ' })).toEqual(['--reason: a waiver needs a reason']);
    expect(faultsOf({ reason: 'CHG-7' })).toEqual(['--reason: a reason is given, but nothing is waived']);
    expect(faultsOf({ waive: ['signIn'], reason: 'x'.repeat(501) })).toEqual([
      '--reason: the reason has 501 characters',
    ]);
    expect(faultsOf({ waive: ['nobody'], reason: 'CHG-7' })).toEqual(['--waive: there is no step `nobody`']);
  });
});
