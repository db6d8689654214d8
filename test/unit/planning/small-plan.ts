import { checkInventory } from '../../../src/input/inventory/read-inventory.ts';
import { checkPlaybook } from '../../../src/input/playbook/read-playbook.ts';
import { noBudgets, type PlanRequest, planRun } from '../../../src/planning/plan-run.ts';
import { library, smallPlaybook, valueOf } from '../input/fixture-library.ts';

/** An inventory of five hosts with values of every kind. */
export const inventoryText = `kintsugi: inventory/v1
defaults: { credential: admin, parameters: { password: env:KT_DEFAULT } }
hosts:
  w1: { address: 10.0.0.1 }
  w2: { address: 10.0.0.2, parameters: { value: 9 } }
  w3: { tls: { verify: false, servername: w3.example }, mechanisms: [basic], configurationName: Lab }
  s1: { port: 15985, allowUnencrypted: true }
  s2: { credential: other }
groups:
  web: { hosts: [w1, w2], defaults: { parameters: { value: 8, names: [web] } } }
credentials:
  admin: { username: admin, password: env:KT_PASSWORD }
  other: { username: other, password: 'file:/run/secrets/other' }
`;

/** What a plan of the small playbook is made of. */
export function smallRequest(overrides: Partial<PlanRequest> = {}): PlanRequest {
  const { playbook, actions } = valueOf(
    checkPlaybook(smallPlaybook, { id: 'demo/small', file: 'small.yaml' }, library),
  );
  return {
    playbook,
    actions,
    kit: '# kit',
    inventory: valueOf(checkInventory(inventoryText, 'inventory.yaml')),
    hosts: ['w1', 'w2', 'w3', 's1', 's2'],
    parameters: {},
    batch: null,
    until: null,
    budgets: noBudgets,
    ...overrides,
  };
}

/** The plan of the small playbook. */
export const smallPlan = (overrides: Partial<PlanRequest> = {}) => valueOf(planRun(smallRequest(overrides)));
