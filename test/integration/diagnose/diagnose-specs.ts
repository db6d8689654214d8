import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeLabTestMachine } from '../../../src/compose/lab-test-machine.ts';
import type { Host as HostSpec } from '../../../src/input/lab/lab.generated.ts';
import { diagnoseHosts, type HostDiagnosis } from '../../../src/operations/diagnose/diagnose-hosts.ts';
import type { Complaint } from '../../../src/operations/diagnose/judge-causes.ts';
import { prepareDiagnosis } from '../../../src/operations/diagnose/prepare-diagnosis.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';
import { openHostKit } from '../../../src/remote/powershell/open-host-kit.ts';

/** A diagnosis of a simulated host, and what it cost and changed. */
export type DiagnosedHost = {
  readonly diagnosis: HostDiagnosis;
  /** In the host's own time, ms. */
  readonly tookMs: number;
  /** Paths of what is not as before. */
  readonly changed: readonly string[];
};

const defaults = { credential: 'ops' };
const credentials = { ops: { username: 'operator', password: 'env:PASSWORD' } };
const shippedDir = join(import.meta.dirname, '../../../playbooks');

/** Diagnoses simulated hosts, without HTTP. */
export async function diagnoseSpecs(
  specs: ReadonlyMap<string, HostSpec>,
  complaint: Complaint = { codes: [], areas: [] },
): Promise<ReadonlyMap<string, DiagnosedHost>> {
  const projectDir = await mkdtemp(join(tmpdir(), 'kintsugi-diagnose-'));
  try {
    const inventory = join(projectDir, 'inventory.yaml');
    const hosts = Object.fromEntries([...specs.keys()].map((name) => [name, { address: `${name}.example` }]));
    writeFileSync(inventory, JSON.stringify({ kintsugi: 'inventory/v1', credentials, defaults, hosts }));
    const kitText = await loadHostKitText();
    const prepared = prepareDiagnosis(
      { hosts: 'all', inventory, limit: null },
      { projectDir, shippedDir, defaultInventory: inventory, kit: kitText.text, nowMs: Date.now() },
    );
    const told = new Map<string, DiagnosedHost>();
    for (const [name, spec] of specs) {
      using machine = makeLabTestMachine(name, spec, () => 'go-on');
      const shell = await machine.open();
      const kit = openHostKit(shell, kitText, { readWaitMs: 3_600_000 });
      const facts = await kit.open({ run: 'probe', host: name, reference: () => Date.now(), scripts: new Map() });
      const before = machine.elapsedMs();
      const onlyThis = { ...prepared.plan.plan, hosts: prepared.plan.plan.hosts.filter(({ id }) => id === name) };
      const [diagnosis] = await diagnoseHosts({ ...prepared, plan: { ...prepared.plan, plan: onlyThis } }, complaint, {
        open: async () => ({ kit, facts, [Symbol.asyncDispose]: () => shell.close() }),
        resolveSecret: () => undefined,
        onHost: () => undefined,
        store: { last: () => null, keep: () => undefined },
        at: new Date().toISOString(),
      });
      if (diagnosis === undefined) throw new Error(`no diagnosis of ${name}`);
      told.set(name, {
        diagnosis,
        tookMs: machine.elapsedMs() - before,
        changed: machine.differences().map(({ path }) => path),
      });
    }
    return told;
  } finally {
    await rm(projectDir, { recursive: true, force: true });
  }
}
