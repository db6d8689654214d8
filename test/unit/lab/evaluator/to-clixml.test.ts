import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Hashtable } from '../../../../src/lab/evaluator/hashtable.ts';
import { toInformationFields, toProgressFields } from '../../../../src/lab/evaluator/records-to-clixml.ts';
import { toClixml, toErrorFields } from '../../../../src/lab/evaluator/to-clixml.ts';
import { SecureText } from '../../../../src/remote/protocol/clixml/secure-text.ts';
import { isPsObject, type PsValue, psProperty } from '../../../../src/remote/protocol/clixml/values.ts';
import { writeClixml, writeClixmlDocument } from '../../../../src/remote/protocol/clixml/write-clixml.ts';
import { buildErrorRecord, readErrorRecord } from '../../../../src/remote/protocol/psrp/error-record.ts';
import { contextOf, node, options, types } from './clixml-types.ts';
import { bareHooks, runScript, runScripts } from './run-script.ts';

type Case = { id: string; script: string; depth: number; clixml: string };
const folder = new URL('../../../fixtures/corpus/clixml/', import.meta.url);
const cases: Case[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Case[]);

/** Cases about types or commands that the language here doesn't have, or whose text differs between editions. */
// biome-ignore format: a table
const outside: ReadonlySet<string> = new Set([
  'collections-031', 'collections-032', 'collections-035', 'collections-036', // KeyValuePair, [,], StringCollection, Range
  'depth-011', 'depth-012', 'objects-035', 'objects-036', // Tuple, Point
  'depth-015', 'depth-016', // the text of a chain of exceptions
  'objects-007', // TypeNames.Insert
  'objects-011', 'objects-012', 'objects-013', // Add-Member on plain values
  'objects-025', 'objects-030', 'objects-031', 'objects-033', // constructors of records
  'primitive-061', 'primitive-064', 'primitive-069', // SemanticVersion, XmlElement, Regex
]);

/** The recording's generic arguments with the home they have in Windows PowerShell. */
const asDesktop = (clixml: string): string =>
  clixml.replaceAll(
    'System.Private.CoreLib, Version=10.0.0.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e',
    'mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089',
  );

