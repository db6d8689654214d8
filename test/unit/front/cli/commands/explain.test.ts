import { expect, test } from 'vitest';
import { explainText } from '../../../../../src/operations/explain/explain.ts';
import { runWith } from '../fake-services.ts';

const services = {
  explain: async (operands: readonly string[]) =>
    explainText(operands.join(' '), {
      playbookOf: (name) => (name === 'wu-client-repair' ? 'windows-update/file-not-found' : null),
    }),
};

test('a code is told with meaning, parts, causes, what to look at and the playbook', async () => {
  const { code, out } = await runWith(['explain', '0x80070002'], services);
  expect(code).toBe(0);
  expect(out).toMatch(/^0x80070002 ERROR_FILE_NOT_FOUND$/m);
  expect(out).toMatch(
    /^ {2}parts +HRESULT, error, facility WIN32 \(7\), code 2 \(0x2\), Win32 2, signed -2147024894$/m,
  );
  expect(out).toMatch(/^ {2}causes +1\. update cache out of step with its database$/m);
  expect(out).toMatch(/^ {2}repair +kintsugi run windows-update\/file-not-found --hosts <pattern>$/m);
});

test('a negative number is a code, not a row of options', async () => {
  for (const argv of [['-2147024894'], ['--', '-2147024894'], ['--top', '1', '-2147024894']])
    expect(await runWith(['explain', ...argv], services)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/written +-2147024894/),
    });
  expect(await runWith(['explain', '-x'], services)).toMatchObject({
    code: 2,
    err: expect.stringContaining('Unknown option -x'),
  });
  expect(await runWith(['explain', '--top', '-5', '2'], services)).toMatchObject({
    code: 2,
    err: expect.stringContaining('"-5" was given'),
  });
});

test('it speaks Japanese', async () => {
  const { out } = await runWith(['explain', '0x80070005', '--lang', 'ja'], services);
  expect(out).toContain('使用中のトークンに');
  expect(out).toMatch(/確認.*呼び出し元は何か/);
  expect(out).toContain('1. ネットワーク ログオンからの更新 API の呼び出し');
});

test('the setup code is told with phase, operation and where to look', async () => {
  const { out } = await runWith(['explain', '0xC1900101 - 0x20017'], services);
  expect(out).toMatch(/^0xC1900101-0x20017 MOSETUP_E_SETUP_PLATFORM$/m);
  expect(out).toMatch(/phase +SAFE_OS \(Windows PE after the first restart\)/);
  expect(out).toMatch(/operation +BOOT \(starting Windows\)/);
});

test('an unknown code is said to be unknown and ends with 1, as does a text without a code', async () => {
  const unknown = await runWith(['explain', '0x8A15FF3C'], services);
  expect(unknown.code).toBe(1);
  expect(unknown.out).toMatch(/unknown +Nothing is known of this code/);
  expect(unknown.out).toContain('facility 533 (no published name)');
  expect(await runWith(['explain', 'all is well'], services)).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^No error code was found/),
  });
});

test('of many codes the first ones are told in full, the others by name and count', async () => {
  const text = '0x80070002 0x80070003 0x80070005';
  const { out } = await runWith(['explain', text, '--top', '1'], services);
  expect(out).toMatch(/^2 further codes: 0x80070003 ERROR_PATH_NOT_FOUND ×1, 0x80070005 E_ACCESSDENIED ×1$/m);
  expect(out.match(/^ {2}meaning/gm)).toHaveLength(1);
});

test('JSON holds both languages', async () => {
  const { out } = await runWith(['explain', '0x80070002', '--json'], services);
  expect(JSON.parse(out)).toMatchObject({
    kintsugi: 'explanation/v1',
    codes: [{ meaning: { ja: expect.stringContaining('存在しない') } }],
  });
});

test('lines of logs cannot steer the terminal', async () => {
  const { out } = await runWith(['explain', 'log'], {
    explain: async () => {
      const explained = explainText('2026-11-28 09:12:33, Error                 CBS    \u001b[2J 0x80070002\nx');
      return { ...explained, source: { ...explained.source, kind: 'file', name: 'a\u001b[2Jb' } };
    },
  });
  expect(out).not.toContain('\u001b');
});

test('without an operand it says what it needs', async () => {
  expect(await runWith(['explain'], services)).toMatchObject({
    code: 2,
    err: expect.stringContaining('kintsugi explain needs <text|file|->'),
  });
});
