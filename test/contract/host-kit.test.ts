import { sha256 } from '../../src/kernel/canonical-json.ts';
import { startLab } from '../../src/lab/start-lab.ts';
import type { ScriptCall } from '../../src/remote/powershell/host-kit.ts';
import { loadHostKitText } from '../../src/remote/powershell/host-kit-text.ts';
import { openHostKit } from '../../src/remote/powershell/open-host-kit.ts';
import { RenewableShell } from '../../src/remote/powershell/renewable-shell.ts';
import { openWinRmShell } from '../../src/remote/transport/winrm/open-winrm-shell.ts';
import { fakeKit } from '../unit/hostrun/fake-kit.ts';
import { FakeWorld } from '../unit/hostrun/fake-world.ts';
import { describeHostKit, type KitSubject } from './host-kit.ts';

const callOf = (step: string, text: string): ScriptCall => ({
  step,
  kind: 'apply',
  text,
  sha256: sha256(text),
  parameters: {},
  lane: 'inline',
  longestMs: 60_000,
  interruptible: true,
});

async function fakeSubject(): Promise<KitSubject> {
  const changes = [
    { target: 'one', value: 'new' },
    { target: 'two', value: 'new' },
  ];
  const world = new FakeWorld(
    { one: 'old' },
    { a: { changes }, fails: { changes: [...changes, { target: 'x', value: '' }], failAfter: 2 } },
  );
  world.checksPassed = true;
  world.restorePoints.add('beforehand');
  return {
    async session(run) {
      const kit = fakeKit(world, { now: () => 0, moment: () => undefined, scriptsOutliveClients: false });
      await kit.open({ run, host: 'pc1', reference: () => 0, scripts: new Map() });
      return kit;
    },
    // The fake knows its scripts by name; the failing one stands under its own and bears the step's.
    call(step, fails) {
      world.failing = fails ? { [step]: 'fails' } : {};
      return callOf(step, '');
    },
    values: () => ({ one: world.values.get('one') ?? null, two: world.values.get('two') ?? null }),
    async [Symbol.asyncDispose]() {},
  };
}

const key = 'HKLM:\\SOFTWARE\\KintsugiContract';
const script = (end: string) => `[CmdletBinding()] param()
Set-KtRegistryValue -Path '${key}' -Name 'one' -Type 'String' -Value 'new'
Set-KtRegistryValue -Path '${key}' -Name 'two' -Type 'String' -Value 'new'
${end}`;
const good = script('@{ changed = $true; facts = @{}; rebootRequired = $false }');
const bad = script("throw 'it broke'");

/** @param commandsPerSession after so many the session is replaced by another one */
async function labSubject(commandsPerSession = 950): Promise<KitSubject> {
  const password = 'contract-Passw0rd';
  const lab = await startLab({
    spec: { kintsugi: 'lab/v1', hosts: { pc1: { base: 'windows-11-24h2', description: 'contract', faults: [] } } },
    password,
  });
  const host = lab.hosts[0];
  if (host === undefined) throw new Error('the lab has no host');
  const kitText = await loadHostKitText();
  const shells: AsyncDisposable[] = [];
  const shell = async () => {
    const opened = await openWinRmShell({
      host: host.address,
      port: host.port,
      auth: { mechanisms: ['negotiate'], username: 'operator', password: () => password },
      connectTimeoutMs: 10_000,
      operationTimeoutMs: 20_000,
      commandsPerSession,
    });
    shells.push(opened);
    return opened;
  };
  const first = await shell();
  await first.invoke({
    kind: 'script',
    text: `New-Item -Path '${key}' | Out-Null; New-ItemProperty -Path '${key}' -Name 'one' -PropertyType String -Value 'old' | Out-Null`,
  });
  const valueOf = (name: string): string | null => {
    const value: unknown = host.machine.registry.data('HKLM\\SOFTWARE\\KintsugiContract', name);
    return typeof value === 'string' ? value : null;
  };
  return {
    async session(run) {
      const kit = openHostKit(new RenewableShell(await shell(), shell), kitText);
      await kit.open({ run, host: 'pc1', reference: () => Date.now(), scripts: new Map() });
      return kit;
    },
    call: (step, fails) => callOf(step, fails ? bad : good),
    values: () => ({ one: valueOf('one'), two: valueOf('two') }),
    async [Symbol.asyncDispose]() {
      for (const each of shells) await each[Symbol.asyncDispose]();
      await lab.close();
    },
  };
}

describeHostKit('the fake of the simulation', fakeSubject);
describeHostKit('the real one on a simulated Windows, over WinRM', labSubject);
describeHostKit('the real one in sessions that are replaced after three commands', () => labSubject(3));
