import { Failure } from '../../../src/kernel/failure.ts';
import type { HostFacts } from '../../../src/kernel/host-facts.ts';
import type {
  Application,
  Detection,
  HostKit,
  ScriptOutcome,
  Verification,
} from '../../../src/remote/powershell/host-kit.ts';
import type { FakeWorld } from './fake-world.ts';

/** What the fake kit is told from outside: time, and the moments at which a worker may die or the network may break. */
export type FakeSurroundings = {
  readonly now: () => number;
  /** Called around every effect and between the parts of one; throws where the worker is to die or the session to break there. */
  readonly moment: (name: string) => void;
  /** Awaited before a call's answer is given: lets a test do something while the host works. */
  readonly gate?: (name: string) => Promise<void>;
  /** Whether a script goes on by itself when its client vanishes. */
  readonly scriptsOutliveClients: boolean;
};

const refuse = (message: string) => new Failure('claim-lost', message);

/** A host kit on a fake machine, with the same promises as the real one. */
export function fakeKit(world: FakeWorld, surroundings: FakeSurroundings): HostKit {
  const { now, moment } = surroundings;
  let run = '';
  const facts = (): HostFacts => ({
    machineId: 'machine-1',
    computerName: 'PC1',
    os: { build: 22631, ubr: 1, productType: 1, caption: 'Windows 11', uiLanguage: 'ja-JP' },
    powershell: { version: '5.1', languageMode: 'FullLanguage', executionPolicy: 'RemoteSigned' },
    elevated: true,
    uptimeMs: now() - world.bootedAtMs,
    clockSkewMs: 0,
    systemDrive: { freeBytes: 50e9, sizeBytes: 100e9 },
    pendingReboot: world.pendingReboot,
    domainJoined: false,
    roles: [],
  });
  const holdClaim = (token: number) => {
    if (!world.holds(run, token)) throw refuse(`claim ${token} is stale`);
  };
  const wanted = (step: string) => world.steps[step]?.changes ?? [];
  const allSet = (step: string) => wanted(step).every(({ target, value }) => world.values.get(target) === value);
  const touched = () => Object.fromEntries([...world.values].map(([name, value]) => [`value:${name}`, value]));
  /** Around every call: the worker can die before the host does it, and after it, before it knows. */
  const around = async <T>(name: string, effect: () => T): Promise<T> => {
    world.tick(now());
    if (world.rebootAtMs !== null) throw new Failure('dropped', 'the host is restarting');
    moment(`before ${name}`);
    const result = effect();
    await surroundings.gate?.(name);
    moment(`after ${name}`);
    return result;
  };

  const applyAll = (step: string, token: number, head: string, intent: number): ScriptOutcome<Application> => {
    const script = world.scriptOf(step);
    const stop = script?.failAfter ?? wanted(step).length;
    let made = 0;
    try {
      for (; made < stop; made += 1) {
        moment(`before change ${made} of ${step}`);
        world.change(run, token, head, step, made, () => moment(`inside change ${made} of ${step}`));
      }
      moment(`before outcome of ${step}`);
    } catch (error) {
      const written = world
        .records(run)
        .filter(({ kind, data, seq }) => kind === 'before' && data['step'] === step && seq > intent);
      if (surroundings.scriptsOutliveClients && written.length === made)
        world.orphans.push({ step, intent, token, next: made, alive: true });
      throw error;
    }
    const ok = script?.failAfter === undefined;
    const rebootRequired = script?.rebootRequired === true;
    const message = ok ? '' : 'it broke';
    world.write(run, 'outcome', token, head, {
      step,
      intent,
      ok,
      changed: stop > 0,
      facts: {},
      rebootRequired,
      message,
    });
    if (rebootRequired) world.pendingReboot = ['servicing'];
    if (!ok) return { kind: 'failed', fault: { message, fqid: 'Broke', hresult: null, script: step, line: 3 } };
    return { kind: 'done', result: { changed: stop > 0, facts: { repaired: true }, rebootRequired } };
  };

  return {
    open: async (options) => {
      run = options.run;
      world.given.push((options.given ?? []).map(({ name }) => name));
      return await around('open', facts);
    },
    read: async <T extends Detection | Verification>(call: { readonly step: string; readonly kind: string }) =>
      await around(`${call.kind} ${call.step}`, (): ScriptOutcome<T> => {
        const done = (result: Detection | Verification) => ({ kind: 'done', result: result as T }) as const;
        if (call.step.startsWith('preflight')) {
          world.checksPassed = world.pendingReboot.length === 0 || world.reboots > 0 || world.checksPassed;
          return done({ ok: world.checksPassed, reason: 'restart pending', facts: {} });
        }
        if (call.step === 'goal')
          return done({ ok: world.values.get('goal') === 'fixed', reason: 'not fixed', facts: {} });
        if (call.step.startsWith('goal.')) {
          const name = call.step.slice('goal.'.length);
          const value = world.values.get(name);
          return done({ ok: value === 'fixed', reason: `${name} is ${value}`, facts: {} });
        }
        if (call.kind === 'detect') {
          const impossible = world.steps[call.step]?.impossible;
          return done({
            needed: !allSet(call.step),
            possible: impossible === undefined,
            reason: impossible ?? '',
            facts: {},
          });
        }
        const ok = allSet(call.step) && world.steps[call.step]?.verifyFails !== true;
        return done({ ok, reason: ok ? '' : 'not as wanted', facts: {} });
      }),
    signedInUser: async (sid) =>
      await around('signedInUser', () => {
        const user = world.userAt(now());
        return user === null || (sid !== '' && sid !== user)
          ? null
          : { sid: user, account: `PC1\\${user}`, session: 1, console: true };
      }),
    claim: async ({ owner, journalHead }) =>
      await around('claim', () => {
        for (const [other] of world.ledgers)
          if (other !== run && world.claimOf(other).open)
            return { kind: 'held', run: other, since: 'earlier' } as const;
        const token = Math.max(0, ...[...world.ledgers.keys()].map((each) => world.claimOf(each).token)) + 1;
        world.write(run, 'claim', token, journalHead, { owner });
        return { kind: 'claimed', token } as const;
      }),
    readLedger: async () => await around('readLedger', () => world.ledger(run)),
    formerAttempt: async (intent) =>
      await around('formerAttempt', () => {
        const orphan = world.orphans.find((each) => each.intent === intent.seq);
        const alive = orphan?.alive === true;
        world.letOrphansWork(run);
        return { alive, processId: alive ? 4711 : null, task: null };
      }),
    endFormerAttempt: async (intent) =>
      await around('endFormerAttempt', () => {
        for (const orphan of world.orphans) if (orphan.intent === intent.seq) orphan.alive = false;
      }),
    protect: async ({ token }) =>
      await around('protect', () => {
        holdClaim(token);
        if (world.noProtection) return { kind: 'impossible', reason: 'no space', remedy: 'make space' } as const;
        world.restorePoints.add('point');
        return {
          kind: 'protected',
          method: 'restore-point',
          id: 'point',
          proof: {},
          enabledSystemProtection: false,
        } as const;
      }),
    protectionExists: async ({ id }) => await around('protectionExists', () => world.restorePoints.has(id)),
    capture: async ({ token }) =>
      await around('capture', () => {
        holdClaim(token);
        return touched();
      }),
    facts: async () => await around('facts', touched),
    apply: async (call, { token, journalHead, attempt }) =>
      await around(`apply ${call.step}`, () => {
        holdClaim(token);
        const polls = world.steps[call.step]?.taskPolls;
        const task = polls === undefined ? null : `task-${call.step}`;
        const { seq } = world.write(run, 'intent', token, journalHead, { step: call.step, attempt, task });
        if (polls === undefined) return applyAll(call.step, token, journalHead, seq);
        world.orphans.push({ step: call.step, intent: seq, token, next: 0, alive: true });
        return { kind: 'running', task: `task-${call.step}`, heartbeatAgeMs: 0, lastLine: 'begun' };
      }),
    poll: async (task) =>
      await around(`poll ${task}`, (): ScriptOutcome<Application> => {
        world.letOrphansWork(run);
        const step = task.replace('task-', '');
        const orphan = world.orphans.findLast((each) => each.step === step);
        if (orphan?.alive === true)
          return { kind: 'running', task, heartbeatAgeMs: 10, lastLine: `change ${orphan.next}` };
        const outcome = world
          .records(run)
          .findLast(({ kind, data }) => kind === 'outcome' && data['intent'] === orphan?.intent);
        const fault = {
          message: 'the task ended without an outcome',
          fqid: 'Gone',
          hresult: null,
          script: step,
          line: null,
        };
        if (outcome?.data['ok'] !== true) return { kind: 'failed', fault };
        return {
          kind: 'done',
          result: { changed: true, facts: {}, rebootRequired: outcome.data['rebootRequired'] === true },
        };
      }),
    undo: async ({ token, journalHead, step }) =>
      await around('undo', () => {
        holdClaim(token);
        const intent = world.write(run, 'intent', token, journalHead, { step: '(undo)', task: '' });
        const changes = [];
        const irreversible = [];
        for (const { seq, data } of [...world.openChanges(run, step)].reverse()) {
          holdClaim(token);
          const target = typeof data['target'] === 'string' ? data['target'] : '';
          if (typeof data['irreversible'] === 'string') {
            irreversible.push({ seq, change: 'value', target, reason: data['irreversible'] });
            continue;
          }
          moment(`before undo of ${target}`);
          const ok = !world.undoFails.has(target);
          const before = data['before'];
          if (ok && typeof before === 'string') world.values.set(target, before);
          if (ok && before === null) world.values.delete(target);
          world.weakened.delete(target);
          moment(`inside undo of ${target}`);
          world.write(run, 'undone', token, journalHead, { of: seq, ok, reason: ok ? '' : 'stuck', by: 'run', target });
          changes.push({ seq, change: 'value', target, ok, reason: ok ? '' : 'stuck' });
        }
        world.write(run, 'outcome', token, journalHead, { step: '(undo)', intent: intent.seq, ok: true });
        return { changes, irreversible };
      }),
    reboot: async ({ token, delayMs }) =>
      await around('reboot', () => {
        holdClaim(token);
        world.rebootAtMs = now() + delayMs;
        return { uptimeMs: now() - world.bootedAtMs };
      }),
    pendingReboot: async () => world.pendingReboot,
    evidence: async () => await around('evidence', () => ({ lines: ['line'] })),
    release: async ({ token, journalHead, end }) =>
      await around('release', () => {
        holdClaim(token);
        world.write(run, 'released', token, journalHead, { end });
        world.released += 1;
        if (world.staysWeak) throw new Failure('script-error', 'Not as before: Spooler: it does not start');
        world.weakened.clear();
      }),
    commit: async () => await around('commit', () => ({ removed: [{ path: 'C:\\old', bytes: 5 }], kept: [] })),
  };
}
