import { beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/kernel/failure.ts';
import type { HostFacts } from '../../../src/kernel/host-facts.ts';
import type { PreparedPlan } from '../../../src/operations/prepare-plan.ts';
import { type OpenProbe, probeHosts } from '../../../src/operations/probe.ts';
import type { HostProbe } from '../../../src/operations/probe-state.ts';
import { resolveConnection } from '../../../src/planning/connection.ts';
import { describePlan } from '../../../src/planning/describe-plan.ts';
import { planRun } from '../../../src/planning/plan-run.ts';
import type { Detection, HostKit, ScriptCall, Verification } from '../../../src/remote/powershell/host-kit.ts';
import { valueOf } from '../input/fixture-library.ts';
import { smallRequest } from '../planning/small-plan.ts';

const facts: HostFacts = {
  machineId: 'm1',
  computerName: 'W1',
  os: { build: 22631, ubr: 1, productType: 1, caption: 'Windows 11', uiLanguage: 'en-US' },
  powershell: { version: '5.1', languageMode: 'FullLanguage', executionPolicy: 'RemoteSigned' },
  elevated: true,
  uptimeMs: 1,
  clockSkewMs: 0,
  systemDrive: { freeBytes: 1, sizeBytes: 2 },
  pendingReboot: [],
  domainJoined: false,
  roles: [],
};

/** What the scripts of a host answer, by step and kind; a text is an error of the script. */
type Script = { readonly [stepAndKind: string]: Partial<Detection & Verification> | string };

const rightOfScript: Script = {
  'goal verify': { ok: false, reason: 'value is 1' },
  'preflight.1 verify': { ok: true, reason: '' },
};

let calls: ScriptCall[] = [];
let closed = 0;
beforeEach(() => {
  calls = [];
  closed = 0;
});

/** A session whose kit answers by the script. */
const scripted =
  (script: Script): OpenProbe =>
  async () => {
    const read = async (call: ScriptCall) => {
      calls.push(call);
      const answer = script[`${call.step} ${call.kind}`];
      if (answer === undefined) throw new Error(`nobody scripted ${call.step} ${call.kind}`);
      if (typeof answer === 'string') {
        const fault = { message: answer, fqid: '', hresult: null, script: 'x.ps1', line: 1 };
        return { kind: 'failed' as const, fault };
      }
      return { kind: 'done' as const, result: { reason: '', facts: {}, ...answer } };
    };
    return {
      kit: { read: read as HostKit['read'], signedInUser: async () => null },
      facts,
      [Symbol.asyncDispose]: async () => {
        closed += 1;
      },
    };
  };

function prepared(hosts: readonly string[], parameters = {}): PreparedPlan {
  const request = smallRequest({ hosts, parameters });
  const { plan, digest, blobs } = valueOf(planRun(request));
  const connections = hosts.map((host) => resolveConnection(request.inventory, host));
  return { plan, digest, blobs, description: describePlan(plan), connections };
}

async function probe(script: Script, parameters = {}): Promise<HostProbe> {
  const tools = {
    open: scripted(script),
    resolveSecret: (reference: string) => `<${reference}>`,
    onHost: () => undefined,
  };
  const [only] = await probeHosts(prepared(['w1'], parameters), tools);
  if (only === undefined) throw new Error('one probe is expected');
  return only;
}

const wanted: Script = {
  ...rightOfScript,
  'setValue detect': { needed: true, possible: true, reason: 'is 1, wants 5', facts: { old: 1, new: 5 } },
  'setValue2 detect': { needed: true, possible: true, reason: 'is 1, wants 7' },
  'signIn detect': { needed: true, possible: true, reason: 'signed out' },
};
const verdicts = ({ steps }: HostProbe) => steps.map(({ step, verdict }) => `${step}: ${verdict}`);

describe('what a step would do', () => {
  it('will change, with the values found, and what depends on a change cannot be told', async () => {
    const found = await probe(wanted);
    expect(verdicts(found)).toEqual(['setValue: will change', 'setValue2: cannot tell', 'signIn: will change']);
    expect(found.steps[0]).toMatchObject({ reason: 'is 1, wants 5', facts: { old: 1, new: 5 } });
    expect(found).toMatchObject({
      goal: {
        ok: false,
        reason: 'value is 1',
        checks: [{ id: 'goal', uses: 'demo/look', ok: false, reason: 'value is 1' }],
      },
      fault: null,
      facts: { computerName: 'W1' },
    });
    expect(found.checks).toEqual([{ check: 'demo/look', ok: true, reason: '' }]);
    expect(closed).toBe(1);
  });

  it('already right: detect finds nothing to do, and a condition that does not hold keeps its script from running', async () => {
    const found = await probe(
      { ...wanted, 'setValue detect': { needed: false, possible: true, reason: 'is 5' } },
      { value: 2 },
    );
    expect(verdicts(found)).toEqual(['setValue: already right', 'setValue2: already right', 'signIn: already right']);
    expect(found.steps[1]?.reason).toContain('not wanted here: steps.setValue.changed');
    expect(calls.map(({ step }) => step)).not.toContain('setValue2');
  });

  it('cannot tell: needed but not possible, or detect ended with an error', async () => {
    const impossible = await probe({
      ...wanted,
      'setValue detect': { needed: true, possible: false, reason: 'locked' },
    });
    expect(impossible.steps[0]).toMatchObject({ verdict: 'cannot tell', reason: 'locked' });
    const failed = await probe({ ...wanted, 'setValue detect': 'it broke' });
    expect(failed.steps[0]).toMatchObject({ verdict: 'cannot tell', reason: 'it broke', facts: null });
    expect(failed.steps).toHaveLength(3);
  });

  it('a check or goal that ends with an error does not hold', async () => {
    const found = await probe({ ...wanted, 'goal verify': 'no such log', 'preflight.1 verify': 'no access' });
    expect(found.goal).toMatchObject({ ok: false, reason: 'no such log' });
    expect(found.checks).toEqual([{ check: 'demo/look', ok: false, reason: 'no access' }]);
  });
});

describe('what the scripts are given', () => {
  it('their own text, the values of the plan, and the defaults of the action', async () => {
    await probe(wanted);
    const call = calls.find(({ step }) => step === 'setValue');
    expect(call?.parameters).toEqual({ value: 8, names: ['web'], note: '$HOME' });
    expect(call).toMatchObject({ kind: 'detect', lane: 'inline', longestMs: 300_000 });
    expect(call?.text).toContain('param');
    expect(calls.find(({ step }) => step === 'preflight.1')?.parameters).toEqual({ expect: 'any' });
    expect(calls.find(({ step }) => step === 'setValue2')?.parameters).toMatchObject({ value: 7 });
  });

  it('secrets, resolved only for the script that takes them', async () => {
    const resolved: string[] = [];
    const tools = {
      open: scripted(wanted),
      resolveSecret: (reference: string) => resolved.push(reference),
      onHost: () => undefined,
    };
    await probeHosts(prepared(['w1']), tools);
    expect(resolved).toEqual(['env:KT_DEFAULT']);
    expect(calls.find(({ step }) => step === 'signIn')?.parameters).toEqual({ password: 1 });
  });
});

describe('a value that looks like a reference', () => {
  it('is given as it is to a parameter that is no secret', async () => {
    const given = prepared(['w1']);
    const [host] = given.plan.hosts;
    if (host === undefined) throw new Error('a host is expected');
    const names = { secret: 'env:KT_DEFAULT' };
    const plan = { ...given.plan, hosts: [{ ...host, parameters: { ...host.parameters, names } }] };
    const resolved: string[] = [];
    const resolveSecret = (reference: string) => resolved.push(reference);
    await probeHosts({ ...given, plan }, { open: scripted(wanted), resolveSecret, onHost: () => undefined });
    expect(calls.find(({ step }) => step === 'setValue')?.parameters['names']).toEqual(names);
    expect(resolved).toHaveLength(1);
  });
});

describe('hosts', () => {
  const tools = (open: OpenProbe, told: string[] = [], width = 2) => ({
    open,
    resolveSecret: () => '',
    onHost: (each: HostProbe) => void told.push(each.host),
    width,
  });

  it('come in the order of the plan, each told as soon as those before it are, a few at a time', async () => {
    let open = 0;
    let most = 0;
    const told: string[] = [];
    const holds = new Map<string, () => void>();
    const slow: OpenProbe = async (connection, plan) => {
      open += 1;
      most = Math.max(most, open);
      if (connection.host === 'w1') await new Promise<void>((resolve) => holds.set('w1', resolve));
      const session = await scripted(wanted)(connection, plan);
      open -= 1;
      if (connection.host === 's2') holds.get('w1')?.();
      return session;
    };
    const probes = await probeHosts(prepared(['w1', 'w2', 'w3', 's1', 's2']), tools(slow, told));
    expect(probes.map(({ host }) => host)).toEqual(['w1', 'w2', 'w3', 's1', 's2']);
    expect(told).toEqual(['w1', 'w2', 'w3', 's1', 's2']);
    expect(most).toBe(2);
  });

  it('that cannot be asked are results with their fault, and the others go on', async () => {
    const open: OpenProbe = async (connection, plan) => {
      if (connection.host === 'w2') throw new Failure('unreachable', 'no route to 10.0.0.2');
      return await scripted(wanted)(connection, plan);
    };
    const [first, second] = await probeHosts(prepared(['w1', 'w2']), tools(open));
    expect(first?.fault).toBeNull();
    expect(second).toEqual({
      host: 'w2',
      facts: null,
      goal: null,
      checks: [],
      steps: [],
      fault: 'no route to 10.0.0.2',
    });
  });

  it('without a connection, or with a script that the plan lacks, are told', async () => {
    const plan = prepared(['w1', 'w2']);
    const [first] = await probeHosts({ ...plan, connections: [] }, tools(scripted(wanted)));
    expect(first?.fault).toBe('the inventory gives no connection');
    const [second] = await probeHosts({ ...plan, blobs: new Map() }, tools(scripted(wanted)));
    expect(second?.fault).toBe('The plan holds no verify script for demo/look; plan again.');
    expect(closed).toBe(2);
  });

  it('a fault of this program is no result', async () => {
    await expect(probeHosts(prepared(['w1']), tools(scripted({})))).rejects.toThrow('nobody scripted');
    expect(closed).toBe(1);
  });
});
