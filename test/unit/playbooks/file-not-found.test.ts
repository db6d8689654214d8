import { describe, expect, test } from 'vitest';
import { openActionLibrary } from '../../../src/input/action/action-library.ts';
import { findPlaybook, listPlaybooks, readAliases } from '../../../src/input/playbook/find-playbook.ts';
import { readPlaybook } from '../../../src/input/playbook/read-playbook.ts';
import { places } from './shipped.ts';
import { toCome } from './to-come.ts';

function load(id: string) {
  const found = findPlaybook(id, places);
  if (!found.ok) throw new Error(found.faults.map((fault) => fault.message).join('\n'));
  const loaded = readPlaybook(found.value, openActionLibrary(places));
  if (!loaded.ok) throw new Error(loaded.faults.map((fault) => fault.message).join('\n'));
  return loaded.value.playbook;
}

test('every shipped playbook is valid, together with its actions, and has titles in both languages', () => {
  const ids = listPlaybooks(places).map((each) => each.id);
  expect(ids).toContain('windows-update/file-not-found');
  for (const id of ids) {
    const playbook = load(id);
    expect(playbook.title.ja, id).toMatch(/\S/);
    for (const stage of playbook.stages) expect(stage.title.ja, id).toMatch(/\S/);
  }
});

test('every alias stands for a shipped playbook, or for one of those to come', () => {
  const aliases = readAliases(places);
  if (!aliases.ok) throw new Error('aliases.yaml has faults');
  expect(aliases.value.get('wu-client-repair')).toBe('windows-update/file-not-found');
  const missing = [...aliases.value].filter(([alias]) => !findPlaybook(alias, places).ok).map(([, target]) => target);
  expect(missing.toSorted()).toEqual(toCome);
});

describe('windows-update/file-not-found', () => {
  const playbook = load('windows-update/file-not-found');

  test('tries the cheapest repair first and what cannot be undone in the system files last', () => {
    expect(playbook.stages.map((stage) => stage.steps.map((step) => step.uses))).toEqual([
      ['time/resync'],
      ['disk/reclaim'],
      ['service/baseline', 'windows-update/restart-services', 'windows-update/reset-cache'],
      ['component-store/restore-health', 'system-files/check', 'host/reboot'],
    ]);
  });

  test('asks its goal for failed updates with exactly the codes that it handles', () => {
    expect(playbook.goal[0]?.with['failedWith']).toEqual(playbook.handles);
  });

  test('is protected by a restore point or shadow copy and undone whenever the goal is not reached', () => {
    expect(playbook.protect).toMatchObject({ level: 'L3', systemProtectionOff: 'shadow-copy' });
    expect(playbook.rollback.after).toContain('goal-not-reached');
  });
});
