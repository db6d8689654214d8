/** Documents that stand for what hosts send: made by rule, the same in every run. */
import { fromDate } from '../../src/remote/protocol/clixml/date-time.ts';
import {
  type PsObject,
  type PsValue,
  psCustomObject,
  psDictionary,
  psDouble,
  psEnum,
  psList,
  psObject,
  psText,
  psTimeSpan,
} from '../../src/remote/protocol/clixml/values.ts';

const words = ['update', 'cache', 'service', 'store', 'licence', 'kernel', 'driver', 'queue', 'session', 'report'];
const word = (turn: number): string => words[turn % words.length] ?? '';

/** A small object as scripts make them: `[pscustomobject]@{ Name; Id; Status; Enabled; Path }`. */
export const smallObject = (turn: number): PsObject =>
  psCustomObject({
    Name: `${word(turn)}-${turn}`,
    Id: turn,
    Status: turn % 3 === 0 ? 'Running' : 'Stopped',
    Enabled: turn % 2 === 0,
    Path: `C:\\Windows\\System32\\${word(turn + 3)}.dll`,
  });

/** One list of many small objects. */
export const manySmallObjects = (count: number): PsValue =>
  psList(Array.from({ length: count }, (_, turn) => smallObject(turn)));

const logLine = (turn: number): string =>
  `2026-01-15 10:30:${String(turn % 60).padStart(2, '0')}, Info                  CBS    Session ${turn}: ${word(turn)} of ${word(turn + 1)} is done`;

/** Long texts: log files read whole, each line end an escape. */
export const logFiles = (count: number, lines: number): PsValue =>
  psList(
    Array.from({ length: count }, (_, file) =>
      Array.from({ length: lines }, (_unused, turn) => logLine(file * lines + turn)).join('\r\n'),
    ),
  );

/** Long texts without anything to unescape: base64 in a string, as files travel in some tools. */
export const longPlainStrings = (count: number, length: number): PsValue =>
  psList(Array.from({ length: count }, (_, turn) => 'QWxsIHdvcmsgYW5kIG5v'.repeat(length / 20) + turn));

/** What `Get-Process | Select-Object Name, Id, …, Modules` sends, one object in each message. */
export function selectedProcess(turn: number): PsObject {
  const modules = Array.from({ length: 4 }, (_, index) =>
    psObject({
      typeNames: [
        'System.Diagnostics.ProcessModule',
        'System.ComponentModel.Component',
        'System.MarshalByRefObject',
        'System.Object',
      ],
      text: `System.Diagnostics.ProcessModule (${word(turn + index)}.dll)`,
      adapted: {
        ModuleName: `${word(turn + index)}.dll`,
        FileName: `C:\\Windows\\System32\\${word(turn + index)}.dll`,
        BaseAddress: `${140_703_000_000_000 + turn * 65_536}`,
        ModuleMemorySize: 1_253_376 + index,
        FileVersionInfo: `File:             C:\\Windows\\System32\\${word(turn + index)}.dll\r\nFileVersion:      10.0.19041.1 (WinBuild)\r\n`,
      },
    }),
  );
  return psObject({
    typeNames: ['Selected.System.Diagnostics.Process', 'System.Management.Automation.PSCustomObject', 'System.Object'],
    extended: {
      Name: word(turn),
      Id: 1000 + turn,
      Handles: 200 + (turn % 50),
      CPU: psDouble(turn / 64),
      WorkingSet64: BigInt(50_000_000 + turn * 4096),
      StartTime: fromDate(new Date(Date.UTC(2026, 0, 15, 9, 0, turn % 60, turn % 1000))),
      TotalProcessorTime: psTimeSpan(BigInt(turn) * 156_250n),
      Responding: true,
      PriorityClass: psEnum('System.Diagnostics.ProcessPriorityClass', 'Normal', 32),
      Path: `C:\\Program Files\\${word(turn)}\\${word(turn + 1)}.exe`,
      FileVersion: psText('version', '10.0.19041.1'),
      Company: 'Contoso <Fleet> & Co',
      Description: null,
      Environment: psDictionary([
        ['TEMP', 'C:\\Windows\\TEMP'],
        ['LANG', 'en-US'],
        ['USER_NAME', 'SYSTEM'],
      ]),
      Modules: psObject({
        typeNames: [
          'System.Diagnostics.ProcessModuleCollection',
          'System.Collections.ReadOnlyCollectionBase',
          'System.Object',
        ],
        base: { kind: 'list', items: modules },
      }),
    },
  });
}