const sent = async (script: string): Promise<PsValue> => {
  const { output, context } = await runScript(script, [types]);
  return toClixml(output[0], context);
};
describe('values on their way out', () => {
  test('the corpus is here', () => {
    expect(cases.length - outside.size).toBeGreaterThanOrEqual(77);
  });

  test.each(cases.filter(({ id }) => !outside.has(id)).map((one) => [one.id, one] as const))(
    '%s is written as PowerShell writes it',
    async (_, { script, clixml, depth }) => {
      const { output, context, end } = await runScript(script);
      expect(end.kind).toBe('completed');
      expect(writeClixmlDocument(output.map((value) => toClixml(value, context, depth)))).toBe(asDesktop(clixml));
    },
  );

  test('a live object is its properties, and live objects inside are their text', async () => {
    const value = toClixml(node('a', node('b', node('c')), [node('d')]), await contextOf());
    expect(writeClixml(value)).toBe(
      '<Obj RefId="0"><TN RefId="0"><T>Lab.Node</T><T>Lab.Base</T><T>System.Object</T></TN><ToString>node a</ToString>' +
        '<Props><S N="Name">a</S><S N="Next">node b</S><Obj N="All" RefId="1"><TN RefId="1"><T>System.Object[]</T>' +
        '<T>System.Array</T><T>System.Object</T></TN><LST><S>node d</S></LST></Obj></Props>' +
        '<MS><S N="Alias">a</S></MS></Obj>',
    );
  });

  test('a live object inside a custom object, a dictionary or an array is written with its properties', async () => {
    const { output, context } = await runScript('$t = @{}; [pscustomobject]@{ L = @(1); H = $t }');
    const [object] = output;
    if (object === undefined || object === null || typeof object !== 'object' || !('kind' in object)) throw new Error();
    if (object.kind !== 'custom') throw new Error('no custom object');
    object.members.set('l', { kind: 'note', name: 'L', value: [Hashtable.of({ k: node('x') })] });
    const items = psProperty(toClixml(object, context), 'L') ?? null;
    const table = isPsObject(items) && items.base?.kind === 'list' ? items.base.items[0] : null;
    const inner =
      isPsObject(table ?? null) && isPsObject(table) && table.base?.kind === 'dictionary'
        ? table.base.entries[0]?.[1]
        : null;
    expect(psProperty(inner ?? null, 'Name')).toBe('x');
  });

  test('a custom object below the depth is its text and its notes, a noted live one as well', async () => {
    const { output, context } = await runScript('[pscustomobject]@{ A = 1; H = @{ x = 1 } }');
    const value = toClixml(node('a', output[0]), context);
    expect(writeClixml(psProperty(value, 'Next') ?? null)).toBe(
      '<Obj RefId="0"><S>@{A=1; H=System.Collections.Hashtable}</S><MS><I32 N="A">1</I32><Obj N="H" RefId="1">' +
        '<TN RefId="0"><T>System.Collections.Hashtable</T><T>System.Object</T></TN><DCT><En><S N="Key">x</S>' +
        '<I32 N="Value">1</I32></En></DCT></Obj></MS></Obj>',
    );
  });

  test('enums, switches and types below the depth follow their own rules', async () => {
    const { output, context } = await runScript(
      "[DayOfWeek]::Monday; [switch]$true; [int]; [guid]'00000000-0000-0000-0000-000000000001'",
    );
    const inner = output.map((value) => psProperty(toClixml(node('a', value), context), 'Next') ?? null);
    expect(inner[0]).toBe('Monday');
    expect(writeClixml(inner[1] ?? null)).toBe(
      '<Obj RefId="0"><TN RefId="0"><T>System.Management.Automation.SwitchParameter</T><T>System.ValueType</T>' +
        '<T>System.Object</T></TN><ToString>True</ToString><Props><B N="IsPresent">true</B></Props></Obj>',
    );
    expect(inner[2]).toBe('System.Int32');
    expect(writeClixml(inner[3] ?? null)).toBe('<G>00000000-0000-0000-0000-000000000001</G>');
  });

  test('a property that fails is left out', async () => {
    const value = await sent(
      "[pscustomobject]@{ A = 1 } | Add-Member ScriptProperty Bad { throw 'no' } -PassThru | Add-Member ScriptProperty Good { 2 } -PassThru",
    );
    expect(isPsObject(value) && [...value.extended]).toEqual([
      ['A', 1],
      ['Good', 2],
    ]);
  });

  test('an exception brings its bases, its chain and its HResult at every depth', async () => {
    const { output, context } = await runScript(
      "[System.IO.FileNotFoundException]::new('gone', [Exception]::new('in'))",
    );
    const value = psProperty(toClixml(node('a', output[0]), context), 'Next') ?? null;
    expect(isPsObject(value) && value.typeNames).toEqual([
      'System.IO.FileNotFoundException',
      'System.IO.IOException',
      'System.SystemException',
      'System.Exception',
      'System.Object',
    ]);
    expect(psProperty(value, 'Message')).toBe('gone');
    expect(psProperty(value, 'HResult')).toBe(-2147024894);
    expect(psProperty(psProperty(value, 'InnerException') ?? null, 'Message')).toBe('in');
    expect(psProperty(psProperty(value, 'InnerException') ?? null, 'HResult')).toBe(-2146233088);
  });

  test('an error record as output is that of PSRP, with its place', async () => {
    const record = readErrorRecord(await sent("try {\n  throw 'bad luck'\n} catch { $_ }"));
    expect(record).toMatchObject({
      message: 'bad luck',
      fullyQualifiedErrorId: 'bad luck',
      category: 'OperationStopped',
      exceptionType: 'System.Management.Automation.RuntimeException',
      targetObject: 'bad luck',
      targetName: 'bad luck',
      targetType: 'String',
      reason: 'RuntimeException',
    });
    expect(record.invocation).toMatchObject({ scriptLineNumber: 2, offsetInLine: 3, line: "  throw 'bad luck'" });
    expect(record.invocation?.positionMessage).toMatch(/^At line:2 char:3\r\n\+ {3}throw 'bad luck'\r\n\+ {3}~+$/);
  });

  test('an error of the stream gives the fields that the server half takes', async () => {
    const { errors, context } = await runScript(
      "Write-Error 'oops' -ErrorId Mine -Category InvalidData -TargetObject 7",
    );
    const fields = toErrorFields(errors[0]!, context);
    expect(readErrorRecord(buildErrorRecord(fields, { inStream: true }))).toMatchObject({
      message: 'oops',
      category: 'InvalidData',
      targetObject: 7,
      targetName: '7',
      targetType: 'Int32',
    });
  });

  test('warnings sent down the pipeline keep their form', async () => {
    expect(writeClixml(await sent('Write-Warning w 3>&1'))).toBe(
      '<Obj RefId="0"><TN RefId="0"><T>System.Management.Automation.WarningRecord</T>' +
        '<T>System.Management.Automation.InformationalRecord</T><T>System.Object</T></TN><ToString>w</ToString><MS>' +
        '<S N="InformationalRecord_Message">w</S><B N="InformationalRecord_SerializeInvocationInfo">false</B></MS></Obj>',
    );
  });

  test('information and progress records give what the server half takes', async () => {
    const { information, progress, context } = await runScript(
      "Write-Host 'hey'; Write-Progress -Activity a -Status s -PercentComplete 40 -Id 3",
    );
    const fields = toInformationFields(information[0]!, context);
    expect(fields).toMatchObject({ tags: ['PSHOST'], processId: 4711 });
    expect(psProperty(fields.messageData, 'Message')).toBe('hey');
    expect(toProgressFields(progress[0]!)).toMatchObject({
      activity: 'a',
      activityId: 3,
      statusDescription: 's',
      percentComplete: 40,
      type: 'Processing',
    });
  });

  test('a local time carries the offset of its own day', async () => {
    const summer = Date.UTC(2026, 6, 1);
    const hooks = { ...bareHooks(), utcOffsetMinutes: (ms: number) => (ms < summer ? 60 : 120) };
    const { output, context } = await runScripts(
      [
        '[datetime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind]::Local); [datetime]::new(2026, 8, 2, 3, 4, 5, [DateTimeKind]::Local)',
      ],
      [],
      hooks,
    );
    expect(output.map((value) => writeClixml(toClixml(value, context)))).toEqual([
      '<DT>2026-01-02T03:04:05+01:00</DT>',
      '<DT>2026-08-02T03:04:05+02:00</DT>',
    ]);
  });

  test('a secret goes as clear text under guard, never as a string', async () => {
    const value = toClixml(options.secureString(new SecureText('pw')), await contextOf());
    expect(value).toBeInstanceOf(SecureText);
  });
});
