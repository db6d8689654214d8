import { expect, it } from 'vitest';
import type { Application, HostKit, ScriptCall, ScriptOutcome } from '../../../src/remote/powershell/host-kit.ts';
import { callOf, claim, openKit, told } from './kit-on-host.ts';

const result = '@{ changed = $true; facts = @{ seen = $seen }; rebootRequired = $false }';
const user = '(Get-CimInstance Win32_ComputerSystem).UserName';
const sid = `(New-Object Security.Principal.NTAccount (${user})).Translate([Security.Principal.SecurityIdentifier]).Value`;
const mark = `(Get-ItemProperty -Path "Registry::HKEY_USERS\\$(${sid})\\Software\\Demo" -ErrorAction SilentlyContinue).mark`;
const leftovers = `@(Get-ScheduledTask -TaskName 'Kintsugi-*-user-*' -ErrorAction SilentlyContinue).Count + @(Get-ChildItem "$env:ProgramData\\Kintsugi\\tasks" -ErrorAction SilentlyContinue).Count`;
const marking = `$text = 'param($mark) New-Item HKCU:\\Software\\Demo -Force | Out-Null; Set-ItemProperty HKCU:\\Software\\Demo mark $mark; [Security.Principal.WindowsIdentity]::GetCurrent().User.Value'
$did = Invoke-KtAsUser -Text $text -Parameters @{ mark = 'a''b' } -UndoText 'Remove-Item HKCU:\\Software\\Demo -Recurse -ErrorAction SilentlyContinue'
$seen = @{ sid = $did.Sid; who = $did.Output }`;

it('a change made as the signed-in user is recorded beforehand and undone as the same user', async () => {
  const kit = await openKit('run-1');
  const order = await claim(kit, 'run-1');
  const who = await told(sid);
  expect(await kit.apply(callOf(`${marking}\n${result}`), { ...order, attempt: 1 })).toMatchObject({
    kind: 'done',
    result: { facts: { seen: { sid: who, who: [who] } } },
  });
  expect(await told(mark)).toBe("a'b");
  const kinds = (await kit.readLedger()).records.map(({ kind }) => kind);
  expect(kinds).toEqual(['claim', 'intent', 'before', 'outcome']);
  expect(await kit.undo({ ...order, step: null })).toMatchObject({
    changes: [{ change: 'user-script', target: who, ok: true }],
  });
  expect(await told(mark)).toBeNull();
  expect(await told(leftovers)).toBe(0);
});

it.each([
  ['a user who is not signed in', "-Text '1' -ReadOnly -Sid S-1-5-21-1-2-3-4", 'KtNoUserSession'],
  ['what the text fails with', "-Text 'throw ''no''' -ReadOnly", 'KtUserScript'],
  ['more than 256 KiB', "-Text '''x'' * 300000' -ReadOnly", 'KtUserResult'],
  ['a text that leaves nothing', "-Text 'exit 3' -ReadOnly", 'KtUserResult'],
  ['a secret', "-Text '1' -ReadOnly -Parameters @{ p = (New-Object Security.SecureString) }", 'KtUserSecret'],
])('the user lane tells %s by its own error, and leaves nothing', async (_what, given, id) => {
  const kit = await openKit('run-1');
  const order = await claim(kit, 'run-1');
  const outcome = await kit.apply(callOf(`Invoke-KtAsUser ${given}; ${result}`), { ...order, attempt: 1 });
  expect(outcome).toMatchObject({ kind: 'failed', fault: { fqid: expect.stringContaining(id) } });
  expect(await told(leftovers)).toBe(0);
});

const forUser = (text: string, user?: string): ScriptCall => ({
  ...callOf(text),
  lane: 'user',
  ...(user === undefined ? {} : { user }),
});

/** What a script of the lane `user` came to, which works as a task. */
async function applied(kit: HostKit, call: ScriptCall, order: Awaited<ReturnType<typeof claim>>) {
  let outcome: ScriptOutcome<unknown> = await kit.apply(call, { ...order, attempt: 1 });
  while (outcome.kind === 'running') outcome = await kit.poll(outcome.task);
  return outcome as ScriptOutcome<Application>;
}

it('a script of the lane user works as SYSTEM, and hands what belongs into the session of the user chosen for it', async () => {
  const kit = await openKit('run-1');
  const order = await claim(kit, 'run-1');
  const who = await told(sid);
  expect(await kit.signedInUser('')).toEqual({ sid: who, account: await told(user), session: 1, console: true });
  expect(await kit.signedInUser('S-1-5-21-1-2-3-4')).toBeNull();
  const own = '$own = [Security.Principal.WindowsIdentity]::GetCurrent().User.Value';
  const text = `${marking}\n${own}\n@{ changed = $true; facts = @{ seen = $seen; own = $own }; rebootRequired = $false }`;
  expect(await applied(kit, forUser(text, String(who)), order)).toMatchObject({
    kind: 'done',
    result: { facts: { own: 'S-1-5-18', seen: { sid: who, who: [who] } } },
  });
  expect(await told(mark)).toBe("a'b");
});

it('a script of the lane user whose user has signed out does not begin', async () => {
  const kit = await openKit('run-1');
  const order = await claim(kit, 'run-1');
  await expect(applied(kit, forUser(result, 'S-1-5-21-1-2-3-4'), order)).rejects.toMatchObject({
    facts: { error: { fqid: 'KtNoUserSession' } },
  });
  expect((await kit.readLedger()).records.map(({ kind }) => kind)).toEqual(['claim']);
});
