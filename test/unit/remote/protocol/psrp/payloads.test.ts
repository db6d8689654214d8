import { describe, expect, test } from 'vitest';
import { isPsObject, type PsValue, psList, psObject } from '../../../../../src/remote/protocol/clixml/values.ts';
import { writeClixml } from '../../../../../src/remote/protocol/clixml/write-clixml.ts';
import { payload } from '../../../../../src/remote/protocol/psrp/fields.ts';
import { buildHostInfo, noHost, readHostInfo } from '../../../../../src/remote/protocol/psrp/host-info.ts';
import {
  buildPipeline,
  completePipeline,
  readPipeline,
} from '../../../../../src/remote/protocol/psrp/pipeline-definition.ts';
import {
  buildPoolRequest,
  readPoolRequest,
  readRunspaceAvailability,
} from '../../../../../src/remote/protocol/psrp/session-messages.ts';
import { recorded, sent } from './exchanges.ts';

describe('CREATE_PIPELINE', () => {
  const definition = completePipeline({
    statements: [
      [
        {
          text: 'Get-Item',
          parameters: [
            { name: 'Path', value: 'C:\\' },
            { name: 'Force', value: null },
            { name: null, value: psList([1]) },
          ],
        },
        { text: '$_ | Out-String', isScript: true, useLocalScope: false },
      ],
      [{ text: 'Get-Date' }],
    ],
    noInput: false,
    addToHistory: true,
    remoteStreamOptions: 15,
    history: 'Get-Item',
    redirectErrors: false,
  });

  test.each(['full', 'compact'] as const)('reads back from its %s form', (form) => {
    expect(readPipeline(sent(buildPipeline(definition, { version: '2.3', form })))).toEqual(definition);
  });

  test('is less than two fifths as long in compact form, for a script of one command', () => {
    const one = completePipeline({ statements: [[{ text: "'hello'", isScript: true }]] });
    const bytes = (form: 'full' | 'compact'): number =>
      writeClixml(buildPipeline(one, { version: '2.3', form })).length;
    expect(bytes('compact')).toBeLessThan(0.4 * bytes('full'));
  });

  test('says the same as the recorded one, member by member', () => {
    const theirs = recorded('command-pipeline', 'CREATE_PIPELINE');
    const ours = sent(buildPipeline(readPipeline(theirs), { version: '2.3', form: 'full' }));
    expect(sorted(ours)).toEqual(sorted(theirs));
  });

  test('takes enums as names', () => {
    const value = psObject({
      extended: {
        ApartmentState: 'MTA',
        RemoteStreamOptions: 'ErrorRecord, DebugRecord',
        PowerShell: payload({ Cmds: psList([]) }),
      },
    });
    expect(readPipeline(value)).toMatchObject({ apartmentState: 'MTA', remoteStreamOptions: 5 });
    expect(() => readPipeline(payload({ ApartmentState: 'XXX', PowerShell: payload({}) }))).toThrow('ApartmentState');
  });
});

/** Values without what clients write in their own ways: order of members, ToString and type names of plain wrappers. */
function sorted(value: PsValue): unknown {
  if (!isPsObject(value)) return value;
  const members = [...value.extended].map(([name, member]) => [name, sorted(member)] as const);
  const { base } = value;
  const enumNames = value.typeNames.includes('System.Enum') ? value.typeNames : [];
  return {
    enumNames,
    base: base !== null && 'items' in base ? base.items.map(sorted) : base,
    members: members.toSorted(([a], [b]) => (a < b ? -1 : 1)),
  };
}

describe('INIT_RUNSPACEPOOL', () => {
  test('reads back, in both forms, with a host and its looks', () => {
    const request = {
      minRunspaces: 1,
      maxRunspaces: 2,
      threadOptions: 'ReuseThread' as const,
      apartmentState: 'MTA' as const,
      applicationArguments: null,
      hostInfo: {
        isHostNull: false,
        isHostUINull: false,
        isHostRawUINull: false,
        useRunspaceHost: false,
        defaultData: {
          foregroundColor: 7,
          backgroundColor: 0,
          cursorPosition: [0, 1] as const,
          windowPosition: [2, 3] as const,
          cursorSize: 25,
          bufferSize: [120, 3000] as const,
          windowSize: [120, 50] as const,
          maxWindowSize: [120, 60] as const,
          maxPhysicalWindowSize: [240, 80] as const,
          windowTitle: 'title',
        },
      },
    };
    for (const form of ['full', 'compact'] as const)
      expect(readPoolRequest(sent(buildPoolRequest(request, form)))).toEqual(request);
  });

  test('says the same as the recorded one', () => {
    const theirs = recorded('open-two-runspaces', 'INIT_RUNSPACEPOOL');
    expect(sorted(sent(buildPoolRequest(readPoolRequest(theirs))))).toEqual(sorted(theirs));
    expect(readPoolRequest(theirs)).toMatchObject({ minRunspaces: 1, maxRunspaces: 2, hostInfo: noHost });
  });

  test('takes an absent host for none', () => {
    expect(readHostInfo(undefined)).toEqual(noHost);
    expect(readHostInfo(sent(buildHostInfo(noHost)))).toEqual(noHost);
  });
});

test('RUNSPACE_AVAILABILITY counts in either integer type', () => {
  for (const count of [3, 3n])
    expect(readRunspaceAvailability(payload({ SetMinMaxRunspacesResponse: count, ci: 1n })).result).toBe(3);
});
