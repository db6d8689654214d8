import { describe, expect, test } from 'vitest';
import { SecureText } from '../../../../../src/remote/protocol/clixml/secure-text.ts';
import { toPlain } from '../../../../../src/remote/protocol/clixml/to-plain.ts';
import { isPsTagged, psDictionary, psList, psObject } from '../../../../../src/remote/protocol/clixml/values.ts';
import { payload } from '../../../../../src/remote/protocol/psrp/fields.ts';
import { buildHostCall, type HostCall, readHostCall } from '../../../../../src/remote/protocol/psrp/host-calls.ts';
import { hostMethods, needsAnswer } from '../../../../../src/remote/protocol/psrp/host-methods.ts';
import {
  buildChoicePrompt,
  buildCoordinates,
  buildKeyInfo,
  buildPromptAnswer,
  buildSize,
  readChoicePrompt,
  readCoordinates,
  readFieldPrompt,
  readPromptAnswer,
  readSize,
} from '../../../../../src/remote/protocol/psrp/host-values.ts';
import { Pair, pipelineA } from './in-memory.ts';

describe('Host calls', () => {
  test('that nobody answers get an error, once, so that the pipeline goes on', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x' }]] });
    pair.pass();
    const callId = pair.server.callHost(pipelineA, 'ReadLine', []);
    expect(pair.server.callHost(pipelineA, 'WriteLine2', ['text'])).toBeNull();
    pair.server.callHost(null, 'PromptForChoice', ['caption', 'message', psList([]), 0]);
    pair.pass();
    expect(pair.clientEvents.slice(3)).toMatchObject([
      { answered: true, call: { pipelineId: pipelineA, method: 'ReadLine', callId, needsAnswer: true } },
      { answered: true, call: { method: 'WriteLine2', parameters: ['text'], callId: -100n, needsAnswer: false } },
      { answered: true, call: { pipelineId: null, method: 'PromptForChoice', needsAnswer: true } },
    ]);
    const hostException = 'System.Management.Automation.Host.HostException';
    const answers = pair.serverEvents.filter(({ kind }) => kind === 'hostAnswer');
    expect(answers).toMatchObject([
      {
        pipelineId: pipelineA,
        method: 'ReadLine',
        callId,
        error: { exceptionType: hostException, activity: 'ReadLine' },
      },
      { pipelineId: null, method: 'PromptForChoice', error: { category: 'ResourceUnavailable' } },
    ]);
  });

  test('are answered by an owner that can', () => {
    const pair = new Pair({ answersHostCalls: true }).open();
    pair.onClient = (event) => {
      if (event.kind === 'hostCall') pair.client.answerHostCall(event.call, { value: new SecureText('typed') });
    };
    pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x' }]] });
    pair.pass();
    pair.server.callHost(pipelineA, 'ReadLineAsSecureString', []);
    pair.pass();
    const answer = pair.serverEvents.at(-1);
    expect(answer).toMatchObject({ kind: 'hostAnswer', method: 'ReadLineAsSecureString', error: null });
    expect(
      answer?.kind === 'hostAnswer' &&
        isPsTagged(answer.value) &&
        answer.value.kind === 'secureText' &&
        answer.value.reveal(),
    ).toBe('typed');
  });
});

describe('Host methods', () => {
  test('have the numbers of the protocol', () => {
    const numbers = {
      ReadLine: 11,
      WriteProgress: 20,
      PromptForChoice: 26,
      SetWindowTitle: 42,
      ReadKey: 46,
      GetRunspace: 55,
    };
    for (const [name, number] of Object.entries(numbers)) expect(hostMethods[number - 1]).toBe(name);
    expect(hostMethods).toHaveLength(56);
  });

  test('wait for an answer where they give something back', () => {
    for (const name of ['GetName', 'ReadKey', 'Prompt', 'PromptForCredential1', 'GetBufferContents'] as const)
      expect(needsAnswer(name)).toBe(true);
    for (const name of ['WriteLine1', 'SetShouldExit', 'EnterNestedPrompt', 'PushRunspace'] as const)
      expect(needsAnswer(name)).toBe(false);
  });

  test('are understood by number and by name, and refused when unknown', () => {
    const call = (mi: number | string): HostCall => readHostCall(payload({ ci: 1n, mi, mp: psList([]) }), null);
    expect(call(11).method).toBe('ReadLine');
    expect(call('ReadLine').method).toBe('ReadLine');
    expect(() => call(57)).toThrow('57');
  });
});

describe('Values of host calls', () => {
  const callOf = (method: HostCall['method'], parameters: HostCall['parameters']): HostCall =>
    readHostCall(buildHostCall(method, parameters, 9n), null);

  test('hold choices', () => {
    const prompt = {
      caption: 'c',
      message: 'm',
      choices: [{ label: '&Yes', helpMessage: 'do it' }],
      defaultChoices: [0],
    };
    expect(readChoicePrompt(callOf('PromptForChoice', buildChoicePrompt(prompt)))).toEqual(prompt);
    const several = callOf('PromptForChoiceMultipleSelection', ['c', 'm', psList([]), psList([1, 2])]);
    expect(readChoicePrompt(several).defaultChoices).toEqual([1, 2]);
  });

  test('hold fields and their answers', () => {
    const members = {
      name: 'Path',
      label: '',
      parameterTypeFullName: 'System.String',
      helpMessage: 'h',
      isMandatory: true,
    };
    expect(readFieldPrompt(callOf('Prompt', ['c', 'm', psList([payload(members)])]))).toEqual({
      caption: 'c',
      message: 'm',
      fields: [{ name: 'Path', label: '', typeName: 'System.String', helpMessage: 'h', isMandatory: true }],
    });
    expect(readPromptAnswer(buildPromptAnswer({ Path: 'x' }), 'Path')).toBe('x');
    expect(readPromptAnswer(psDictionary([]), 'Path')).toBeUndefined();
  });

  test('hold places, sizes and keys', () => {
    expect(readCoordinates(buildCoordinates([3, 4]))).toEqual([3, 4]);
    expect(readSize(buildSize([80, 25]))).toEqual([80, 25]);
    expect(() => readSize(psObject())).toThrow('width');
    const key = buildKeyInfo({ virtualKeyCode: 65, character: 'a', controlKeyState: 0, keyDown: true });
    expect(toPlain(key)).toEqual({ virtualKeyCode: 65, character: 'a', controlKeyState: 0, keyDown: true });
  });
});
