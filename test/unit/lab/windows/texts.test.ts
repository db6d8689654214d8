import { describe, expect, test } from 'vitest';
import { japanese } from '../../../../src/lab/windows/texts/ja.ts';
import { makeTranslate } from '../../../../src/lab/windows/texts/text-table.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

const host = (...faults: Parameters<typeof labMachine>[0] & object) => labMachine(faults, { uiLanguage: 'ja-JP' });

describe('a Japanese Windows', () => {
  test('speaks Japanese in its programs, in code page 932, with the same exit codes', async () => {
    const machine = host();
    const script = (encoding: string): string => `
      $i = New-Object Diagnostics.ProcessStartInfo reg.exe, 'query HKLM\\SOFTWARE\\Nobody'; $i.UseShellExecute = $false
      $i.RedirectStandardError = $true; $i.StandardErrorEncoding = ${encoding}
      $p = [Diagnostics.Process]::Start($i); $t = $p.StandardError.ReadToEnd(); $p.WaitForExit(); $p.ExitCode; $t.Trim()`;
    const said = 'エラー: 指定されたレジストリ キーまたは値が見つかりませんでした。';
    expect(await outputOf(machine, script('[Text.Encoding]::GetEncoding(932)'))).toEqual([1, said]);
    expect((await outputOf(machine, script('[Text.Encoding]::UTF8')))[1]).not.toBe(said);
    expect(
      await outputOf(
        machine,
        `& net.exe stop Spooler; & icacls.exe C:\\Windows\\win.ini /grant '*S-1-5-18:F'; & w32tm.exe /config /syncfromflags:manual
         (& Dism.exe /Online /Cleanup-Image /CheckHealth)[-1]; (& Dism.exe /English /Online /Cleanup-Image /CheckHealth)[-1]
         (& sc.exe config Spooler start= demand)`,
      ),
    ).toEqual([
      'Print Spooler サービスは正常に停止されました。',
      '1 個のファイルが正常に処理されました。0 個のファイルを処理できませんでした',
      'コマンドは正しく完了しました。',
      '操作は正常に完了しました。',
      'The operation completed successfully.',
      '[SC] ChangeServiceConfig SUCCESS',
    ]);
  });

  test('speaks Japanese in the messages of errors; ids, categories and HRESULTs are those of every Windows', async () => {
    const script = `
      try { Get-Item C:\\nothing -ErrorAction Stop } catch { $_.Exception.Message; $_.FullyQualifiedErrorId }
      try { [IO.File]::ReadAllText('C:\\no\\file.txt') } catch { $_.Exception.Message; $_.Exception.InnerException.Message; $_.Exception.InnerException.HResult }
      try { frobnicate } catch { $_.Exception.Message.Substring(0, 18) }`;
    expect(await outputOf(host(), script)).toEqual([
      "パス 'C:\\nothing' が存在しないため検出できません。",
      'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand',
      `"1" 個の引数を指定して "ReadAllText" を呼び出し中に例外が発生しました: "パス 'C:\\no\\file.txt' の一部が見つかりませんでした。"`,
      "パス 'C:\\no\\file.txt' の一部が見つかりませんでした。",
      -2147024893,
      "用語 'frobnicate' は、",
    ]);
    const english = await outputOf(labMachine(), script);
    expect(english[0]).toBe("Cannot find path 'C:\\nothing' because it does not exist.");
    expect([english[1], english[4]]).toEqual([
      'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand',
      -2147024893,
    ]);
  });

  test('says what no source shows in Japanese in no words, with what is data in it', async () => {
    const machine = host({ kind: 'service-disabled', name: 'W32Time' });
    const ran = await runScript(
      machine,
      `& icacls.exe C:\\nothing; & w32tm.exe /resync; (& vssadmin.exe list writers)[3]; & net.exe stop nosuch
       & fsutil.exe dirty query C:; & Dism.exe /English /Online /Get-Packages | Select-Object -Index 6; Stop-Service nosuch; Start-Service W32Time`,
    );
    const said = [...ran.output.map(String), ...ran.errors.map(({ exception }) => exception.message)];
    expect(said[0]).toBe('C:\\nothing: 指定されたファイルが見つかりません。');
    expect(said[1]).toBe('〔…〕: 〔…〕 (0x80070426)');
    expect(said[2]).toMatch(/^〔…〕: '/);
    expect(said).toContain('〔…〕 - C: 〔…〕');
    expect(said).toContain('Packages listing:');
    expect(said.at(-2)).toBe("'nosuch' 〔…〕");
    expect(said.at(-1)).toBe("'Windows Time (W32Time)' 〔…〕: W32Time 〔…〕");
  });

  test('leaves what a script says itself, and names of accounts, as they are', async () => {
    const ran = await runScript(
      host(),
      `Write-Error 'my own words' -ErrorAction Continue; (New-Object Security.Principal.SecurityIdentifier 'S-1-5-32-544').Translate([Security.Principal.NTAccount]).Value`,
    );
    expect(ran.errors.map(({ exception }) => exception.message)).toEqual(['my own words']);
    expect(ran.output).toEqual(['BUILTIN\\Administrators']);
  });
});

describe('the table of texts', () => {
  const translate = makeTranslate(japanese);

  test('has for each row the same places in both languages', () => {
    for (const [english, other] of Object.values(japanese).flat())
      expect(other.match(/\{\d\}/g)?.toSorted() ?? []).toEqual(english.match(/\{\d\}/g)?.toSorted() ?? []);
    expect(Object.values(japanese).flat().length).toBeGreaterThan(50);
  });

  test('finds a text with what differs in it, keeps the end of a line, and knows nothing else', () => {
    expect(translate('Access is denied.\r\n', ['system'])).toBe('アクセスが拒否されました。\r\n');
    expect(translate('ERROR: Access is denied.', ['reg', 'system'])).toBe('エラー: アクセスが拒否されました。');
    expect(translate('Something else.', ['system'])).toBeUndefined();
  });
});
