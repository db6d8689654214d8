import { describe, expect, test } from 'vitest';
import { findPlaybook } from '../../../../src/input/playbook/find-playbook.ts';
import { checkPlaybook, readPlaybook } from '../../../../src/input/playbook/read-playbook.ts';
import { sha256 } from '../../../../src/kernel/canonical-json.ts';
import { faultLines, library, places, smallPlaybook, valueOf } from '../fixture-library.ts';

const check = (text: string) => checkPlaybook(text, { id: 'demo/x', file: 'x.yaml' }, library);
/** The small playbook with one text exchanged. */
const changed = (from: string, to: string) => {
  if (!smallPlaybook.includes(from)) throw new Error(`the fixture has no ${from}`);
  return check(smallPlaybook.replace(from, to));
};
const suggestions = (loaded: ReturnType<typeof check>) =>
  loaded.ok ? [] : loaded.faults.map(({ suggestion }) => suggestion);

test('a playbook is read with its defaults, its step ids and the actions that it uses', () => {
  const { playbook, actions } = valueOf(readPlaybook(valueOf(findPlaybook('demo/small', places)), library));
  expect(playbook.id).toBe('demo/small');
  expect(playbook.sha256).toBe(sha256(smallPlaybook));
  expect(playbook.protect).toEqual({ level: 'L3', systemProtectionOff: 'shadow-copy', reason: null });
  expect(playbook.rollback.after).toEqual(['failure', 'cancel', 'window-closing', 'goal-not-reached']);
  expect(playbook.preflight).toEqual([{ id: 'preflight.1', uses: 'demo/look', with: {}, ifFails: 'warn' }]);
  const steps = playbook.stages.flatMap((stage) => stage.steps);
  expect(steps.map(({ id }) => id)).toEqual(['setValue', 'setValue2', 'signIn']);
  expect(steps[0]).toMatchObject({ title: { en: 'Set the value', ja: '値を設定する' }, when: null });
  expect([...actions.keys()].toSorted()).toEqual(['demo/look', 'demo/set-value', 'demo/sign-in']);
});

test('a goal may be a list of checks, and a playbook without stages only looks', () => {
  const text = `kintsugi: playbook/v1
title: { en: Look }
goal:
  - uses: demo/look
  - { uses: demo/look, ifFails: warn }
`;
  const { playbook } = valueOf(check(text));
  expect(playbook.stages).toEqual([]);
  expect(playbook.goal).toEqual([
    { id: 'goal.1', uses: 'demo/look', with: {}, ifFails: 'fail' },
    { id: 'goal.2', uses: 'demo/look', with: {}, ifFails: 'warn' },
  ]);
  expect(faultLines(check(text.replace('  - uses: demo/look', '  - uses: demo/set-value')))).toEqual([
    '4:11 `demo/set-value` changes the host; the goal and preflight only look',
    '4:5 `demo/set-value` needs the parameter `value`',
  ]);
});

