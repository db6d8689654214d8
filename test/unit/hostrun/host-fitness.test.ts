import { describe, expect, it } from 'vitest';
import { matchesBuild, unfitReason } from '../../../src/hostrun/host-fitness.ts';
import type { HostFacts } from '../../../src/kernel/host-facts.ts';
import { planFor } from './plan-for.ts';

const host: HostFacts = {
  machineId: 'm',
  computerName: 'PC',
  os: { build: 22631, ubr: 1, productType: 1, caption: 'Windows 11', uiLanguage: 'en-US' },
  powershell: { version: '5.1', languageMode: 'FullLanguage', executionPolicy: 'AllSigned' },
  elevated: true,
  uptimeMs: 1,
  clockSkewMs: 0,
  systemDrive: { freeBytes: 1, sizeBytes: 2 },
  pendingReboot: [],
  domainJoined: false,
  roles: [],
};
const plan = planFor({ stages: [[{ id: 'a' }]] });

describe('a host', () => {
  it('is fit with full language, elevation and a build that the playbook names', () => {
    expect(unfitReason(plan, host)).toBeNull();
    expect(unfitReason(plan, { ...host, os: { ...host.os, productType: 3, build: 20348 } })).toBeNull();
  });

  it('is fit without language where the module of its endpoint was found to be the right one', () => {
    const powershell = { ...host.powershell, languageMode: 'NoLanguage', jeaModule: 'f'.repeat(64) };
    expect(unfitReason(plan, { ...host, powershell })).toBeNull();
    expect(unfitReason(plan, { ...host, powershell, elevated: false })?.cause).toBe('not-elevated');
  });

  it('is not fit for the session of a user without language, where no text may be handed over', () => {
    const lanes = { detect: 'inline', apply: 'user', verify: 'inline', undo: 'user' } as const;
    const forUser = planFor({ stages: [[{ id: 'a', lanes }]] });
    const powershell = { ...host.powershell, languageMode: 'NoLanguage', jeaModule: 'f'.repeat(64) };
    expect(unfitReason(forUser, { ...host, powershell })).toMatchObject({
      cause: 'language-mode',
      reason: expect.stringContaining('a/apply work in a user'),
    });
    expect(unfitReason(forUser, host)).toBeNull();
  });

  it.each<{ cause: string; facts: HostFacts }>([
    {
      cause: 'language-mode',
      facts: { ...host, powershell: { ...host.powershell, languageMode: 'ConstrainedLanguage' } },
    },
    { cause: 'not-elevated', facts: { ...host, elevated: false } },
    { cause: 'os-target', facts: { ...host, os: { ...host.os, build: 18363 } } },
    { cause: 'os-target', facts: { ...host, os: { ...host.os, productType: 2, build: 14393 } } },
  ])('is not fit for $cause, with a remedy', ({ cause, facts }) => {
    const unfit = unfitReason(plan, facts);
    expect(unfit?.cause).toBe(cause);
    expect(unfit?.remedy).not.toBe('');
  });

  it.each([
    ['>=19045', 19045, true],
    ['>19045', 19045, false],
    ['>=17763 <26100', 26100, false],
    ['20348', 20348, true],
    ['latest', 20348, false],
    ['', 20348, false],
  ])('build target %s and build %i: %s', (target, build, met) => {
    expect(matchesBuild(target, build)).toBe(met);
  });
});
