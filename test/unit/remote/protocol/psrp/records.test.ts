import { describe, expect, test } from 'vitest';
import { isPsObject, psProgress, psProperty } from '../../../../../src/remote/protocol/clixml/values.ts';
import {
  buildErrorRecord,
  buildException,
  readErrorRecord,
} from '../../../../../src/remote/protocol/psrp/error-record.ts';
import {
  buildHostMessage,
  buildInformationRecord,
  buildProgressRecord,
  readInformationRecord,
  readProgressRecord,
} from '../../../../../src/remote/protocol/psrp/stream-records.ts';
import { recorded, sent } from './exchanges.ts';

describe('Error records', () => {
  test('read from a recorded one with place, category and stack', () => {
    const record = readErrorRecord(recorded('error-several', 'ERROR_RECORD'));
    expect(record).toMatchObject({
      message: 'Attempted to divide by zero.',
      exceptionType: 'System.Management.Automation.RuntimeException',
      fullyQualifiedErrorId: 'RuntimeException',
      category: 'NotSpecified',
      categoryMessage: 'NotSpecified: (:) [], RuntimeException',
      scriptStackTrace: 'at <ScriptBlock>, <No file>: line 1',
      invocation: {
        line: "1 / 0; [int]'abc'; 'after'; $Error.Count",
        scriptLineNumber: 1,
        offsetInLine: 1,
        commandOrigin: 'Internal',
        historyId: 1n,
      },
    });
    expect(record.invocation?.positionMessage).toContain('At line:1 char:1\n');
  });

  test('are built with the members that PowerShell sends, in its order', () => {
    const theirs = recorded('error-several', 'ERROR_RECORD');
    const { object: _, ...fields } = readErrorRecord(theirs);
    const ours = buildErrorRecord(fields, { inStream: true });
    expect([...ours.extended.keys()]).toEqual(isPsObject(theirs) ? [...theirs.extended.keys()] : []);
    expect(readErrorRecord(sent(ours))).toMatchObject({
      ...fields,
      invocation: { ...fields.invocation, boundParameters: {} },
    });
  });

  test('show the message of their details before that of the exception', () => {
    const record = readErrorRecord(
      sent(
        buildErrorRecord({
          exceptionMessage: 'e',
          detailsMessage: 'd',
          recommendedAction: 'r',
          fullyQualifiedErrorId: 'X',
        }),
      ),
    );
    expect(record).toMatchObject({ message: 'd', exceptionMessage: 'e', detailsMessage: 'd', recommendedAction: 'r' });
  });

  test('keep the exception of their maker and what caused it', () => {
    const exception = buildException({
      message: 'outer',
      types: ['My.Exception'],
      innerException: buildException({ message: 'inner' }),
    });
    const record = readErrorRecord(
      sent(buildErrorRecord({ exceptionMessage: 'outer', fullyQualifiedErrorId: 'X', exception })),
    );
    expect(record.exceptionTypes).toEqual(['My.Exception']);
    const inner = psProperty(psProperty(record.object, 'Exception') ?? null, 'InnerException') ?? null;
    expect(psProperty(inner, 'Message')).toBe('inner');
  });

  test('are made of anything, even of plain text', () => {
    expect(readErrorRecord('just text')).toMatchObject({
      message: 'just text',
      category: 'NotSpecified',
      invocation: null,
    });
    expect(readErrorRecord(null)).toMatchObject({ message: '', fullyQualifiedErrorId: '' });
  });
});

describe('Records of other streams', () => {
  test("give Write-Host's text", () => {
    const record = { messageData: buildHostMessage('shown', { noNewLine: true }), tags: ['PSHOST'] };
    expect(readInformationRecord(sent(buildInformationRecord(record)))).toMatchObject({
      message: 'shown',
      tags: ['PSHOST'],
      processId: 0,
    });
  });

  test('give progress in both shapes, with -1 for what is not known', () => {
    expect(readProgressRecord(sent(buildProgressRecord({ activity: 'a', type: 'Completed' })))).toEqual({
      activity: 'a',
      activityId: 0,
      statusDescription: ' ',
      currentOperation: null,
      parentActivityId: -1,
      percentComplete: -1,
      type: 'Completed',
      secondsRemaining: -1,
    });
    const element = psProgress({
      activity: 'a',
      activityId: 1,
      currentOperation: 'o',
      parentActivityId: 2,
      percentComplete: 3,
      type: 'Processing',
      secondsRemaining: 4,
      statusDescription: 's',
    });
    expect(readProgressRecord(sent(element))).toMatchObject({
      activity: 'a',
      currentOperation: 'o',
      secondsRemaining: 4,
      type: 'Processing',
    });
  });
});