describe('clear errors, each with its place', () => {
  test.each<[string, string, string, string, string | null]>([
    [
      'an action that does not exist',
      'uses: demo/sign-in',
      'uses: demo/sing-in',
      '27:15 there is no action `demo/sing-in`',
      'demo/sign-in',
    ],
    [
      'an action under another area',
      'uses: demo/sign-in',
      'uses: other/set-value',
      '27:15 there is no action `other/set-value`',
      'demo/set-value',
    ],
    ['a misspelt value', 'expect: right', 'expcet: right', '11:11 `demo/look` has no parameter `expcet`', 'expect'],
    ['a value beyond the list', 'expect: right', 'expect: wrong', '11:19 `"wrong"` is not allowed', null],
    ['a value out of range', 'value: 7', 'value: 70', '21:24 `70` is not allowed', null],
    ['a value of a wrong type', 'value: 7', 'value: seven', '21:24 this is a text', null],
    ['a missing value', 'with: { value: 7 }', 'with: {}', '21:9 `demo/set-value` needs the parameter `value`', null],
    ['an undefined parameter', '$names,', '$nmaes,', '19:39 there is no parameter `nmaes`', '$names'],
    ['a list for a number', 'value: $value', 'value: $names', '19:24 `$names` is a list, each item a text', null],
    [
      'a secret for a text',
      'note: $$HOME',
      'note: $password',
      '19:53 `$password` is a reference to a secret: env:NAME or file:path',
      null,
    ],
    [
      'a secret inside a list',
      '$names,',
      '[$password],',
      '19:40 the secret `$password` must stand alone, not inside another value',
      null,
    ],
    [
      'a clear text for a secret',
      'password: $password',
      'password: hunter2',
      '28:27 this is not a reference to a secret (its value is not shown)',
      null,
    ],
    [
      'a default that the action refuses',
      'default: 5',
      'default: 60',
      '19:24 the default of `$value` does not fit: `60` is not allowed',
      null,
    ],
    [
      'a default that does not fit its own type',
      'default: 5',
      'default: five',
      '6:36 the default does not fit: this is a text, expected a whole number from 1 up to 100',
      null,
    ],
    [
      'a reference to a later step',
      'steps.setValue.changed',
      'steps.signIn.changed',
      '22:15 `steps.signIn` is not known yet: that step is not before this one',
      null,
    ],
    [
      'a reference to itself',
      'steps.setValue.changed',
      'steps.setValue2.changed',
      '22:15 `steps.setValue2` is not known yet: that step is not before this one',
      null,
    ],
    [
      'a step that does not exist',
      'steps.setValue.changed',
      'steps.setVlaue.changed',
      '22:15 there is no `steps.setVlaue`',
      'steps.setValue',
    ],
    [
      'a field that no step has',
      'steps.setValue.changed',
      'steps.setValue.chnged',
      '22:15 there is no `steps.setValue.chnged`',
      'steps.setValue.changed',
    ],
    ['facts of nobody', 'facts.os.build', 'facts.oss.build', '22:41 there is no `facts.oss`', 'facts.os'],
    [
      'a parameter that no condition knows',
      'params.value',
      'params.valeu',
      '29:34 there is no `params.valeu`',
      'params.value',
    ],
    [
      'a secret in a condition',
      'params.value > 3',
      'params.password == "x"',
      '29:34 `params.password` is a secret; no condition may look at it',
      null,
    ],
    [
      'a host field that does not exist',
      'host.rebootOwed',
      'host.rebotOwed',
      '29:15 there is no `host.rebotOwed`',
      'host.rebootOwed',
    ],
    [
      'a condition that cannot be parsed',
      'host.rebootOwed ||',
      'host.rebootOwed |',
      '29:31 the condition is wrong: unexpected character: |',
      null,
    ],
    [
      'a condition that is no question',
      'when: host.rebootOwed || params.value > 3',
      'when: size(steps)',
      '29:15 the condition is wrong: the condition gives int, expected true or false',
      null,
    ],
    [
      'an unknown name in a condition',
      'host.rebootOwed',
      'hst.rebootOwed',
      '29:15 the condition is wrong: unknown variable: hst',
      null,
    ],
    [
      'a change as the goal',
      'uses: demo/look\n  with: { expect: right }',
      'uses: demo/set-value\n  with: { value: 1 }',
      '10:9 `demo/set-value` changes the host; the goal and preflight only look',
      null,
    ],
    [
      'a check as a step',
      'uses: demo/set-value\n        with: { value: 7 }',
      'uses: demo/look',
      '20:15 `demo/look` is a check; a step changes the host',
      'preflight',
    ],
    ['a reserved id', 'id: signIn', 'id: goal', '25:13 the id `goal` is reserved', null],
  ])('%s', (_, from, to, expected, suggestion) => {
    const loaded = changed(from, to);
    expect(faultLines(loaded)).toContain(expected);
    if (suggestion !== null) expect(suggestions(loaded).join()).toContain(suggestion);
  });

  test('an id that two steps share', () => {
    const twice = smallPlaybook.replace(
      '- uses: demo/set-value\n        with: { value: 7 }',
      '- id: signIn\n        uses: demo/set-value\n        with: { value: 7 }',
    );
    expect(faultLines(check(twice))).toContain('26:13 the id `signIn` is there twice');
  });

  test('facts of a later step are not known yet', () => {
    const text = smallPlaybook
      .replace('when: steps.setValue', 'when: facts.later.x || steps.setValue')
      .replace('uses: demo/sign-in', 'uses: later/sign-in');
    const message = '`facts.later` is not known yet: it comes from the step `signIn`, which is not before this one';
    expect(faultLines(check(text))).toEqual([`22:15 ${message}`]);
  });

  test('less than L3 needs a reason', () => {
    const low = smallPlaybook.replace('stages:', 'protect: { level: L2 }\nstages:');
    expect(faultLines(check(low))).toEqual([
      '15:19 this playbook changes hosts; L2 is less than L3 and no reason is given',
    ]);
    const reasoned = low.replace('level: L2', 'level: L2, reason: { en: One value is copied }');
    expect(valueOf(check(reasoned)).playbook.protect).toMatchObject({
      level: 'L2',
      reason: { en: 'One value is copied' },
    });
  });

  test('faults of the document do not hide misspelt actions', () => {
    const text = smallPlaybook.replace('handles:', 'handels:').replace('uses: demo/sign-in', 'uses: demo/sign-inn');
    expect(faultLines(check(text))).toEqual(['3:1 unknown key `handels`', '27:15 there is no action `demo/sign-inn`']);
  });

  test('faults of an action are told with the playbook that uses it, once', () => {
    const text = smallPlaybook.replaceAll('demo/set-value', 'broken/no-verify');
    const loaded = check(text);
    const files = loaded.ok ? [] : loaded.faults.map(({ file }) => file.split('/').at(-1));
    expect(files.filter((file) => file === 'verify.ps1')).toHaveLength(1);
  });
});
