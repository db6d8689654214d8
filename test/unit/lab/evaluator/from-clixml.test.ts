import { describe, expect, test } from 'vitest';
import { fromClixml } from '../../../../src/lab/evaluator/from-clixml.ts';
import { Hashtable } from '../../../../src/lab/evaluator/hashtable.ts';
import { dateTime, elementTypeOf, list } from '../../../../src/lab/evaluator/make.ts';
import { toClixml } from '../../../../src/lab/evaluator/to-clixml.ts';
import type { Value } from '../../../../src/lab/evaluator/value.ts';
import { psCredential } from '../../../../src/remote/protocol/clixml/credential.ts';
import { SecureText } from '../../../../src/remote/protocol/clixml/secure-text.ts';
import {
  isPsObject,
  type PsValue,
  psCustomObject,
  psDateTime,
  psDictionary,
  psEnum,
  psList,
  psObject,
  psProperty,
  psText,
} from '../../../../src/remote/protocol/clixml/values.ts';
import { writeClixml } from '../../../../src/remote/protocol/clixml/write-clixml.ts';
import { contextOf, node, options } from './clixml-types.ts';
import { bareHooks, runScript, runScripts } from './run-script.ts';

const receive = async (value: PsValue, more = {}): Promise<Value> =>
  fromClixml(value, await contextOf(), { ...options, ...more });

describe('values on their way in', () => {
  test.each([
    [null],
    [true],
    ['text'],
    [-5],
    [2n ** 40n],
    [new Uint8Array([1, 2])],
    [psText('guid', '00000000-0000-0000-0000-000000000001')],
    [psText('version', '1.2.3')],
    [psText('uri', 'https://a.example/b')],
    [psText('decimal', '-0.050')],
    [psDateTime(639000000000000000n, 'utc')],
    [psDateTime(639000000000000000n, 'unspecified')],
    [psList([1, 'a', psList([])])],
    [psList(['a'], ['System.String[]', 'System.Array', 'System.Object'])],
    [psDictionary([['k', psDictionary([[1, null]])]])],
  ] satisfies [PsValue][])('value %# of the table comes back as it was', async (value) => {
    const context = await contextOf();
    expect(writeClixml(toClixml(fromClixml(value, context, options), context))).toBe(writeClixml(value));
  });

  test('arrays have the element type that was sent', async () => {
    const typed = await receive(psList(['a'], ['System.String[]', 'System.Array', 'System.Object']));
    expect(Array.isArray(typed) && elementTypeOf(typed)).toBe('System.String');
    const live = await receive(psList([], ['System.IO.FileInfo[]', 'System.Array', 'System.Object']));
    expect(Array.isArray(live) && elementTypeOf(live)).toBe('System.Object');
  });

  test('arrays can arrive as ArrayLists, as PowerShell itself reads them', async () => {
    expect(await receive(psList([1]), { arrays: 'arrayList' })).toEqual(list([1]));
  });

  test('stacks keep their order there and back', async () => {
    const { output, context } = await runScript('$s = [System.Collections.Stack]::new(); $s.Push(1); $s.Push(2); , $s');
    const wire = toClixml(output[0], context);
    expect(isPsObject(wire) && wire.base).toEqual({ kind: 'stack', items: [2, 1] });
    expect(await receive(wire)).toEqual(list([2, 1], 'System.Collections.Stack'));
  });

  test('dictionaries become hashtables whose text keys ignore case', async () => {
    const names = [
      'System.Management.Automation.PSPrimitiveDictionary',
      'System.Collections.Hashtable',
      'System.Object',
    ];
    const table = await receive(psDictionary([['Key', 1]], names));
    expect(table instanceof Hashtable && [table.type, table.get('kEY')]).toEqual(['System.Collections.Hashtable', 1]);
  });

  test('custom and live objects become property bags with deserialised type names', async () => {
    const custom = await receive(psCustomObject({ A: 1 }));
    expect(custom).toMatchObject({
      kind: 'custom',
      typeNames: ['Deserialized.System.Management.Automation.PSCustomObject', 'Deserialized.System.Object'],
    });
    const { output, context } = await runScript("[System.IO.FileNotFoundException]::new('gone')");
    const bag = await receive(toClixml(output[0], context));
    expect(bag).toMatchObject({ text: expect.stringContaining('gone') });
    expect(context.property(bag, 'Message')).toBe('gone');
    expect(writeClixml(toClixml(bag, context))).toContain('<T>Deserialized.System.IO.FileNotFoundException</T>');
  });

  test('a deserialised object goes on with its properties even below the depth', async () => {
    const context = await contextOf();
    const bag = fromClixml(toClixml(node('b'), context), context, options);
    const inner = psProperty(toClixml(node('a', bag), context), 'Next') ?? null;
    expect(isPsObject(inner) && inner.typeNames[0]).toBe('Deserialized.Lab.Node');
    expect(psProperty(inner, 'Name')).toBe('b');
  });

  test('enums arrive as numbers, script blocks as text, switches as switches', async () => {
    expect(await receive(psEnum('System.DayOfWeek', 'Monday', 1))).toBe(1);
    expect(await receive(psText('scriptBlock', '1+1'))).toBe('1+1');
    const isPresent = { typeNames: ['System.Management.Automation.SwitchParameter'], extended: { IsPresent: true } };
    expect(await receive(psObject(isPresent))).toEqual({ kind: 'switch', isPresent: true });
  });

  test('a local time is the same instant on this clock', async () => {
    const zone = { ...bareHooks(), utcOffsetMinutes: () => 540 };
    const { context } = await runScripts(['1'], [], zone);
    const noon = 639000000000000000n;
    expect(fromClixml(psDateTime(noon, 60), context, options)).toEqual(dateTime(noon + 480n * 600_000_000n, 'Local'));
  });

  test('an object that holds itself does so here', async () => {
    const object = psCustomObject({});
    object.extended.set('Self', object);
    const context = await contextOf();
    const made = fromClixml(object, context, options);
    expect(context.property(made, 'Self')).toBe(made);
  });

  test('credentials are made by their type, secrets by the caller', async () => {
    const context = await contextOf();
    const made = fromClixml(psCredential('LAB\\op', new SecureText('pw')), context, options);
    expect(made).toMatchObject({ kind: 'instance', type: { name: 'System.Management.Automation.PSCredential' } });
    const password = context.property(made, 'Password');
    const back = toClixml(password, context);
    expect(back instanceof SecureText && back.reveal()).toBe('pw');
  });
});
